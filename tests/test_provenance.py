"""A partner's file from the door to a decision: journal, left-out rows, doubles, undo."""

import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.library import Library, import_agency, undo
from hotspots.sources.agency_mapping import Mapping
from hotspots.study import open_dataset
from hotspots.study.doubles import suspects
from hotspots.study.review import reviewable
from hotspots.views import journal_words
from tests.two_sources import two_sources

COLUMNS = {"begins": "When", "east": "E", "north": "N", "qualifier": "About", "kind": "Kind"}


def written(folder, name, rows, *extra):
    """Incidents as a partner's CSV, centred on Cheshire."""
    xy = rows.geometry.get_coordinates()
    when = rows["occurred_from"].dt.strftime("%d/%m/%Y %H:%M")
    lines = [
        f"{at},{east + 365_000:.0f},{north + 350_000:.0f},{about},Noise"
        for at, east, north, about in zip(
            when, xy["x"], xy["y"], rows["qualifier"].astype("str"), strict=True
        )
    ]
    path = folder / name
    path.write_text("\n".join(["When,E,N,About,Kind", *lines, *extra]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def library(tmp_path):
    """A housing association and a council that share doubles."""
    table, _ = two_sources(weeks=30)
    held = Library(tmp_path / "data")
    for source, name in (("police.uk", "Weaver Homes"), ("council", "Crewe Council")):
        mine = table.loc[table["source"] == source]
        bad = ("no date,365000,350000,Personal,Noise",) if source == "council" else ()
        path = written(tmp_path, f"{source}.csv", mine, *bad)
        import_agency([path], held, mapping=Mapping(source=name, columns=COLUMNS))
    return held


def test_the_journal_holds_the_mapping_and_the_rows_left_out(library):
    newest, first = library.journal()
    assert newest.about.what.startswith("reports of Crewe Council, ")
    assert '"begins" = "When"' in newest.about.mapping
    assert first.about.left_out == {}
    table = journal_words.left_out(newest)
    assert len(table) == 1
    assert table["row"].iloc[0].startswith("council.csv, row ")
    assert "mapping" in journal_words.for_file([newest]).columns


def test_undoing_takes_the_partner_away_and_nothing_else(library):
    undo(library, 2, why="sent by mistake")
    assert set(library.catalogue()["source"]) == {"Weaver Homes"}


def test_doubles_of_imported_files_are_found_merged_and_restored(library):
    dataset = open_dataset(library)
    found = suspects(dataset.held)
    assert 40 <= len(found.pairs) <= 75
    pair = (found.pairs["key_a"].iloc[0], found.pairs["key_b"].iloc[0])
    once = open_dataset(library, same=[pair])
    assert len(once.incidents) == len(dataset.incidents) - 1
    assert once.identity != dataset.identity
    assert len(open_dataset(library).incidents) == len(dataset.incidents)


def test_keys_outlive_reading_the_same_file_again(library, tmp_path):
    before = suspects(open_dataset(library).held).pairs
    import_agency(
        [tmp_path / "council.csv"],
        library,
        mapping=Mapping(source="Crewe Council", columns=COLUMNS),
    )
    after = suspects(open_dataset(library).held).pairs
    assert before["key_a"].tolist() == after["key_a"].tolist()


def test_the_command_says_what_may_be_counted_twice(library):
    data = str(library.folder.parent)
    names = ["--source", "Weaver Homes", "--source", "Crewe Council"]
    both = CliRunner().invoke(app, ["find", "--data", data, *names])
    assert both.exit_code == 0, both.output
    number = len(suspects(open_dataset(library).held).pairs)
    assert f"Up to {number} of these reports may be counted twice" in both.output
    one = CliRunner().invoke(app, ["find", "--data", data, *names[:2]])
    assert "counted twice" not in one.output


def test_partners_records_can_be_reviewed(library):
    assert reviewable(open_dataset(library).held) == ["Crewe Council", "Weaver Homes"]
