import re
from datetime import UTC, datetime
from io import BytesIO

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from hotspots.action import visits
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry
from hotspots.publish.formats import Stamp
from hotspots.publish.monthly_return import FIGURES, TOTAL, monthly_return
from hotspots.publish.return_files import return_csv, return_xlsx
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables.patrol_areas import PatrolAreas
from tests.builders import incidents

JUNE = pd.Period("2025-06", "M")
STAMP = Stamp("All, June 2025", "?area=all", "0a1b2c", "1", "made up")
HOSTILE = '=HYPERLINK("http://evil")'


def areas(**squares):
    return PatrolAreas(
        gpd.GeoDataFrame(
            {"key": list(squares)},
            geometry=[shapely.box(*corners) for corners in squares.values()],
            crs=BRITISH_NATIONAL_GRID,
            index=pd.RangeIndex(1, len(squares) + 1, name="number"),
        )
    )


def visit(area, started, minutes=15, outline="", **facts):
    start = pd.Timestamp(started, tz="Europe/London").to_pydatetime()
    ended = start + pd.Timedelta(minutes=minutes)
    told = {"area": area, "area_name": f"Place {area}", "study_area": "all", "outline": outline}
    return Entry(started=start, ended=ended, **told, **facts)


@pytest.fixture
def held(tmp_path):
    records = open_records(tmp_path)
    told = [
        visit("A", "2025-06-01 00:05", officers=2, arrests=1),
        visit("A", "2025-06-15 18:00", searches=2, cpw=1, dispersals=3),
        visit("A", "2025-07-01 00:05"),  # 23:05 on 30 June in UTC: July's all the same
        visit("OLD", "2025-06-30 23:55", 10, shapely.box(1000, 0, 1100, 100).wkt, cpn=1),
        visit("GONE", "2025-06-30 12:00", 10, "nonsense", warnings=4, other_powers=1),
    ]
    ids = [visits.new_id() for _ in told] + [visits.new_id()]
    slip = visit("A", "2025-06-02 10:00", arrests=9)
    visits.log(records, [*told, slip], by="PC Green", ids=ids, now=datetime.now(UTC))
    visits.withdraw(records, ids[-1], 1, by="PC Green", why="slip")
    return visits.visits(records)


REPORTS = [
    (50, 50, "2025-06"),
    (50, 50, "2025-06"),  # identical rows are separate reports
    (50, 50, "2025-05"),
    (100, 50, "2025-06"),  # on the edge of A and of B: the first has it
    (150, 50, "2025-06"),
    (1050, 50, "2025-06"),  # in an area that has since moved
    (5000, 50, "2025-06"),
    (None, None, "2025-06"),
]


@pytest.fixture
def made(held):
    now = areas(A=(0, 0, 100, 100), B=(100, 0, 200, 100))
    return monthly_return(JUNE, held, now, incidents(REPORTS), {"A": HOSTILE, "B": "Mill Lane"})


def test_each_area_has_what_was_delivered_and_reported_there(made):
    table = made.table
    assert list(table.index) == ["A", "B", "GONE", "OLD", TOTAL]
    assert table.loc["A", list(FIGURES)].tolist() == [0.75, 2, 3, 1, 2, 0, 1, 0, 3, 0]
    assert table.loc["B", list(FIGURES)].tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert table.loc["OLD", ["patrols", "reports", "cpn"]].tolist() == [1, 1, 1]
    assert table.loc["GONE", ["patrols", "reports", "warnings"]].tolist() == [1, 0, 4]
    assert table.loc[TOTAL, "patrols"] == 4


def test_every_number_is_the_sum_of_its_rows(made):
    each = made.table.drop(index=TOTAL)
    assert each[list(FIGURES)].sum().tolist() == made.table.loc[TOTAL, list(FIGURES)].tolist()
    for figure in FIGURES:
        if figure == "reports":
            summed = made.reports["area"].value_counts()
        elif figure == "patrols":
            summed = made.visits["area"].value_counts()
        else:
            summed = made.visits.groupby("area")[figure].sum()
        pd.testing.assert_series_equal(
            each[figure].astype("float64"),
            summed.reindex(each.index, fill_value=0).astype("float64"),
            check_names=False,
        )


def test_a_month_that_is_not_loaded_has_no_reports_rather_than_none(held):
    made = monthly_return(JUNE, held, areas(A=(0, 0, 100, 100)), None, {"A": "A"})
    assert made.table["reports"].isna().all()
    book = openpyxl.load_workbook(BytesIO(return_xlsx(made, STAMP)))
    assert book["Return"]["E2"].value is None
    assert book["Check"]["D2"].value == "not loaded"


def test_a_return_of_nothing_is_noughts(tmp_path):
    made = monthly_return(JUNE, visits.none(), areas(), incidents([]), {})
    assert made.table.loc[TOTAL, list(FIGURES)].tolist() == [0] * len(FIGURES)
    assert return_xlsx(made, STAMP)
    assert return_csv(made, STAMP)


def workbook(made):
    return openpyxl.load_workbook(BytesIO(return_xlsx(made, STAMP)))


def test_the_workbook_holds_the_return_and_runs_nothing_of_ours(made):
    book = workbook(made)
    assert book.sheetnames == ["Return", "Visits", "Reports", "Check", "About"]
    rows = list(book["Return"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Area", "Name", "Officer-hours", "Patrols")
    assert rows[1] == ("A", "'" + HOSTILE, 0.75, 2, 3, 1, 2, 0, 1, 0, 3, 0)
    for name in ("Return", "Visits", "Reports", "About"):
        cells = [cell for row in book[name].iter_rows() for cell in row]
        assert not any(cell.data_type == "f" for cell in cells)
    words = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    assert "PC Green" not in " ".join(words), "no officer is named"
    assert "0a1b2c" in words


def evaluated(book, formula):
    """What a formula of the sheet Check comes to, worked out from the other sheets."""
    here, how, rest = re.fullmatch(r"=ROUND\((\S+?)-(\w+)\((.+)\),6\)", formula).groups()

    def cells(reference):
        sheet, _, block = reference.partition("!")
        got = book[sheet][block.replace("$", "")]
        return [c.value for (c,) in got] if isinstance(got, tuple) else got.value

    parts = rest.split(",")
    first = cells(parts[0])
    if how == "SUM":
        value = sum(v or 0 for v in first)
    elif how == "COUNTA":
        value = sum(v is not None for v in first)
    elif how == "COUNTIF":
        value = sum(v == cells(parts[1]) for v in first)
    else:
        assert how == "SUMIF"
        pairs = zip(first, cells(parts[2]), strict=True)
        value = sum(v for k, v in pairs if k == cells(parts[1]))
    return round(cells(here) - value, 6)


def test_the_sheet_that_checks_comes_to_noughts_and_sees_a_slip(made):
    book = workbook(made)
    formulas = [c.value for row in book["Check"].iter_rows(min_row=2, min_col=2) for c in row]
    assert len(formulas) == len(made.table) * len(FIGURES)
    assert {evaluated(book, formula) for formula in formulas} == {0}
    book["Visits"]["H2"].value = 99
    assert sum(evaluated(book, formula) != 0 for formula in formulas) == 2  # its area and total


def test_the_same_return_gives_the_same_bytes(made):
    assert return_xlsx(made, STAMP) == return_xlsx(made, STAMP)
    assert b"'=HYPERLINK" in return_csv(made, STAMP)
