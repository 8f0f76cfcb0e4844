"""Who imported what is written down, and everything can be brought back, whole or not at all."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hotspots.__main__ import app as command_line
from hotspots.errors import LibraryError
from hotspots.library import (
    Library,
    import_police_uk,
    import_population,
    import_wards,
    journal,
    purge,
    undo,
)
from hotspots.library.journal import acting
from hotspots.views import journal_words
from tests.sources.written import month_csv, save, state_of

PROJECT = Path(__file__).parent.parent
SUFFIX = "cheshire-street.csv"


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "data")


def edition(folder, rows, months=("2025-01",)):
    for month in months:
        save(folder, month_csv(month, rows), f"{month}-{SUFFIX}")
    return folder


def counts(library):
    catalogue = library.catalogue()
    return dict(zip(catalogue["month"].astype(str), catalogue["rows"], strict=True))


def test_an_import_is_written_down_with_who_what_and_from_which_file(library, tmp_path):
    with acting("PC Green"):
        import_police_uk([edition(tmp_path / "a", 6)], library)
    (one,) = library.journal()
    assert (one.number, one.who, one.about.action, one.about.rows) == (1, "PC Green", "import", 6)
    ((name, digest),) = one.about.files
    assert name == f"2025-01-{SUFFIX}"
    assert digest == library.catalogue()["sha256"].iloc[0]
    assert one.put == ("incidents/police.uk/cheshire-constabulary/2025-01.parquet",)
    assert pd.Timestamp(one.when).tz is not None


def test_without_a_name_it_is_the_user_of_the_machine(library, tmp_path, monkeypatch):
    monkeypatch.setenv("LOGNAME", "jbloggs")
    import_police_uk([edition(tmp_path / "a", 2)], library)
    assert library.journal()[0].who == "jbloggs"


def test_undoing_goes_back_step_by_step_to_the_byte(library, tmp_path):
    states, months = [], ("2025-01", "2025-02")
    for rows in (4, 6, 8):
        import_police_uk([edition(tmp_path / str(rows), rows, months)], library)
        states.append(state_of(library.folder))
    with pytest.raises(LibraryError, match=r"Change 3 .* undo it first"):
        undo(library, 1, why="wrong")
    assert state_of(library.folder) == states[2]
    undo(library, 3, why="wrong file")
    assert state_of(library.folder) == states[1]
    undo(library, 2, why="wrong file")
    assert state_of(library.folder) == states[0]
    undo(library, 1, why="wrong file")
    assert library.catalogue().empty
    for number, said in ((1, "already undone"), (4, "undid another"), (9, "There is no change 9")):
        with pytest.raises(LibraryError, match=said):
            undo(library, number, why="x")
    for nothing in (" ", "\u200b", "..."):
        with pytest.raises(LibraryError, match="Say why"):
            undo(library, 1, why=nothing)
    assert journal_words.can_be_undone(library.journal()) == {}


def test_months_that_others_imported_stay(library, tmp_path):
    import_police_uk([edition(tmp_path / "a", 4, ("2025-01",))], library)
    import_police_uk([edition(tmp_path / "b", 5, ("2025-02",))], library)
    undo(library, 1, why="wrong")
    assert counts(library) == {"2025-02": 5}


def test_wards_and_residents_are_undone_too(library):
    sample = PROJECT / "data" / "sample"
    import_wards([sample / "wards.geojson"], library, publisher="sample")
    import_population([sample / "population.csv"], library, publisher="sample")
    assert library.wards()["residents"].notna().any()
    undo(library, 2, why="old census")
    assert library.wards()["residents"].isna().all()
    undo(library, 1, why="old wards")
    assert library.vintages() == []


def test_what_was_left_out_can_be_taken_away_row_by_row(library, tmp_path):
    rows = month_csv("2025-01", 5).decode().splitlines()
    text = "\n".join([rows[0], *rows[1:], "too,few", "also,too,few"])
    save(tmp_path / "a", text.encode(), f"2025-01-{SUFFIX}")
    import_police_uk([tmp_path / "a"], library)
    (one,) = library.journal()
    table = journal_words.left_out(one)
    assert len(table) == 2
    assert table["row"].str.contains(", row ").all()
    assert table["why"].str.contains("too few").all()
    assert journal_words.changes([one])["Rows left out"].tolist() == ["2"]


def test_a_purge_is_for_good_and_leaves_no_copy(library, tmp_path):
    import_police_uk([edition(tmp_path / "a", 4, ("2023-01", "2025-01"))], library)
    import_police_uk([edition(tmp_path / "b", 6, ("2023-01", "2025-01"))], library)
    done = purge(library, pd.Period("2024-01", "M"), why="two years by our rule")
    assert "1 month before 2024-01, 6 rows" in done.sentences()[0]
    assert counts(library) == {"2025-01": 6}
    assert not list((library.folder / "journal").rglob("2023-01.parquet"))
    assert purge(library, pd.Period("2024-01", "M"), why="x").sentences()[0].startswith("Nothing")
    with pytest.raises(LibraryError, match="was a purge"):
        undo(library, 3, why="x")
    with pytest.raises(LibraryError, match="was purged on"):
        undo(library, 2, why="x")  # would bring back what was purged
    assert counts(library) == {"2025-01": 6}


def test_only_the_newest_changes_are_kept(library, tmp_path):
    one, other = edition(tmp_path / "a", 2), edition(tmp_path / "b", 3)
    for number in range(journal.KEPT + 2):
        import_police_uk([(one, other)[number % 2]], library)
    entries = library.journal()
    assert [entry.kept for entry in entries] == [True] * journal.KEPT + [False] * 2
    assert len(entries) == journal.KEPT + 2


def test_what_fails_half_way_is_put_back(library, tmp_path, monkeypatch):
    months = ("2025-01", "2025-02", "2025-03")
    import_police_uk([edition(tmp_path / "a", 4, months)], library)
    before, real = state_of(library.folder), Path.replace
    moved = []

    def breaking(path, target):
        if str(target).endswith(".parquet"):
            moved.append(target)
            if len(moved) == 2:
                raise OSError(5, "input/output error")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", breaking)
    with pytest.raises(LibraryError):
        import_police_uk([edition(tmp_path / "b", 6, months)], library)
    monkeypatch.undo()
    assert state_of(library.folder) == before
    assert len(library.journal()) == 1


KILLED = (
    "import sys; from pathlib import Path; from hotspots.library import *;"
    "library = Library(Path(sys.argv[1])); print('ready', flush=True)\n"
    "while True:\n"
    "    import_police_uk([sys.argv[2]], library)\n"
    "    undo(library, library.journal()[0].number, why='x')\n"
)


def test_killed_in_an_import_or_an_undo_the_library_is_before_or_after(library, tmp_path):
    months = [f"2024-{month:02}" for month in range(1, 13)]
    import_police_uk([edition(tmp_path / "old", 40, months)], library)
    new = edition(tmp_path / "new", 50, months)
    old = state_of(library.folder / "incidents")
    moments = random.Random(8)
    for _ in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path / "data"), str(new)],
            cwd=PROJECT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert set(counts(library).values()) in ({40}, {50})
        assert len(counts(library)) == 12
        if set(counts(library).values()) == {40}:
            assert state_of(library.folder / "incidents") == old
        assert not journal.is_pending(library.folder)
    import_police_uk([new], library)
    undo(library, library.journal()[0].number, why="x")


def test_a_reader_leaves_a_change_alone_that_somebody_is_making(library, tmp_path):
    import_police_uk([edition(tmp_path / "a", 4)], library)
    from hotspots.library import atomic

    with atomic.locked(library.folder):
        (library.folder / "journal" / "pending").write_text("2")
        assert counts(library) == {"2025-01": 4}
        assert journal.is_pending(library.folder)
    assert counts(library) == {"2025-01": 4}
    assert not journal.is_pending(library.folder)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=8))
def test_any_order_of_imports_and_undos_is_a_state_once_seen(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("steps")
    library = Library(folder / "data")
    seen = {number: edition(folder / str(number), number + 1) for number in range(4)}
    stack = [{}]
    for is_undo, which in steps:
        choices = list(journal_words.can_be_undone(library.journal()))
        if is_undo and choices:
            undo(library, choices[0], why="x")
            stack.pop()
        elif not is_undo:
            import_police_uk([seen[which]], library)
            stack.append({"2025-01": which + 1})
        assert counts(library) == stack[-1]


def test_the_commands_say_and_do_the_same(tmp_path):
    data, run = tmp_path / "data", CliRunner()
    library = Library(data)
    import_police_uk([edition(tmp_path / "a", 4)], library)
    import_police_uk([edition(tmp_path / "b", 6)], library)
    out = tmp_path / "journal.csv"
    said = run.invoke(command_line, ["journal", "--data", str(data), "--out", str(out)])
    assert "can be undone" in said.output
    assert out.read_text(encoding="utf-8-sig").count("sha256") == 1
    done = run.invoke(command_line, ["undo", "2", "--why", "wrong", "--data", str(data)])
    assert "Change 2" in done.output
    assert counts(library) == {"2025-01": 4}
    nothing = run.invoke(command_line, ["left-out", "1", "--data", str(data)])
    assert "left no row out" in nothing.output
    refused = run.invoke(command_line, ["undo", "7", "--why", "x", "--data", str(data)])
    assert (refused.exit_code, "no change 7" in refused.output) == (1, True)
    gone = run.invoke(
        command_line,
        ["purge", "--before", "2026-01", "--why", "rule", "--yes", "--data", str(data)],
    )
    assert "for good" in gone.output
    assert counts(library) == {}


def test_names_of_files_are_not_run_by_a_spreadsheet(library, tmp_path):
    from hotspots.publish.formats import neutralised_csv

    save(tmp_path / "a", month_csv("2025-01", 2), "=cmd-street.csv")
    import_police_uk([tmp_path / "a" / "=cmd-street.csv"], library)
    text = neutralised_csv(journal_words.for_file(library.journal())).decode("utf-8-sig")
    assert "'=cmd-street.csv" in text
    assert os.linesep not in library.journal()[0].who
