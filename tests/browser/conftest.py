"""The real server, a real browser, and a record of everything either says."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Nothing of chromium's own may look like a request of ours; each launch has an empty profile.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LAPTOP = {"width": 1366, "height": 768}
STARTS_WITHIN_S = 60


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def serve(script, data, log, *, port=None, options=(), **environment):
    """`streamlit run script`, as a user starts it; yields its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += options
    with Path(log).open("wb") as said:
        process = subprocess.Popen(
            [*command, "--server.headless", "true"],
            cwd=PROJECT,
            env={**os.environ, "HOTSPOTS_DATA": str(data), **environment},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        address = f"http://localhost:{port}"
        try:
            wait_for(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(address, process, log):
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{Path(log).read_text()}")


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory):
    """Address of the dashboard on its sample."""
    folder = tmp_path_factory.mktemp("data")
    with serve(PROJECT / "dashboard.py", folder, folder / "server.log") as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, with everything it asked for and every complaint it made."""

    page: object
    server: str
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: message.type == "error" and self.complaints.append(message.text),
        )

    @property
    def foreign(self):
        """Requests that left, or tried to leave, for any other host."""
        own = (self.server, self.server.replace("http", "ws", 1), "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]

    def open(self, path="/"):
        self.page.goto(self.server + path)
        return self

    def settle(self):
        """Wait until Streamlit has nothing left to do, and does not begin again at once."""
        for _ in range(2):
            self.page.wait_for_function(
                "() => !document.querySelector('[data-testid=stStatusWidget]')"
                " && !document.querySelector('[data-stale=true]')"
                " && !document.querySelector('[data-test-script-state=running]')"
            )
            self.page.wait_for_timeout(250)

    @property
    def map(self):
        """The map's frame, once everything on it is drawn."""
        self.page.locator("iframe[src*=streamlit_folium]").first.wait_for(state="attached")
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until:
            frame = next((f for f in self.page.frames if "streamlit_folium" in f.url), None)
            if frame is not None:
                frame.wait_for_function(
                    "() => { const map = document.querySelector('#map_div');"
                    " return map && map.dataset.drawn && map.dataset.loaded; }"
                )
                return frame
            self.page.wait_for_timeout(100)
        raise RuntimeError(f"There is no map. {self.complaints}")

    def axe(self):
        """Serious and critical findings, the map's frame included."""
        axe = Axe()
        for frame in self.page.frames:
            frame.evaluate(axe.axe_script)
        found = axe.run(self.page).response["violations"]
        return [
            f"{finding['id']}: {node['target']} {node['html'][:120]}"
            for finding in found
            if finding["impact"] in {"serious", "critical"}
            for node in finding["nodes"]
        ]


@pytest.fixture
def watch(chromium):
    """Opens pages that are watched; closes them after the test."""
    contexts = []

    def open_page(server, **options):
        context = chromium.new_context(viewport=LAPTOP, **options)
        contexts.append(context)
        return Watched(context.new_page(), server)

    yield open_page
    for context in contexts:
        context.close()
