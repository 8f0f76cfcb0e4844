"""One selection, one answer: areas, months and parts of the illustrative sample."""

from dataclasses import replace

import pandas as pd
import pytest
import shapely

from hotspots.errors import SelectionError
from hotspots.library import Library, import_police_uk
from hotspots.periods import Period
from hotspots.selection import Choices, Selection
from hotspots.settings import SAMPLE
from hotspots.sources import sample
from hotspots.study import (
    certainty,
    evidence,
    find,
    in_its_ward,
    months,
    named_area,
    news,
    open_dataset,
    part,
    patrol,
    points,
    study,
)
from hotspots.views import evidence_words, when_words, where_words


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("empty")))


@pytest.fixture(scope="module")
def selection(dataset):
    return Selection.default(dataset.choices)


@pytest.fixture(scope="module")
def whole(dataset, selection):
    return study(dataset, selection)


@pytest.fixture(scope="module")
def found(whole):
    return find(whole)


def code_of(dataset, start):
    return next(code for code, name in dataset.choices.areas.items() if name.startswith(start))


def test_the_sample_opens_until_something_is_imported(dataset, tmp_path):
    assert dataset.made_up
    library = Library(tmp_path)
    import_police_uk([next(iter(sorted((SAMPLE / "police_uk").glob("2025-1*"))))], library)
    imported = open_dataset(library)
    assert not imported.made_up
    assert imported.identity != dataset.identity
    assert imported.choices.period == Period.parse("2025-10", "2025-10")
    assert imported.wards.empty
    asked = study(imported, Selection.default(imported.choices))
    assert len(find(asked).hotspots) >= 0
    assert pd.isna(asked.ground_m2)


def test_wards_add_up_to_their_authority_and_authorities_to_the_force(dataset, selection, whole):
    authorities = [c for c in dataset.choices.areas if c.startswith("authority:")]
    parts = [study(dataset, replace(selection, area=code)) for code in authorities]
    assert sum(len(one.located) for one in parts) == len(whole.located) - whole.in_no_ward
    wards = [f"ward:{code}" for code in parts[0].wards.index]
    by_ward = [study(dataset, replace(selection, area=code)) for code in wards]
    assert sum(len(one.asb) for one in by_ward) == len(parts[0].asb)
    assert sum(one.ground_m2 for one in by_ward) == pytest.approx(parts[0].ground_m2)


def test_only_a_whole_force_has_reports_without_a_place(dataset, selection, whole):
    assert whole.without_place > 0
    one = study(dataset, replace(selection, area=code_of(dataset, "Crewe Centre")))
    assert one.without_place == 0
    assert one.forces == whole.forces


def test_an_area_that_is_not_there_is_refused(dataset, selection):
    with pytest.raises(SelectionError, match="not a study area"):
        study(dataset, replace(selection, area="ward:E99999999"))


@pytest.mark.parametrize("text", ["Crewe Centre", "crewe centre", " CREWE CENTRE "])
def test_areas_are_named_as_people_name_them(dataset, text):
    assert dataset.choices.areas[named_area(text, dataset.choices.areas)].startswith("Crewe Centre")


def test_a_name_that_means_two_areas_is_asked_about():
    areas = {"ward:E1": "Central (ward in Crewe)", "ward:E2": "Central (ward in Chester)"}
    with pytest.raises(SelectionError, match="ward:E1 = Central"):
        named_area("central", areas)
    with pytest.raises(SelectionError, match="not a study area"):
        named_area("Nowhere", areas)


def test_months_outside_what_is_held_are_named():
    choices = Choices("0", {}, Period.parse("2025-01", "2025-12"))
    with pytest.raises(SelectionError, match="2025-01 to 2025-12 is what is loaded"):
        choices.within(Period.parse("2024-12", "2025-02"))


def test_hotspot_months_add_up_to_the_table(dataset, selection, whole, found):
    before = study(dataset, replace(selection, period=selection.period.year_before()))
    for number, row in found.hotspots.head(5).iterrows():
        subject = f"hotspot:{row['key']}"
        assert len(part(whole, subject, found.hotspots)) == row["incidents"]
        table = months(whole, before, subject, found.hotspots)
        assert table["count"].sum() == row["incidents"]
        held, of_ward = in_its_ward(whole, found.hotspots, number)
        assert 0 < held <= of_ward


def test_months_of_a_patrol_area_are_those_of_its_outline(dataset, selection, whole, found):
    areas = patrol(whole, found, count=3, size_ha=5)
    before = study(dataset, replace(selection, period=selection.period.year_before()))
    for number, row in areas.iterrows():
        subject = f"ground:{areas.geometry.loc[number].wkt}"
        assert len(part(whole, subject, found.hotspots)) == row["incidents"]
        assert months(whole, before, subject, found.hotspots)["count"].sum() == row["incidents"]


def test_points_hold_every_located_report(whole):
    table = points(whole)
    assert table["incidents"].sum() == len(whole.located)
    assert not table.duplicated(["easting", "northing"]).any()


def test_shares_add_up_and_footprints_never_overlap(found, whole):
    assert found.share == pytest.approx(found.hotspots["incidents"].sum() / len(whole.located))
    union = found.hotspots.union_all().area
    assert union == pytest.approx(found.area_m2)


def test_each_hotspot_stands_beyond_chance_at_the_number_chosen(whole, found):
    sure = certainty(whole, found)
    assert (sure["p"] <= 0.05).all()
    assert sure.index.equals(found.hotspots.index)


def test_the_planted_past_of_places_is_seen(dataset, whole, found):
    past = evidence.history(evidence.all_months(dataset, whole), found)
    sites = {sample.NEW_HOTSPOT: "emerging", sample.ON_OFF_HOTSPOT: "intermittent"}
    for site, verdict in sites.items():
        place = shapely.Point(site.easting, site.northing)
        nearest = found.hotspots.distance(place).idxmin()
        assert found.hotspots.distance(place).min() < site.radius_m
        assert past.loc[nearest, "verdict"] == verdict, site.name


def test_fewer_months_are_learnt_from_where_fewer_are_held(dataset, selection):
    period = Period.parse("2025-01", "2025-10")
    short = study(dataset, replace(selection, period=period))
    card = evidence.scorecard(short)
    assert card.train == 5
    assert len(card.by_origin["origin"].unique()) == 3


def test_concentration_counts_every_report_once(whole):
    measures, curve = evidence.concentration(whole)
    assert measures["incidents"].tolist() == [len(whole.located)] * 3
    assert curve["share_of_incidents"].is_monotonic_increasing


def test_what_was_planted_lately_is_news(dataset, whole):
    found = news(dataset, whole)
    listed = found.changes.table
    names = when_words.names(found)
    assert (listed["direction"] == "up").all()
    assert any("Crewe Station" in names[code] for code in listed.index)
    assert [str(step.month) for step in found.breaks] == [str(sample.BREAK_MONTH)]
    assert " up beyond chance in October to December 2025" in when_words.changed(found)
    assert "April 2024" in when_words.stepped(found.breaks)


def test_nothing_is_said_to_have_changed_where_too_little_is_held(dataset, selection):
    short = replace(selection, period=Period.parse("2023-01", "2023-02"))
    found = news(dataset, study(dataset, short))
    assert found.changes.table.empty
    assert "Too few months" in when_words.changed(found)


def test_a_quiet_ward_is_not_scored_and_its_few_reports_are_not_called_a_pattern(
    dataset, selection
):
    quiet = study(dataset, replace(selection, area=code_of(dataset, "Tarporley")))
    card = evidence.scorecard(evidence.all_months(dataset, quiet))
    assert evidence_words.too_few(card)
    assert "Too few reports" in evidence_words.finding(card)
    chance = find(quiet).calibration.false_alarm_rate(4)
    said = where_words.how_many_make_one(least=4, radius_m=100, chance=chance)
    assert "not a pattern" in said
