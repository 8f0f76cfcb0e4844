"""Where a request comes from, told over a real connection."""

import asyncio
import http.client
import socket
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from hotspots.app import callers
from hotspots.app.callers import Callers, near


async def mark(request):
    return PlainTextResponse(request.headers.get("x-hotspots-here", ""))


PATHS = ("/", "/_stcore/upload_file/a/b", "/_stcore/metrics", "/_stcore/agent/mcp")


@pytest.fixture
def app(monkeypatch):
    monkeypatch.setattr(callers, "_serving", [])
    monkeypatch.setattr(callers, "sign_in_configured", lambda: False)
    routes = [Route(path, mark, methods=["GET", "PUT"]) for path in PATHS]
    return Starlette(routes=routes, middleware=[Middleware(Callers)])


@pytest.fixture
def port(app):
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="0.0.0.0", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield port
    server.should_exit = True
    thread.join(timeout=20)


def ask(port, path="/", host="localhost", to="127.0.0.1", **headers):
    connection = http.client.HTTPConnection(to, port, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    for name, value in {"Host": f"{host}:{port}", **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    said = answer.status, answer.read().decode()
    connection.close()
    return said


def own_address():
    """Address of this machine on its network; none where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = probe.getsockname()[0]
    return None if found.startswith("127.") else found


PASSED_ON = {
    "X_Forwarded_For": "127.0.0.1",
    "X_Forwarded_Host": "localhost",
    "X_Forwarded_Proto": "https",
    "X_Real_IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1",
    "Via": "1.1 proxy",
}


def test_a_browser_on_this_machine_is_marked(port):
    assert ask(port) == (200, callers._WORD)
    assert ask(port, host="127.0.0.1") == (200, callers._WORD)


@pytest.mark.parametrize("header", PASSED_ON)
def test_what_was_passed_on_is_from_elsewhere(port, header):
    assert ask(port, **{header: PASSED_ON[header]}) == (200, "")


@pytest.mark.parametrize("host", ["asb.police.example", "localhost.evil.test", "10.0.0.1", ""])
def test_a_name_that_is_not_this_machines_own_is_from_elsewhere(port, host):
    assert ask(port, host=host) == (200, "")


def test_a_connection_from_the_network_is_from_elsewhere(port):
    address = own_address()
    if address is None:
        pytest.skip("This machine has no network.")
    assert ask(port, to=address) == (200, "")
    assert ask(port, to=address, host=address) == (200, "")


def test_the_mark_cannot_be_brought_along(port):
    status, mark = ask(port, host="evil.test", X_Hotspots_Here="here")
    assert (status, mark) == (200, "here")
    assert mark != callers._WORD


@pytest.mark.parametrize("path", PATHS[1:])
def test_what_is_not_for_elsewhere_is_refused_in_one_sentence(port, path, monkeypatch):
    assert ask(port, path) == (200, callers._WORD)
    status, said = ask(port, path, host="evil.test")
    assert status == 403
    assert said.count(".") == 1
    monkeypatch.setattr(callers, "sign_in_configured", lambda: True)
    assert ask(port, path, host="evil.test")[0] == 200


def test_a_websocket_is_told_apart_the_same_way(app):
    passed = []

    async def inner(scope, receive, send):
        passed.append(dict(scope["headers"]).get(b"x-hotspots-here"))

    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "headers": [(b"host", b"localhost:8501")],
        "client": ("127.0.0.1", 1),
    }
    elsewhere = (
        {**scope, "client": ("203.0.113.9", 1)},
        {**scope, "client": None},
        {**scope, "headers": [*scope["headers"], (b"x-forwarded-for", b"::1")]},
    )
    for asked in (scope, *elsewhere):
        asyncio.run(Callers(inner)(asked, None, None))
    assert passed == [callers._WORD.encode(), None, None, None]
    assert near({**scope, "client": ("::1", 1)})
