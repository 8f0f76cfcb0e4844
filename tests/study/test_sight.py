"""What may not be seen is gone before anything is worked out."""

import pickle
from dataclasses import replace

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspots.analysis.same_events import row_keys
from hotspots.errors import DeniedError
from hotspots.selection import EVERYWHERE, Selection
from hotspots.study import find, monthly_points, points, study
from hotspots.study.scanned import tells_days
from hotspots.study.sight import EVERYTHING, FIELDS, OPEN_DATA, Grant, Sight, seen
from hotspots.study.weeks import has_weeks
from hotspots.tables.incidents import asb
from tests import planted
from tests.planted import AGENCY, CANARY, MARKS


@pytest.fixture(scope="module")
def whole():
    return planted.dataset()


def bytes_of(dataset):
    """Everything a dataset holds: names of unused categories too."""
    parts = (
        dataset.held,
        dataset.incidents,
        dataset.assignment,
        dataset.catalogue,
        dataset.holdings,
    )
    return pickle.dumps((*parts, dataset.choices, dataset.force_of_authority)).lower()


def test_the_agency_is_in_the_whole(whole):
    assert CANARY.encode() in bytes_of(whole)
    assert any(CANARY in area for area in whole.choices.areas)


def test_nothing_of_a_source_is_left_for_those_who_may_not_see_it(whole):
    shown = seen(whole, OPEN_DATA)
    assert CANARY.encode() not in bytes_of(shown)
    assert len(shown.incidents) == len(whole.incidents) - 40
    assert set(shown.incidents["source"]) == {"police.uk"}


def test_what_is_seen_is_counted_like_any_other_data(whole):
    shown = seen(whole, OPEN_DATA)
    found = find(study(shown, Selection.default(shown.choices)))
    assert len(found.hotspots)
    assert found.hotspots["incidents"].sum() < len(shown.incidents)


def test_those_who_see_everything_get_the_same_value(whole):
    assert seen(whole, EVERYTHING) is whole


def test_a_view_of_part_has_an_identity_of_its_own(whole):
    one, other = seen(whole, OPEN_DATA), seen(whole, Sight((Grant(hidden=frozenset({"kind"})),)))
    assert len({whole.identity, one.identity, other.identity}) == 3
    assert one.identity == seen(whole, OPEN_DATA).identity


@pytest.mark.parametrize("field", FIELDS)
def test_a_hidden_field_is_empty_in_every_row_and_no_other_is(whole, field):
    shown = seen(
        whole, Sight((Grant(OPEN_DATA.grants[0].sources), Grant(hidden=frozenset({field}))))
    )
    before = whole.incidents.loc[whole.incidents["source"] == AGENCY]
    after = shown.incidents.loc[before.index]
    empty = after[field].astype("object").where(after[field].notna(), "")
    assert set(empty.astype(str)) == {""}
    if field in MARKS:
        assert MARKS[field].encode() not in bytes_of(shown)
    times = {"occurred_from", "occurred_to"}
    kept = set(FIELDS) - ({field} | times if field in times else {field})
    for name in kept:
        pd.testing.assert_series_equal(after[name].astype("object"), before[name].astype("object"))
    assert set(after["time_precision"]) == ({"month"} if field in times else {"instant"})


def test_places_are_moved_to_the_middle_of_their_square(whole):
    shown = seen(whole, Sight((Grant(OPEN_DATA.grants[0].sources), Grant(square_m=100))))
    own = shown.incidents["source"] == AGENCY
    moved = shapely.get_coordinates(shown.incidents.geometry[own].to_numpy())
    assert (moved % 100 == 50).all()
    before = shapely.get_coordinates(whole.incidents.geometry[own].to_numpy())
    assert (abs(moved - before) <= 50).all()
    assert set(shown.incidents["place_precision"][own]) == {"snap point"}
    others = ~own
    assert shown.incidents.geometry[others].equals(whole.incidents.geometry[others])


def test_reports_outside_the_areas_of_a_grant_are_not_seen(whole):
    first, second = (f"ward:{code}" for code in whole.wards.index[:2])
    for area, expected in ((first, 40), (second, 0), ("ward:E00000000", 0)):
        sight = Sight((*OPEN_DATA.grants, Grant(frozenset({AGENCY}), areas=frozenset({area}))))
        assert (seen(whole, sight).incidents["source"] == AGENCY).sum() == expected


def test_of_two_reports_of_one_event_the_one_that_may_be_seen_is_counted(whole):
    keys = row_keys(asb(whole.held))
    theirs = keys[whole.held["source"].loc[keys.index] == AGENCY]
    others = keys[(whole.held["source"] == "police.uk").loc[keys.index]]
    pair = tuple(sorted((theirs.iloc[0], others.iloc[0])))
    for sight, source, rows in (
        (OPEN_DATA, "police.uk", len(others)),
        (Sight((Grant(frozenset({AGENCY})),)), AGENCY, len(theirs)),
    ):
        shown = seen(whole, sight, [pair])
        assert (asb(shown.incidents)["source"] == source).sum() == rows
    hiding = Sight((Grant(hidden=frozenset({"kind"})),))
    shown = seen(whole, hiding, [pair])
    assert len(shown.incidents) == len(whole.held) - 1
    assert len(shown.held) == len(whole.held)


def test_where_nothing_may_be_seen_one_sentence_says_so(whole):
    with pytest.raises(DeniedError, match="None of the reports"):
        seen(whole, Sight((Grant(frozenset({"Nobody"})),)))


@given(
    sources=st.lists(st.sampled_from(["police.uk", AGENCY, "other"]), max_size=2),
    hidden=st.sets(st.sampled_from(FIELDS)),
    square_m=st.sampled_from([0, 100, 1000]),
)
def test_sights_that_differ_have_keys_that_differ(sources, hidden, square_m):
    grant = Grant(frozenset(sources), frozenset(hidden), square_m)
    assert (Sight((grant,)).words == EVERYTHING.words) == (grant == EVERYTHING.grants[0])
    again = Grant(frozenset(reversed(sources)), frozenset(sorted(hidden)), square_m)
    assert Sight((grant,)).words == Sight((again,)).words
    assert Sight((grant,)).words != Sight((Grant(frozenset({"x"}), frozenset(hidden)),)).words


def test_the_months_on_the_map_are_those_that_may_be_seen(whole):
    """A source kept back puts no dot in any month; one seen in squares has no other place."""
    everything = everywhere(whole)
    kept_back = everywhere(seen(whole, OPEN_DATA))
    mine = everything.asb["source"] == AGENCY
    assert mine.any()
    shown = monthly_points(kept_back)
    assert shown["incidents"].sum() == len(kept_back.located)
    assert shown["incidents"].sum() < monthly_points(everything)["incidents"].sum()
    assert CANARY not in points(kept_back).to_csv().lower()
    side = 500
    squares = everywhere(seen(whole, Sight((OPEN_DATA.grants[0], Grant(square_m=side)))))
    theirs = points(squares).loc[lambda table: table["source"] == AGENCY]
    offset = theirs[["easting", "northing"]].to_numpy() % side
    assert len(theirs)
    assert (offset == side / 2).all()
    assert set(monthly_points(squares)["point"]) <= {-1, *range(len(points(squares)))}


def test_weeks_and_days_are_not_told_to_those_who_may_not_see_times(whole):
    hidden = seen(whole, Sight((Grant(hidden=frozenset({"occurred_from"})),)))
    assert not has_weeks(everywhere(hidden))
    assert not tells_days(everywhere(hidden))
    assert (
        has_weeks(everywhere(whole)) == (everywhere(whole).asb["time_precision"] != "month").any()
    )


def everywhere(dataset):
    """All sources, over all months, of the whole area that both sources lie in."""
    asked = Selection.default(dataset.choices)
    sources = tuple(dataset.sources)
    area = EVERYWHERE if EVERYWHERE in dataset.choices.areas else asked.area
    period = dataset.period_of(sources)
    return study(dataset, replace(asked, area=area, period=period, sources=sources))
