"""
A real HTTP server on this machine that answers as data.police.uk and ONS do, faults included.

Addresses, parameters, limits and shapes of answers are those of the publishers' own pages.
"""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import shapely

from hotspots.library.fetch_sites import Sites

LOGIN = b"<!DOCTYPE html><html><body><form>Sign in to the network</form></body></html>"


@dataclass
class Fault:
    """
    What goes wrong with the next answers to addresses that hold some words.

    kind
        status, login, cut (after `at` bytes, the connection reset), short (fewer bytes than
        announced), long (more than announced), slow (`at` bytes at a time, a pause between),
        silent (closed without an answer), garbage, damaged (one byte changed), hang.
    """

    words: str
    kind: str
    times: int = 1
    status: int = 503
    headers: dict = field(default_factory=dict)
    at: int = 100
    pause_s: float = 0.05


@dataclass
class Answer:
    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: dict = field(default_factory=dict)


class Site:
    """What is published, what goes wrong, and what was asked for."""

    def __init__(self):
        self.archives = {}  # "2025-12" → bytes of a zip file
        self.latest = None
        self.ranges = True
        self.forces = {"cheshire": "Cheshire Constabulary", "kent": "Kent Police"}
        self.dates = []
        self.reports = []  # as the API gives them
        self.no_location = []
        self.outlines = {}  # neighbourhood → [(longitude, latitude), …]
        self.most = 10_000
        self.borders = False  # whether a point on the border of what is asked for is in it
        self.services = {}  # name → GeoDataFrame in degrees
        self.listed = True
        self.residents = b""  # the table of small areas; none = there is none
        self.page = 2_000
        self.limit = None  # a LeakyBucket-like limit: (rate, burst)
        self.faults = []
        self.asked = []  # (method, path, query, range)
        self.sent = 0
        self._lock = threading.Lock()
        self._level, self._at = 0.0, time.monotonic()

    def paths(self, words=""):
        return [path for _, path, _, _ in self.asked if words in path]

    def fault(self, path):
        with self._lock:
            for fault in self.faults:
                if fault.words in path and fault.times:
                    fault.times -= 1
                    return fault
        return None

    def overrun(self):
        """Whether one more request is too many for the limit, as a leaky bucket counts."""
        if self.limit is None:
            return False
        rate, burst = self.limit
        with self._lock:
            now = time.monotonic()
            self._level = max(0.0, self._level - (now - self._at) * rate)
            self._at = now
            if self._level + 1 > burst:
                return True
            self._level += 1
            return False

    # ---- the archive

    def archive(self, path, wanted):
        name = path.rsplit("/", 1)[-1].removesuffix(".zip")
        if name == "latest" and self.latest:
            # The real one sends on to where its files are kept.
            return Answer(b"", 302, headers={"Location": f"/kept/archive/{self.latest}.zip"})
        if name not in self.archives:
            return Answer(b"<html>404</html>", 404, "text/html")
        data = self.archives[name]
        headers = {"ETag": f'"{hash(data):x}"'}
        if wanted and self.ranges:
            if wanted[1] and headers["ETag"] != wanted[1]:
                return Answer(data, kind="application/zip", headers=headers)
            start, _, end = wanted[0].removeprefix("bytes=").partition("-")
            stop = min(int(end) + 1, len(data)) if end else len(data)
            if int(start) >= len(data):
                return Answer(b"", 416, headers={"Content-Range": f"bytes */{len(data)}"})
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
            return Answer(data[int(start) : stop], 206, "application/zip", headers)
        return Answer(data, kind="application/zip", headers=headers)

    # ---- the API

    def api(self, path, query, method, length):  # noqa: PLR0911
        if self.overrun():
            return Answer(b"", 429)
        if path == "forces":
            return say([{"id": key, "name": name} for key, name in self.forces.items()])
        if path == "crimes-street-dates":
            dates = sorted(self.dates, reverse=True)
            return say([{"date": date, "stop-and-search": []} for date in dates])
        if path == "crimes-no-location":
            return say([one for one in self.no_location if one["month"] == query["date"]])
        if path.startswith("crimes-street/"):
            return self.street(query, method, length)
        force, _, rest = path.partition("/")
        if force not in self.forces:
            return Answer(b"", 404)
        if rest == "neighbourhoods":
            return say([{"id": key, "name": key.title()} for key in self.outlines])
        if rest.endswith("/boundary"):
            corners = self.outlines.get(unquote(rest.removesuffix("/boundary")))
            if corners is None:
                return Answer(b"", 404)
            return say([{"latitude": str(lat), "longitude": str(lng)} for lng, lat in corners])
        return Answer(b"", 404)

    def street(self, query, method, length):
        if method == "GET" and length > 4_094:
            return Answer(b"", 400)
        corners = [tuple(map(float, pair.split(","))) for pair in query["poly"].split(":")]
        area = shapely.Polygon([(lng, lat) for lat, lng in corners])
        shapely.prepare(area)
        inside = shapely.intersects_xy if self.borders else shapely.contains_xy
        found = [
            one
            for one in self.reports
            if one["month"] == query["date"]
            and inside(
                area, float(one["location"]["longitude"]), float(one["location"]["latitude"])
            )
        ]
        return Answer(b"", 503) if len(found) > self.most else say(found)

    # ---- ArcGIS

    def arcgis(self, path, query):  # noqa: C901, PLR0911
        if path == "":
            if not self.listed:
                return say({"error": {"code": 403, "message": "Not allowed."}})
            rows = [{"name": name, "type": "FeatureServer"} for name in self.services]
            return say({"currentVersion": 11.2, "services": rows})
        name = path.split("/")[0]
        if name not in self.services:
            return say({"error": {"code": 400, "message": "Invalid URL", "details": []}})
        frame = self.services[name]
        authority = next(column for column in frame if column.upper().startswith("LAD"))
        where = query.get("where", "1=1")
        if " IN (" in where:
            column, _, codes = where.partition(" IN (")
            frame = frame[frame[column].isin([c.strip("'") for c in codes[:-1].split(",")])]
        elif where != "1=1":
            return say({"error": {"code": 400, "message": "'where' parameter is invalid"}})
        if "geometry" in query:
            points = shapely.multipoints(json.loads(query["geometry"])["points"])
            frame = frame[frame.intersects(points)]
        if query.get("returnCountOnly") == "true":
            return say({"count": len(frame)})
        table = frame
        if query.get("outFields") not in {None, "*"}:
            table = frame[[*query["outFields"].split(","), "geometry"]]
        if query.get("returnDistinctValues") == "true":
            table = table.drop_duplicates(authority)
        first = int(query.get("resultOffset", 0))
        size = min(self.page, int(query.get("resultRecordCount", self.page)))
        part = table.iloc[first : first + size]
        more = first + size < len(table)
        if query["f"] == "geojson":
            collection = json.loads(part.to_json(drop_id=True))
            if more:
                collection["properties"] = {"exceededTransferLimit": True}
            return say(collection)
        rows = part.drop(columns="geometry").to_dict("records")
        answer = {"features": [{"attributes": row} for row in rows]}
        return say(answer | ({"exceededTransferLimit": True} if more else {}))


def say(value):
    return Answer(json.dumps(value).encode())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    @property
    def site(self):
        return self.server.site

    def do_GET(self):
        self.answer("GET", urlsplit(self.path).query)

    def do_POST(self):
        self.answer("POST", self.rfile.read(int(self.headers["Content-Length"])).decode())

    def do_CONNECT(self):
        """A proxy that wants to know who asks."""
        self.send_response(407)
        self.send_header("Proxy-Authenticate", 'Basic realm="office"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, method, query):
        path = urlsplit(self.path).path
        given = {key: values[-1] for key, values in parse_qs(query).items()}
        self.site.asked.append((method, path, given, self.headers.get("Range")))
        fault = self.site.fault(f"{path}?{unquote(query)}")
        self.send(self.routed(method, path, given), fault)

    def routed(self, method, path, query):
        if "/archive/" in path:
            wanted = self.headers.get("Range")
            return self.site.archive(
                path, (wanted, self.headers.get("If-Range")) if wanted else None
            )
        if path.startswith("/api/"):
            return self.site.api(path.removeprefix("/api/"), query, method, len(self.path))
        if path == "/small-areas.csv":
            return (
                Answer(self.site.residents, kind="text/csv")
                if self.site.residents
                else Answer(b"", 404)
            )
        if path.startswith("/services"):
            return self.site.arcgis(path.removeprefix("/services").strip("/"), query)
        return Answer(b"", 404)

    def send(self, answer, fault):  # noqa: C901, PLR0912
        body, announced = answer.body, len(answer.body)
        kind = fault.kind if fault else ""
        if kind == "silent":
            self.close_connection = True
            return
        if kind == "hang":
            time.sleep(fault.pause_s)
            self.close_connection = True
            return
        if kind == "status":
            answer, body, announced = Answer(b"", fault.status, headers=fault.headers), b"", 0
        elif kind == "login":
            answer, body, announced = Answer(LOGIN, 200, "text/html"), LOGIN, len(LOGIN)
        elif kind == "garbage":
            body = b'{"features": [{"attr'
            announced = len(body)
        elif kind == "damaged":
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 0xFF]) + body[middle + 1 :]
        elif kind == "cut":
            body = body[: fault.at]
            self.close_connection = True
        elif kind == "short":
            announced += 100
            self.close_connection = True
        elif kind == "long":
            announced = max(0, announced - 10)
            self.close_connection = True
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(announced))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.site.sent += len(body)  # before the client can have read any of it
        self.end_headers()
        try:
            if kind == "slow":
                for at in range(0, len(body), fault.at):
                    self.wfile.write(body[at : at + fault.at])
                    self.wfile.flush()
                    time.sleep(fault.pause_s)
            else:
                self.wfile.write(body)
        except OSError:
            self.close_connection = True


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that went away is part of the play."""


@contextmanager
def running(context=None):
    """A site and its address; with a TLS context, over HTTPS."""
    server = QuietServer(("127.0.0.1", 0), Handler)
    server.site = Site()
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    scheme = "https" if context else "http"
    try:
        yield server.site, f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sites(base):
    """Where to ask, for a server at some address."""
    return Sites(
        archive=f"{base}/data/archive",
        api=f"{base}/api",
        services=f"{base}/services",
        wards=(f"{base}/services/WD_MAY_2023_UK_BGC/FeatureServer/0",),
        small_areas=(f"{base}/services/LSOA21_WD24_LAD24_EW_LU/FeatureServer/0",),
        residents=f"{base}/small-areas.csv",
    )


def report(
    lng, lat, *, month="2025-09", street="St Paul's Lane", kind="anti-social-behaviour", **more
):
    """One report as the API gives it."""
    return {
        "category": kind,
        "location_type": "Force",
        "location": {
            "latitude": f"{lat:.6f}",
            "street": {"id": 1570396, "name": f"On or near {street}"},
            "longitude": f"{lng:.6f}",
        },
        "context": "",
        "outcome_status": None,
        "persistent_id": "",
        "id": 131011717,
        "location_subtype": "",
        "month": month,
    } | more
