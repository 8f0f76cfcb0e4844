"""
What the map runs on in the browser: Leaflet, and the scripts and styles beside this module.

Everything is served by the dashboard itself, under addresses that change with the
content, so that no request leaves the machine and a browser may keep each file.
"""

import hashlib
import importlib.util
from pathlib import Path
from typing import Final

import folium

_HERE: Final = Path(__file__).parent / "map"
_PARTS: Final = ("sheet", "ground", "reports", "months", "outlines", "panels", "drawing", "map")

SCRIPT: Final = b"\n".join((_HERE / f"{part}.js").read_bytes() for part in _PARTS)
STYLE: Final = (_HERE / "map.css").read_bytes()
_VERSION: Final = hashlib.sha256(SCRIPT + STYLE).hexdigest()[:12]

# The map's frame lies two folders deep, at component/streamlit-folium's-name/index.html:
# addresses are relative to it, so that they hold under any server.baseUrlPath.
_ROOT: Final = "../.."
ASSETS: Final = "assets"
SCRIPT_FILE: Final = f"map-{_VERSION}.js"
STYLE_FILE: Final = f"map-{_VERSION}.css"


def leaflet_folder() -> Path:
    """Folder of Leaflet's own files, as installed."""
    spec = importlib.util.find_spec("xstatic.pkg.leaflet")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("XStatic-Leaflet is not installed; see requirements.txt.")
    return Path(spec.submodule_search_locations[0]) / "data"


def address(*parts: str) -> str:
    """
    Address of something the dashboard serves, as the map's frame sees it.

    Examples
    --------
    >>> address("layers", "ab12.geojson")
    '../../layers/ab12.geojson'
    """
    return "/".join((_ROOT, *parts))


class LocalMap(folium.Map):
    """A folium map that asks nothing of the outside: Leaflet and our script, both local."""

    default_js = [  # noqa: RUF012
        ("leaflet", address(ASSETS, "leaflet", "leaflet.js")),
        ("hotspots", address(ASSETS, SCRIPT_FILE)),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_css", address(ASSETS, "leaflet", "leaflet.css")),
        ("hotspots_css", address(ASSETS, STYLE_FILE)),
    ]
