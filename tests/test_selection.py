"""A link reproduces the view; nonsense in a link falls back, and says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.errors import SelectionError
from hotspots.periods import Period, parse_month
from hotspots.selection import SHADES, Choices, Selection
from hotspots.settings import MIN_INCIDENTS, RADIUS_M

HELD = Period.parse("2023-01", "2025-12")
CHOICES = Choices(
    data="0123456789ab",
    areas={"force:cheshire": "Cheshire", "ward:E05": "Upton (ward in Chester)"},
    period=HELD,
    vintages=(2025, 2020),
)

months = st.integers(0, len(HELD) - 1).map(lambda n: HELD.first + n)
selections = st.builds(
    Selection,
    data=st.just(CHOICES.data),
    area=st.sampled_from(sorted(CHOICES.areas)),
    period=st.tuples(months, months).map(lambda pair: Period(min(pair), max(pair))),
    radius_m=st.integers(RADIUS_M.low, RADIUS_M.high),
    min_incidents=st.none() | st.integers(MIN_INCIDENTS.low, MIN_INCIDENTS.high),
    vintage=st.sampled_from(CHOICES.vintages),
    hotspot=st.none() | st.sampled_from(["SJ70455560", "SJ7045155601"]),
    shade=st.sampled_from(sorted(SHADES)),
    heat=st.booleans(),
    points=st.booleans(),
)


@given(selections)
def test_a_link_reproduces_the_view(selection):
    assert Selection.from_query(selection.to_query(), CHOICES) == (selection, [])


NAMES = ["area", "from", "to", "radius", "min", "wards", "hotspot", "shade", "show", "data"]


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_any_link_gives_a_selection_within_what_is_held(query):
    selection, notices = Selection.from_query(query, CHOICES)
    assert selection.area in CHOICES.areas
    assert selection.period.first in HELD
    assert selection.period.last in HELD
    assert RADIUS_M.low <= selection.radius_m <= RADIUS_M.high
    assert selection.min_incidents is None or selection.min_incidents >= MIN_INCIDENTS.low
    assert all(notice.endswith(".") for notice in notices)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"radius": "9" * 400}, "radius"),
        ({"radius": "99999"}, "300 is the nearest"),
        ({"radius": "١٠٠"}, "radius"),
        ({"min": "-3"}, "min"),
        ({"area": "<script>"}, "area"),
        ({"from": "2025-13"}, "from"),
        ({"to": "1999-01"}, "to"),
        ({"from": "2025-02", "to": "2025-01"}, "backwards"),
        ({"wards": "1999"}, "wards"),
        ({"hotspot": "<img src=x>"}, "hotspot"),
        ({"shade": "red"}, "shade"),
        ({"data": "ffffffffffff"}, "changed"),
    ],
)
def test_nonsense_falls_back_with_a_notice(query, said):
    selection, notices = Selection.from_query(query, CHOICES)
    assert len(notices) == 1
    assert said in notices[0]
    assert len(notices[0]) < 150
    assert selection.area == "force:cheshire"


def test_the_default_is_the_newest_year_of_the_first_area():
    selection = Selection.default(CHOICES)
    assert str(selection.period) == "2025-01 to 2025-12"
    assert selection.area == "force:cheshire"
    assert selection.vintage == 2025
    assert selection.min_incidents is None


def test_the_role_is_never_in_a_link():
    query = Selection(data="0", role="officer", period=HELD).to_query()
    assert "officer" not in "".join(query.values())


def test_only_what_changes_the_analysis_is_part_of_the_question():
    first = Selection(data="0", period=HELD, hotspot="SJ70455560", heat=True, shade="rate")
    second = Selection(data="0", period=HELD, points=False)
    assert first.question() == second.question()
    assert first.question() != Selection(data="0", period=HELD, radius_m=150).question()


def test_words_name_area_months_radius_and_rule():
    words = Selection(data="0", period=HELD, area="ward:E05", min_incidents=12).in_words(CHOICES)
    assert words == (
        "Upton (ward in Chester), January 2023 to December 2025, at least 12 reports within 100 m"
    )


@pytest.mark.parametrize(
    "text", ["", "2025", "2025-13", "2025-1", "25-01", "2025-01-01", "x" * 99, "\n"]
)
def test_what_is_not_a_month_is_refused_in_one_sentence(text):
    with pytest.raises(SelectionError, match="is not a month; write it as 2025-03") as caught:
        parse_month(text)
    assert "\n" not in str(caught.value)


def test_a_period_may_not_run_backwards():
    with pytest.raises(SelectionError, match="begins"):
        Period.parse("2025-02", "2025-01")


def test_a_period_knows_its_months():
    period = Period.parse("2024-11", "2025-02")
    assert [str(month) for month in period] == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert parse_month("2025-02") in period
    assert parse_month("2025-03") not in period
    assert str(period.previous()) == "2024-07 to 2024-10"
