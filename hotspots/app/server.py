"""
What the dashboard's server does beside Streamlit: the map's files, and a policy on every answer.

The content security policy lets a page load from this server alone, so that even a
mistake of ours cannot send a request outside.
"""

import base64
import gzip
import hashlib
import re
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotspots.app import listen_routes
from hotspots.app.callers import Callers
from hotspots.app.pages import PATHS
from hotspots.settings import data_folder
from hotspots.sources import mbtiles
from hotspots.sources.basemaps import RASTER, basemap_folder
from hotspots.views import map_script
from hotspots.views.context import LAYERS, Layer, MapContext

_KEPT: Final = 128
_FOREVER: Final = "public, max-age=31536000, immutable"
# A picture of one clear point: a gap in the background is no error.
_NO_PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
_layers: OrderedDict[str, Layer] = OrderedDict()
_tile_hosts: set[str] = set()
_lock: Final = Lock()


def publish(context: MapContext) -> None:
    """Make a map's unchanging files available to browsers."""
    with _lock:
        for layer in context.layers.values():
            _layers[layer.name] = layer
            _layers.move_to_end(layer.name)
        while len(_layers) > _KEPT:
            _layers.popitem(last=False)
        if context.tiles is not None and context.tiles.host is not None:
            _tile_hosts.add(context.tiles.host)


async def _layer(request: Request) -> Response:
    found = _layers.get(request.path_params["name"])
    if found is None:
        return Response("No such layer.", status_code=404, media_type="text/plain")
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.zipped, media_type="application/geo+json", headers=headers)
    body = gzip.decompress(found.zipped)
    return Response(body, media_type="application/geo+json", headers=headers)


def _tile(request: Request) -> Response:
    """One picture of the imported background; an empty one where there is none."""
    place = request.path_params
    path = basemap_folder(data_folder()) / RASTER
    found = mbtiles.picture(path, place["z"], place["x"], place["y"]) or _NO_PICTURE
    kind = mbtiles.media_type(found)
    return Response(found, media_type=kind, headers={"Cache-Control": _FOREVER})


async def _script(_request: Request) -> Response:
    headers = {"Cache-Control": _FOREVER}
    return Response(map_script.SCRIPT, media_type="text/javascript", headers=headers)


async def _style(_request: Request) -> Response:
    headers = {"Cache-Control": _FOREVER}
    return Response(map_script.STYLE, media_type="text/css", headers=headers)


async def _font(_request: Request) -> Response:
    """Streamlit's own typeface, so that the map speaks the page's language."""
    folder = Path(st.__file__).parent / "static" / "static" / "media"
    found = next(folder.glob("SourceSansVF-Upright*.woff2"), None)
    if found is None:
        return Response(status_code=404)
    return FileResponse(found, media_type="font/woff2", headers={"Cache-Control": _FOREVER})


async def _page(request: Request) -> Response:
    """
    A page opened by its own address, sent on by way of the first.

    Streamlit's page looks for its server beside its own address first, and complains of
    each miss in the browser's console.
    """
    *base, page = request.url.path.rstrip("/").split("/")
    query = urlencode([("page", page), *request.query_params.multi_items()])
    return RedirectResponse(f"{'/'.join(base)}/?{query}", status_code=307)


def routes() -> list[BaseRoute]:
    """Addresses that the map fetches from, under the server's base path."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    root = f"/{base}" if base else ""
    leaflet = StaticFiles(directory=map_script.leaflet_folder())
    return [
        *(Route(f"{root}/{path}", _page) for path in PATHS),
        *listen_routes.routes(root),
        Route(f"{root}/{LAYERS}/{{name}}", _layer),
        Route(f"{root}/tiles/{{version}}/{{z:int}}/{{x:int}}/{{y:int}}", _tile),
        Route(f"{root}/{map_script.ASSETS}/{map_script.SCRIPT_FILE}", _script),
        Route(f"{root}/{map_script.ASSETS}/{map_script.STYLE_FILE}", _style),
        Route(f"{root}/{map_script.ASSETS}/source-sans.woff2", _font),
        Mount(f"{root}/{map_script.ASSETS}/leaflet", leaflet),
    ]


class Policy:
    """Sets the content security policy, and its kin, on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.inline = " ".join(_inline_scripts())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; add the headers on its way back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # streamlit-folium draws its map by evaluating a script, within its own frame only.
        framed = "/component/" in scope["path"]
        script = "'unsafe-inline' 'unsafe-eval'" if framed else self.inline

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy(script)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self.app(scope, receive, with_policy)


def policy(script: str) -> str:
    """Content security policy, given what scripts may do beyond coming from this server."""
    pictures = " ".join(["'self'", "data:", "blob:", *sorted(_tile_hosts)])
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {script}".strip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": pictures,
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "connect-src": "'self'",
        "frame-ancestors": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _inline_scripts() -> list[str]:
    """Hashes of the few scripts that stand within Streamlit's own page."""
    page = Path(st.__file__).parent / "static" / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def middleware() -> list[Middleware]:
    """What every request passes through before Streamlit."""
    return [Middleware(Policy), Middleware(Callers)]
