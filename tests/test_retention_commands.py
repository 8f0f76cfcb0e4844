"""The commands about what is past its time, as a machine or an administrator runs them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action import listening, visits
from hotspots.action.records import open_records
from hotspots.action.resident_answer import Answer
from hotspots.action.visits import Visit
from tests.action.records.log_visits import entry


@pytest.fixture
def folder(tmp_path):
    """A visit of June 2015, long past any rule."""
    held = open_records(tmp_path)
    visits.log(held, [entry(0)], by="PC Green")
    with held.session() as session:
        began = datetime(2015, 6, 1, tzinfo=UTC)
        session.execute(update(Visit).values(started=began, ended=began + timedelta(hours=1)))
    return tmp_path


def run(folder, *arguments, code=0):
    done = CliRunner().invoke(app, ["records", *map(str, arguments), "--data", str(folder)])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def test_what_is_due_is_listed_kept_and_erased(folder, tmp_path_factory):
    assert "visits 2015-06 1 visit of June 2015" in run(folder, "due")
    copy = tmp_path_factory.mktemp("away") / "copy.sqlite"
    run(folder, "backup", copy)
    assert str(copy) in run(folder, "backups")
    until = date.today() + timedelta(days=9)
    run(folder, "keep", "visits", "2015-06", "--until", until, "--why", "A trial")
    assert f"kept until {until}: A trial" in run(folder, "due")
    assert "not all of that is due" in run(
        folder, "erase", "visits", "--why", "Rule", "--yes", code=1
    )
    assert "no kind" in run(folder, "erase", "visitors", "--why", "Rule", "--yes", code=1)
    assert "not a day" in run(folder, "keep", "visits", "--until", "x", "--why", "A", code=1)
    run(folder, "restore", copy, "--yes")  # made before it was kept
    said = run(folder, "erase", "visits", "--why", "Rule", "--by", "Insp Bell", "--yes")
    assert "Erased: 1 visit of June 2015." in said
    assert str(copy) in said.replace(" ", "")
    assert visits.visits(open_records(folder)).empty
    assert run(folder, "check") == "The records are whole."
    assert "June 2015" in run(folder, "restore", copy, "--yes"), "what comes back is said to"


def test_what_was_promised_goes_every_night(folder):
    assert run(folder, "promised") == "Nothing that was promised to go is left."
    held = open_records(folder)
    meeting = listening.open_meeting(
        held, name="Crewe", area="E05", hexagons={"HEX1": "here"}, picture="", by="Sgt"
    )
    answer = {"a" * 32: Answer((), ("noise",), "")}
    listening.take(held, meeting, answer, way="phone")
    with held.session() as session:
        session.execute(update(listening.Meeting).values(keep_until=date(2020, 1, 1)))
    assert "Erased: 1 answer" in run(folder, "promised")
    assert listening.answers(held, meeting, listening.WAITING).empty


def test_nothing_is_made_where_nothing_is_recorded(tmp_path):
    assert "Nothing is past its time" in run(tmp_path, "due")
    assert "no backup" in run(tmp_path, "backups")
    assert "Nothing that was promised" in run(tmp_path, "promised")
    assert list(tmp_path.iterdir()) == []
