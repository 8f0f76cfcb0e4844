"""Sharing: what an agreement allows and nothing else, written down; and what comes back."""

import tomllib
from datetime import date

import pandas as pd
import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action import sharing
from hotspots.action.records import Audit, open_records
from hotspots.action.sharing import FILE, extract, in_force, read_agreements
from hotspots.commands import sharing as commands
from hotspots.errors import DeniedError, LibraryError, SelectionError
from tests import planted
from tests.action.test_plans import held  # noqa: F401
from tests.action.test_tasks import three  # noqa: F401
from tests.planted import AGENCY, CANARY, MARKS

DAY = date(2026, 11, 24)
GOOD = f"""
[[agreement]]
agency = "Crewe council"
recipient = "Community safety team"
basis = "Crime and Disorder Act 1998, section 115"
expires = 2098-03-31
sources = ["{AGENCY}"]
areas = ["AREA"]
fields = ["kind", "qualifier"]
square_m = 100
"""


@pytest.fixture
def folder(tmp_path):
    area = f"ward:{planted.dataset().wards.index[0]}"
    (tmp_path / FILE).write_text(GOOD.replace("AREA", area), encoding="utf-8")
    return tmp_path


@pytest.fixture
def agreement(folder):
    (read,) = read_agreements(folder)
    return read


def test_an_extract_holds_the_reports_and_fields_that_are_named(agreement):
    table = extract(planted.dataset(), agreement, day=DAY)
    assert list(table.columns) == [*sharing.ALWAYS, "kind", "qualifier"]
    assert len(table) == 40
    assert set(table["source"]) == {AGENCY}
    assert set(table["kind"]) == {MARKS["kind"]}
    assert set(table["easting"] % 100) == {50}
    text = table.to_csv()
    for name in ("street", "lsoa", "repeat_key", "force"):
        assert MARKS[name] not in text


def test_elsewhere_and_afterwards_nothing_is_shared(folder, agreement):
    assert in_force((agreement,), "Crewe council", DAY) == (agreement,)
    assert in_force((agreement,), "Crewe council", date(2098, 4, 1)) == ()
    assert in_force((agreement,), "Weaver Homes", DAY) == ()
    with pytest.raises(DeniedError, match="expired on 31 March 2098"):
        extract(planted.dataset(), agreement, day=date(2098, 4, 1))
    other = GOOD.replace("AREA", f"ward:{planted.dataset().wards.index[1]}")
    (folder / FILE).write_text(other, encoding="utf-8")
    with pytest.raises(DeniedError, match="None of the reports"):
        extract(planted.dataset(), read_agreements(folder)[0], day=DAY)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('basis = "Crime and Disorder Act 1998, section 115"\n', "", "agreement 1 needs basis"),
        ("2098-03-31", '"soon"', "needs a day that it expires on"),
        ('"kind"', '"everything"', "shares everything"),
        ("square_m = 100", "square_m = -1", "needs square_m"),
        ("square_m = 100", "square = 100", "has “square”"),
        ('areas = ["AREA"]', "", "needs a list of areas"),
        ("[[agreement]]", "[agreement]", "written as [[agreement]]"),
        ("[[agreement]]", "[[agreement", "cannot be read"),
    ],
)
def test_agreements_that_cannot_be_used_share_nothing(tmp_path, before, after, said):
    (tmp_path / FILE).write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(LibraryError, match="nothing is shared") as raised:
        read_agreements(tmp_path)
    assert said in str(raised.value)


def run(*words):
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture
def loaded(monkeypatch):
    monkeypatch.setattr(commands, "opened", lambda data: planted.dataset())


@pytest.mark.usefixtures("loaded")
def test_a_file_is_written_once_it_is_in_the_trail(folder, tmp_path):
    path = tmp_path / "extract.csv"
    done = run("share", "Crewe council", path, "--data", folder, "--by", "C. Count")
    assert done.exit_code == 0, done.output
    assert "40 reports for Crewe council" in done.output
    first, header, *rows = path.read_text(encoding="utf-8").splitlines()
    assert "section 115; until 2098-03-31; not to be passed on" in first
    assert header.startswith("source,month,category")
    assert len(rows) == 40
    with open_records(folder).reading() as session:
        (line,) = session.query(Audit).all()
        assert (line.kind, line.who) == ("disclosure", "C. Count")
        assert line.why == "Crime and Disorder Act 1998, section 115"
        assert line.details["fields"] == ["kind", "qualifier"]
        assert CANARY in str(line.details["sources"])
    again = run("share", "Crewe council", path, "--data", folder)
    assert again.exit_code == 1
    assert "exists" in again.output
    refused = run("share", "Weaver Homes", tmp_path / "x.csv", "--data", folder)
    assert refused.exit_code == 1
    assert "No agreement with Weaver Homes is in force" in refused.output
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.usefixtures("loaded")
def test_the_trail_is_listed_and_verified_and_a_changed_line_is_found(folder, tmp_path):
    for number in range(3):
        run("share", "Crewe council", tmp_path / f"{number}.csv", "--data", folder, "--by", "C")
    listed = run("audit", "list", "--data", folder, "--kind", "disclosure", "--most", 2).output
    assert [line.split("\t")[0] for line in listed.splitlines()] == ["2", "3"]
    assert run("audit", "list", "--data", folder, "--by", "Nobody").output == ""
    verified = run("audit", "verify", "--data", folder)
    assert verified.exit_code == 0
    assert "whole" in verified.output
    with open_records(folder).engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_refuses_update")
        connection.exec_driver_sql("UPDATE audit SET who = 'Another' WHERE id = 2")
        connection.commit()
    broken = run("audit", "verify", "--data", folder)
    assert broken.exit_code == 1
    assert "broken at line 2" in broken.output


def answer(records, rows, agency="Council"):
    with records.session() as session:
        table = pd.DataFrame(rows, columns=["task", "status"]).astype("str")
        return sharing.answered(session, table, agency=agency, who="Council, by file")


def test_an_answer_moves_the_agencys_own_tasks(held, three):  # noqa: F811
    assert answer(held, [(three[0], "Doing")]) == 1
    assert answer(held, [(three[0], "doing")]) == 0
    with held.reading() as session:
        lines = [line.what for line in session.query(Audit).order_by(Audit.id)]
    assert lines[-1] == f"task {three[0]}: to do to doing"


@pytest.mark.parametrize("other", ["1 OR 1", "99", "²", ""])
def test_an_answer_is_brought_in_whole_or_not_at_all(held, three, other):  # noqa: F811
    for rows in ([(three[0], "done"), (three[1], "done")], [(three[0], "done"), (other, "done")]):
        with pytest.raises(SelectionError, match="row 3: Council has no task"):
            answer(held, rows)
    with pytest.raises(SelectionError, match="status"):
        answer(held, [(three[0], "done"), (three[0], "burnt")])
    assert answer(held, [(three[0], "to do")]) == 0, "nothing had moved"


def test_an_answer_needs_its_columns(held):  # noqa: F811
    with held.session() as session, pytest.raises(SelectionError, match="no column status"):
        sharing.answered(session, pd.DataFrame({"task": ["1"]}), agency="Council", who="C")


def test_the_example_in_the_words_is_sound(tmp_path):
    text = "\n".join(line[4:] for line in sharing.__doc__.splitlines() if line.startswith("    "))
    assert tomllib.loads(text)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    (read,) = read_agreements(tmp_path)
    assert read.grant.square_m == 100
