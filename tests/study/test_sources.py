"""Partners' reports join the police's study areas, and change none of the police's figures."""

from dataclasses import replace

import pandas as pd
import pytest
import shapely

from hotspots.analysis import counts
from hotspots.errors import SelectionError, SourceError
from hotspots.library import (
    Library,
    import_agency,
    import_police_uk,
    import_postcodes,
    import_wards,
)
from hotspots.library.mappings import mapping_of, mappings, read_mapping
from hotspots.periods import Period
from hotspots.selection import Selection
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources.agency_mapping import Mapping
from hotspots.sources.agency_words import SALT_BYTES
from hotspots.study import find, monthly_points, open_dataset, points, sources, study
from hotspots.study.between import compared
from hotspots.study.evidence import all_months
from hotspots.views import partner_words, tables
from hotspots.views.maps import _point_data
from tests import builders
from tests.sources.written import geojson, month_csv, save, squares

CHESHIRE, MERSEYSIDE = "Cheshire Constabulary", "Merseyside Police"
COUNCIL = Mapping(
    source="Crewe Council",
    columns={"begins": "When", "east": "E", "north": "N", "qualifier": "About", "kind": "Kind"},
)
HEADER = "When,E,N,About,Kind\n"


def council(folder, *rows, name="council.csv"):
    path = folder / name
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def reports(month, count, about="Personal", east=397_764):
    return [f"{3 + n % 20:02d}/{month} 21:00,{east + n},384356,{about},Noise" for n in range(count)]


@pytest.fixture
def library(tmp_path):
    held = Library(tmp_path / "data")
    for month, rows in (("2025-01", 60), ("2025-02", 60), ("2025-03", 60)):
        save(tmp_path / "police", month_csv(month, rows), f"{month}-cheshire-street.csv")
    import_police_uk([tmp_path / "police"], held)
    return held


def figures(library):
    dataset = open_dataset(library)
    selection = Selection.default(dataset.choices)
    asked = study(dataset, selection)
    found = find(asked)
    return {
        "period": str(selection.period),
        "area": dataset.choices.areas[selection.area],
        "asb": asked.asb.index.tolist(),
        "crime": len(asked.crime),
        "status": asked.status.tolist(),
        "hotspots": found.hotspots.drop(columns="geometry").to_dict(),
        "chosen": found.min_incidents,
        "all months": str(all_months(dataset, asked).selection.period),
    }


def test_no_police_figure_changes_when_a_partner_is_added(library, tmp_path):
    before = figures(library)
    path = council(
        tmp_path, *reports("12/2024", 5), *reports("01/2025", 80), *reports("05/2025", 9)
    )
    import_agency([path], library, mapping=COUNCIL)
    assert figures(library) == before
    dataset = open_dataset(library)
    assert dataset.choices.sources == {"police-uk": "police.uk", "crewe-council": "Crewe Council"}
    assert str(dataset.choices.period) == "2024-12 to 2025-05"


def test_sources_combine_in_one_study_area(library, tmp_path):
    import_agency([council(tmp_path, *reports("02/2025", 80))], library, mapping=COUNCIL)
    dataset = open_dataset(library)
    selection = Selection.default(dataset.choices)
    assert dataset.choices.areas[selection.area] == CHESHIRE
    one = study(dataset, selection)
    both = study(dataset, replace(selection, sources=("police-uk", "crewe-council")))
    alone = study(dataset, replace(selection, sources=("crewe-council",)))
    assert len(both.asb) == len(one.asb) + len(alone.asb) == 90 + 80
    assert both.status.tolist() == ["partial", "held", "partial"]
    assert alone.status.tolist() == ["missing", "held", "missing"]
    assert one.status.tolist() == ["held"] * 3


def test_reports_can_be_asked_for_by_what_they_are_about(library, tmp_path):
    rows = [*reports("02/2025", 8), *reports("02/2025", 5, "Environmental")]
    import_agency([council(tmp_path, *rows)], library, mapping=COUNCIL)
    dataset = open_dataset(library)
    selection = replace(
        Selection.default(dataset.choices),
        sources=("police-uk", "crewe-council"),
        qualifiers=("environmental",),
    )
    asked = study(dataset, selection)
    assert len(asked.asb) == 5
    assert len(asked.other) == 90, "other crime has no qualifier and stays"
    assert asked.status.tolist() == ["partial", "held", "partial"]
    unsaid = study(dataset, replace(selection, qualifiers=("unsaid",)))
    assert len(unsaid.asb) == 90


def test_each_source_has_its_own_points_where_several_are_counted(library, tmp_path):
    import_agency([council(tmp_path, *reports("02/2025", 8))], library, mapping=COUNCIL)
    dataset = open_dataset(library)
    selection = Selection.default(dataset.choices)
    assert "source" not in points(study(dataset, selection))
    both = points(study(dataset, replace(selection, sources=("police-uk", "crewe-council"))))
    assert both.groupby("source")["incidents"].sum().to_dict() == {
        "police.uk": 90,
        "Crewe Council": 8,
    }
    asked = study(dataset, replace(selection, sources=("police-uk", "crewe-council")))
    monthly = monthly_points(asked)
    added = monthly.loc[monthly["point"] >= 0].groupby("point")["incidents"].sum()
    assert added.to_dict() == both["incidents"].to_dict()
    drawn = _point_data(both, BRITISH_NATIONAL_GRID)
    assert drawn["sources"] == ["police.uk", "Crewe Council"]
    third = replace(COUNCIL, source="Alderley Council")
    import_agency([council(tmp_path, *reports("02/2025", 8))], library, mapping=third)
    both = points(study(open_dataset(library), asked.selection))
    assert _point_data(both, BRITISH_NATIONAL_GRID)["sources"] == ["police.uk", "", "Crewe Council"]


def test_what_a_partner_sees_more_of_is_named_by_ward(library, tmp_path):
    frame = squares(25, ("E05000001", "E05000002"))
    frame["geometry"] = [
        shapely.box(397_000 + 3000 * n, 383_000, 400_000 + 3000 * n, 386_000) for n in range(2)
    ]
    import_wards([geojson(tmp_path, frame)], library)
    rows = [*reports("02/2025", 10), *reports("02/2025", 60, east=401_000)]
    path = council(tmp_path, *rows, *reports("06/2025", 500))
    import_agency([path], library, mapping=COUNCIL)
    dataset = open_dataset(library)
    selection = Selection.default(dataset.choices)
    (one,) = compared(dataset, selection)
    assert (one.name, one.others, one.months) == ("Crewe Council", ("police.uk",), 1)
    assert one.table["ours"].sum() == 70, "months that the police did not report on are left out"
    assert one.table.loc["E05000002", "named"]
    said = partner_words.compared(one)
    assert "Crewe Council sees more than police.uk in Ward 2 (60 beside" in said
    told = partner_words.compared_hotspots(one)
    assert one.hotspots["ours"].max() == 60
    assert one.hotspots.iloc[0]["named"]
    assert "Crewe Council sees more than police.uk in" in told
    assert "(60 beside 0;" in told
    shown = tables.between_hotspots(one)
    assert shown["Beyond chance"].iloc[0] == "yes"
    assert (shown["Beyond chance"] == "too few to tell").sum() == one.hotspots["ratio"].isna().sum()
    assert compared(dataset.only(["police-uk"]), selection) == []


JOINED = Period(pd.Period("2025-01"), pd.Period("2025-06"))
NEAR, FAR = (
    shapely.box(397_000, 383_000, 402_000, 386_000),
    shapely.box(300_000, 300_000, 301_000, 301_000),
)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (reports("02/2024", 8), "it has no report of antisocial behaviour in the months asked for"),
        (
            ["03/02/2025 21:00,,,Personal,Noise"] * 7,
            "of its 7 reports in the months asked for, none has a place",
        ),
        (reports("06/2025", 8), "no month in which both it and the others report on Cheshire"),
        (
            [f"{n + 1:02d}/02/2025 21:00,{300_100 + n},300500,Personal,Noise" for n in range(8)],
            "no local authority in Cheshire Constabulary that both it and the others report on",
        ),
    ],
)
def test_a_partner_that_cannot_be_compared_is_named_with_the_reason(library, tmp_path, rows, said):
    frame = squares(25, ("E05000001", "E05000002")).set_geometry([NEAR, FAR], crs="EPSG:27700")
    frame["LAD25CD"] = ["E06000001", "E06000002"]
    import_wards([geojson(tmp_path, frame)], library)
    mapping = replace(COUNCIL, force=CHESHIRE)
    import_agency([council(tmp_path, *rows)], library, mapping=mapping)
    dataset = open_dataset(library)
    (one,) = compared(dataset, replace(Selection.default(dataset.choices), period=JOINED))
    told = partner_words.not_compared(one)
    assert told.startswith("Crewe Council is not compared: ")
    assert said in told


def test_without_wards_no_partner_is_compared_and_it_is_said(library, tmp_path):
    import_agency([council(tmp_path, *reports("02/2025", 8))], library, mapping=COUNCIL)
    dataset = open_dataset(library)
    (one,) = compared(dataset, Selection.default(dataset.choices))
    assert partner_words.not_compared(one).endswith("no ward boundaries are loaded to count by.")


def test_a_partner_of_another_area_is_not_compared(library, tmp_path):
    save(tmp_path / "next", month_csv("2025-02", 6, force=MERSEYSIDE), "2025-02-m-street.csv")
    import_police_uk([tmp_path / "next"], library)
    frame = squares(25, ("E05000001",)).set_geometry([NEAR], crs="EPSG:27700")
    import_wards([geojson(tmp_path, frame)], library)
    import_agency([council(tmp_path, *reports("02/2025", 8))], library, mapping=COUNCIL)
    dataset = open_dataset(library)
    asked = replace(Selection.default(dataset.choices), area="force:merseyside-police")
    (one,) = compared(dataset, asked)
    assert "of its 8 reports in the months asked for, none lies in Merseyside Police" in (
        partner_words.not_compared(one)
    )


def test_a_link_and_a_command_choose_sources_alike(library, tmp_path):
    import_agency([council(tmp_path, *reports("02/2025", 8))], library, mapping=COUNCIL)
    choices = open_dataset(library).choices
    asked, notices = Selection.from_query({"sources": "crewe-council <b>"}, choices)
    assert asked.sources == choices.counting(["Crewe Council"], [])[0] == ("crewe-council",)
    assert len(notices) == 1
    assert Selection.from_query(asked.to_query(), choices) == (asked, [])
    assert Selection.from_query({"sources": "police-uk"}, choices)[0].sources == ()
    assert "Crewe Council, " in asked.in_words(choices)
    with pytest.raises(SelectionError, match=r"there is police\.uk, Crewe Council"):
        choices.counting(["Chester"], [])


def test_a_partners_row_belongs_to_the_force_of_its_ward():
    wards = builders.wards({"E1": (0, 0, 1000), "E2": (1000, 0, 1000)})
    wards["authority"] = ["A1", "A2"]
    police = [
        (500, 500, "2025-01", "x", "s", CHESHIRE),
        (1500, 500, "2025-01", "x", "s", MERSEYSIDE),
    ]
    theirs = [
        (600, 500, "2025-01"),
        (700, 500, "2025-01"),
        (1600, 500, "2025-01"),
        (None, None, "2025-01"),
    ]
    rows = builders.incidents(
        [*police, *theirs],
        source=["police.uk"] * 2 + ["Council"] * 4,
    )
    rows["force"] = pd.Categorical([CHESHIRE, MERSEYSIDE, *["Council"] * 4])
    found = sources.in_forces(rows, wards, {})
    assert found["force"].tolist()[2:] == [CHESHIRE, CHESHIRE, MERSEYSIDE, CHESHIRE]
    named = sources.in_forces(rows, wards, {"Council": MERSEYSIDE})
    assert named["force"].tolist()[2:] == [CHESHIRE, CHESHIRE, MERSEYSIDE, MERSEYSIDE]
    alone = sources.in_forces(rows.iloc[2:], wards, {})
    assert set(alone["force"]) == {"Council"}


def test_a_few_stray_rows_of_a_neighbour_make_no_month_partial():
    months = ["2025-01", "2025-02", "2025-03"]
    rows = [(0, 0, month, "Anti-social behaviour", "s", MERSEYSIDE) for month in months]
    theirs = [(0, 0, month, "Anti-social behaviour", "s", CHESHIRE) for month in months * 50]
    stray = [(0, 0, "2025-01", "Anti-social behaviour", "s", MERSEYSIDE)]
    table = builders.incidents(
        [*rows, *theirs, *stray], source=["police.uk"] * 3 + ["Council"] * 151
    )
    period = Period.parse("2025-01", "2025-03")
    assert counts.supply(table, period, forces=[MERSEYSIDE]).tolist() == ["held"] * 3


def test_a_month_of_a_source_is_replaced_whole_and_the_mapping_kept(library, tmp_path):
    first = council(tmp_path, *reports("01/2025", 5), *reports("02/2025", 7))
    import_agency([first], library, mapping=COUNCIL)
    second = council(tmp_path, *reports("02/2025", 3), name="february.csv")
    said = import_agency([second], library, mapping=COUNCIL).sentences()
    assert "Crewe Council: 1 month replaced (February 2025)." in said
    assert any("had 7 rows and now has 3" in sentence for sentence in said)
    held = library.catalogue().set_index(["source", "month"])["rows"]
    assert held.loc["Crewe Council"].to_dict() == {
        pd.Period("2025-01"): 5,
        pd.Period("2025-02"): 3,
    }
    folder = library.folder.parent
    assert mapping_of(folder, "Crewe Council") == COUNCIL
    assert mappings(folder) == {"Crewe Council": COUNCIL}
    salt = folder / "mappings" / "salt"
    assert (salt.stat().st_mode & 0o077, salt.stat().st_size) == (0, SALT_BYTES)
    assert library.forget("Crewe Council") == 2
    assert set(library.catalogue()["source"]) == {"police.uk"}


def test_files_of_one_month_are_put_together_and_the_same_file_read_once(library, tmp_path):
    north = council(tmp_path, *reports("01/2025", 5), name="north.csv")
    south = council(tmp_path, *reports("01/2025", 4, "Nuisance"), name="south.csv")
    again = council(tmp_path, *reports("01/2025", 5), name="again.csv")
    report = import_agency([south, north, again], library, mapping=COUNCIL)
    assert report.months[0].rows == 9
    assert any("the same file; it was read once" in one for one in report.sentences())
    theirs = open_dataset(library).incidents.loc[lambda rows: rows["source"] != "police.uk"]
    assert theirs["qualifier"].value_counts().to_dict() == {
        "personal": 5, "nuisance": 4, "environmental": 0,
    }  # fmt: skip


def test_what_fails_changes_nothing(library, tmp_path):
    before = library.identity()
    good, bad = council(tmp_path, *reports("01/2025", 5)), council(tmp_path, "x,y", name="bad.csv")
    with pytest.raises(SourceError):
        import_agency([bad], library, mapping=COUNCIL)
    with pytest.raises(SourceError, match="choose another"):
        import_agency([good], library, mapping=replace(COUNCIL, source="Police.UK"))
    assert library.identity() == before
    assert mappings(library.folder.parent) == {}


def test_a_slip_of_the_pen_stretches_no_period(library, tmp_path):
    before = open_dataset(library).choices.period
    path = council(tmp_path, *reports("02/2025", 8), "03/02/2052 21:00,397764,384356,Personal,N")
    said = import_agency([path], library, mapping=COUNCIL).sentences()
    assert any("1 row: their date is still to come" in each for each in said)
    assert open_dataset(library).choices.period == before


def test_two_sources_cannot_share_one_place(library, tmp_path):
    path = council(tmp_path, *reports("01/2025", 5))
    import_agency([path], library, mapping=COUNCIL)
    with pytest.raises(SourceError, match="too much like “Crewe Council”"):
        import_agency([path], library, mapping=replace(COUNCIL, source="Crewe, council"))


def test_postcodes_are_kept_and_place_reports(library, tmp_path):
    codes = tmp_path / "codes.csv"
    codes.write_text("Postcode,Eastings,Northings\nSK9 1AA,397764,384356\nBT1 1AA,1,2\nx,1,2\n")
    report = import_postcodes([codes], library)
    assert report.sentences()[0] == "Read 1 file: 1 postcode."
    path = tmp_path / "by postcode.csv"
    path.write_text("When,Place\n03/01/2025,sk9 1aa\n04/01/2025,ZZ1 1ZZ\n")
    mapping = Mapping(source="Landlord", columns={"begins": "When", "postcode": "Place"})
    import_agency([path], library, mapping=mapping)
    rows = open_dataset(library).incidents.loc[lambda frame: frame["source"] == "Landlord"]
    assert rows["place_precision"].tolist() == ["postcode", "none"]
    assert (rows.geometry.iloc[0].x, rows["time_precision"].iloc[0]) == (397_764, "date")


def test_a_mapping_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SourceError, match="There is no file"):
        read_mapping(tmp_path / "none.toml")
