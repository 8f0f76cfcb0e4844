"""A partner's file from the door to a decision: journal, left-out rows, doubles, undo."""

from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action.named_breaks import KINDS, name_break, named_breaks
from hotspots.action.records import open_records
from hotspots.analysis.finding_kinds import GREW, LEVEL
from hotspots.commands.opening import said_of
from hotspots.library import Library, import_agency, undo
from hotspots.selection import Selection
from hotspots.sources.agency_mapping import Mapping
from hotspots.study import open_dataset, study
from hotspots.study.doubles import suspects
from hotspots.study.quality import area_of, quality, with_names
from hotspots.study.review import reviewable
from hotspots.views import journal_words, quality_words
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


def test_what_a_month_grew_by_is_told_and_an_undone_import_is_forgotten(library, tmp_path):
    first = library.arrivals()
    assert (first["read"] == 1).all()
    assert (first["rows_first"] == first["rows"]).all()
    table, _ = two_sources(weeks=30)
    more = pd.concat([table.loc[table["source"] == "council"], table.head(60)])
    path = written(tmp_path, "again.csv", more)
    mapping = Mapping(source="Crewe Council", columns=COLUMNS)
    import_agency([path], library, mapping=mapping)
    mine = library.arrivals().loc[lambda rows: rows["source"] == "Crewe Council"]
    assert (mine["read"] == 2).all()
    assert (mine["rows"] - mine["rows_first"]).sum() == 60
    findings, months = quality(open_dataset(library), library.arrivals())
    (grew,) = findings.loc[findings["kind"] == GREW].to_dict("records")
    assert (grew["source"], grew["count"]) == ("Crewe Council", 60)
    assert "Grew since first read" in quality_words.by_month(months)
    said = CliRunner().invoke(app, ["quality", "--data", str(library.folder.parent)])
    assert "came after the first time" in said.output
    undo(library, 3, why="the wrong file")
    assert library.arrivals().equals(first)
    findings, _ = quality(open_dataset(library), library.arrivals())
    assert GREW not in set(findings["kind"])


def test_a_month_taken_away_and_read_again_begins_anew(library, tmp_path):
    library.forget("Crewe Council")
    assert set(library.arrivals()["source"]) == {"Weaver Homes"}
    mapping = Mapping(source="Crewe Council", columns=COLUMNS)
    import_agency([tmp_path / "council.csv"], library, mapping=mapping)
    assert (library.arrivals()["read"] == 1).all()


def test_what_a_partner_changed_is_named_for_its_own_reports_alone(library):
    records, folder = open_records(library.folder.parent), library.folder.parent
    name_break(
        records, area="source:crewe-council", month="2025-03", kind=KINDS[0], name="New form",
        who="A",
    )  # fmt: skip
    dataset = open_dataset(library)
    finding = pd.DataFrame(
        {"kind": LEVEL, "source": ["Crewe Council", "Weaver Homes"], "force": "x"}
    ).assign(first=pd.Period("2025-03"))
    said = said_of(folder, [area_of(dataset, row) for _, row in finding.iterrows()])
    named = with_names(dataset, finding, said)["named"]
    assert named.tolist() == ["New form (a recording rule changed)", ""]
    for code, seen in (("crewe-council", True), ("weaver-homes", False)):
        asked = replace(Selection.default(dataset.choices), sources=(code,))
        wider = study(dataset, asked).wider
        assert bool(named_breaks(records, wider)) == seen


def test_areas_of_any_source_are_scored_by_command(library):
    data = str(library.folder.parent)
    asked = ["score", "--data", data, "--train", "3", "--horizon", "1"]
    both = CliRunner().invoke(
        app, [*asked, "--source", "Weaver Homes", "--source", "Crewe Council"]
    )
    assert both.exit_code == 0, both.output
    one = CliRunner().invoke(app, [*asked, "--source", "Weaver Homes", "--about", "nuisance"])
    assert one.exit_code == 0, one.output
    assert one.output != both.output
    none = CliRunner().invoke(app, [*asked, "--source", "Nobody"])
    assert none.exit_code == 1
    assert "there is" in none.output
