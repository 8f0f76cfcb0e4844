import pytest

from hotspots.action import records as package
from hotspots.action.records import database as opening
from hotspots.action.records.engines import VARIABLE
from tests import postgres


@pytest.fixture(scope="session")
def server():
    if not postgres.installed():
        pytest.skip("PostgreSQL is not installed; tests/run installs it.")
    with postgres.server() as address:
        yield address


@pytest.fixture(autouse=True)
def none_open(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(opening, "_opened", {})
    yield
    for held in opening._opened.values():
        held.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """Where the records are: a file of the data folder, or a database of PostgreSQL."""
    if request.param == "sqlite":
        yield None
        return
    with postgres.database(request.getfixturevalue("server")) as address:
        yield address


@pytest.fixture
def records(tmp_path, url):
    return package.open_records(tmp_path, url)
