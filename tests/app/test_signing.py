"""Looks at restricted reports are noted once a session, under a name."""

import pandas as pd
import pytest
from sqlalchemy import select

from hotspots.action.records import Audit, exist, open_records
from hotspots.library import Library
from hotspots.library.months import COLUMNS
from tests.app.test_dashboard import empty_library, opened
from tests.two_sources import two_sources

__all__ = ["empty_library"]


@pytest.fixture
def both(monkeypatch):
    table, _ = two_sources(weeks=40)
    monkeypatch.setattr(Library, "incidents", lambda self: table)
    monkeypatch.setattr(Library, "identity", lambda self: "looked at   ")
    row = dict.fromkeys(COLUMNS, "x") | {"rows": 1, "asb_rows": 1, "rows_without_place": 0}
    held = pd.DataFrame([row | {"source": "council", "month": pd.Period("2025-01", "M")}])
    monkeypatch.setattr(Library, "catalogue", lambda self: held)


def lines(folder):
    with open_records(folder).reading() as session:
        return [one for one in session.scalars(select(Audit)) if "Looked at" in one.what]


def test_a_look_is_noted_once_a_session(both, empty_library, monkeypatch):
    monkeypatch.setenv("LOGNAME", "jbloggs")
    app = opened(sources="council")
    assert not app.exception
    app.run()
    (line,) = lines(empty_library)
    assert (line.who, line.kind) == ("jbloggs", "consultation")
    assert line.what.startswith("Looked at reports of council on the page Where, ")
    assert line.what.endswith("as analyst")


def test_a_look_at_open_data_alone_is_not_noted(both, empty_library):
    opened(sources="police-uk")
    assert not exist(empty_library) or lines(empty_library) == []


def test_open_data_is_not_noted(empty_library):
    opened()
    assert not exist(empty_library) or lines(empty_library) == []
