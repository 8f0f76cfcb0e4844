"""Charts are data: what is drawn is what was counted, and a gap is a gap."""

import json

import pandas as pd
import pytest

from hotspots.analysis import counts
from hotspots.periods import Period
from hotspots.views import charts, month_charts, palette
from tests import builders

PERIOD = Period.parse("2025-01", "2025-04")
STATUS = pd.Series(["held", "missing", "partial", "held"], index=PERIOD.months)


@pytest.fixture
def months():
    now = counts.by_month(builders.incidents([(0, 0, "2025-01")] * 5), STATUS)
    return counts.beside_year_before(now, now.iloc[:0])


def records(specification):
    """Every data set of a chart, by name, as rows."""
    return list(specification["datasets"].values())


def layer_marks(specification):
    for layer in specification["layer"]:
        if "layer" in layer:
            yield from layer_marks(layer)
        else:
            yield layer["mark"]["type"] if isinstance(layer["mark"], dict) else layer["mark"]


@pytest.mark.parametrize("colors", [palette.CHART_LIGHT, palette.CHART_DARK])
def test_a_missing_month_has_no_count_and_is_named(months, colors):
    drawn = month_charts.months_chart(months, title="A finding", colors=colors).to_dict()
    counted = next(rows for rows in records(drawn) if rows and "low" in rows[0])
    assert [row["count"] for row in counted] == [5, None, 0, 0]
    gaps = next(rows for rows in records(drawn) if rows and "word" in rows[0])
    assert [row["word"] for row in gaps] == ["not supplied", "partly supplied"]
    assert {"area", "line", "rect", "text"} <= set(layer_marks(drawn))
    assert drawn["title"]["text"] == "A finding"


def test_the_two_lines_differ_in_dash_and_are_named_where_they_end(months):
    drawn = month_charts.months_chart(
        months.assign(year_before=[7, 8, 9, 10]), title="", colors=palette.CHART_LIGHT
    ).to_dict()
    named = [rows[0] for rows in records(drawn) if rows and "name" in rows[0]]
    assert [(row["name"], row["y"]) for row in named] == [
        (month_charts.BEFORE, 10),
        (month_charts.NOW, 0),
    ]
    assert "strokeDash" in json.dumps(drawn)


@pytest.mark.parametrize(("before", "offsets"), [(0, {-7, 7}), (10, {0})])
def test_names_of_lines_that_end_together_do_not_cover_each_other(months, before, offsets):
    drawn = month_charts.months_chart(
        months.assign(year_before=before), title="", colors=palette.CHART_LIGHT
    ).to_dict()
    ends = [layer["mark"] for layer in drawn["layer"] if layer["mark"].get("dx") == 8]
    assert {mark["dy"] for mark in ends} == offsets


def test_without_a_gap_no_empty_layer_is_left_for_a_screen_reader_to_name(months):
    whole = month_charts.months_chart(
        months.assign(status=counts.HELD), title="", colors=palette.CHART_LIGHT
    ).to_dict()
    assert "rect" not in set(layer_marks(whole))


def test_nothing_held_is_still_a_chart(months):
    nothing = months.assign(count=float("nan"), status="missing")
    drawn = month_charts.months_chart(nothing, title="", colors=palette.CHART_LIGHT).to_dict()
    assert drawn["layer"]


def test_crime_is_drawn_against_its_own_mean():
    asb = counts.by_month(
        builders.incidents([(0, 0, "2025-01")] * 30 + [(0, 0, "2025-04")] * 10),
        pd.Series("held", index=PERIOD.months),
    )
    drawn = month_charts.crime_chart(asb, asb, title="", colors=palette.CHART_LIGHT).to_dict()
    (rows,) = records(drawn)
    assert [row["index"] for row in rows[:4]] == [300, 0, 0, 100]
    assert {row["series"] for row in rows} == {month_charts.ASB_NAME, month_charts.OTHER_NAME}


def test_the_league_draws_the_busiest_wards_in_order():
    wards = builders.wards({f"E{n}": (n * 100, 0, 100) for n in range(20)}, residents=1000)
    table = builders.incidents([(n * 100 + 5, 5, "2025-01") for n in range(20) for _ in range(n)])
    ward = pd.Series([f"E{n}" for n in range(20) for _ in range(n)], index=table.index)
    league = counts.by_ward(table, ward, wards)
    drawn = charts.league_chart(league, title="", colors=palette.CHART_LIGHT, top=5).to_dict()
    (rows,) = records(drawn)
    assert [row["count"] for row in rows] == [19, 18, 17, 16, 15]


def test_a_printed_chart_is_on_white_and_says_what_it_was_made_from(months):
    chart = month_charts.months_chart(months, title="A finding", colors=palette.CHART_LIGHT)
    printed = charts.for_print(chart, "Cheshire · data 0123")
    assert printed["background"] == "white"
    assert printed["title"] == printed["title"] | {
        "text": "A finding",
        "subtitle": "Cheshire · data 0123",
    }


def test_a_month_whose_year_before_stands_alone_is_drawn_as_a_point(months):
    drawn = month_charts.months_chart(
        months.assign(year_before=[float("nan"), 8, float("nan"), float("nan")]),
        title="",
        colors=palette.CHART_LIGHT,
    ).to_dict()
    (before,) = (
        layer
        for layer in drawn["layer"]
        if layer.get("encoding", {}).get("y", {}).get("field") == "year_before"
        and layer["mark"]["type"] == "line"
    )
    assert before["mark"]["point"]["size"] > 0


def test_what_was_partly_supplied_is_named_in_the_middle_of_its_bar(months):
    drawn = month_charts.months_chart(months, title="", colors=palette.CHART_LIGHT).to_dict()
    (words,) = (
        layer
        for layer in drawn["layer"]
        if layer["mark"]["type"] == "text"
        and layer["encoding"].get("text", {}).get("field") == "word"
    )
    for row in drawn["datasets"][words["data"]["name"]]:
        assert row["month"] < row["middle"] < row["end"]
