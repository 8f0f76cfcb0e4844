"""Months of map points and of wards: the same reports, cut another way."""

import base64
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import monthly_points, open_dataset, points, study, ward_months
from hotspots.views import maps, when_charts


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    dataset = open_dataset(Library(tmp_path_factory.mktemp("none")))
    return study(dataset, Selection.default(dataset.choices))


def numbers(text):
    return np.frombuffer(base64.b64decode(text), dtype="<u4")


def test_months_of_points_add_up_to_the_points(asked):
    months, every = monthly_points(asked), points(asked)
    by_point = months.loc[months["point"] >= 0].groupby("point")["incidents"].sum()
    assert by_point.tolist() == every["incidents"].tolist()
    held = asked.located["month"].value_counts().sort_index()
    assert months.groupby("label", sort=False)["incidents"].sum().tolist() == held.tolist()


def test_the_map_is_given_every_month_of_every_point_it_draws(asked):
    months, every = monthly_points(asked), points(asked)
    data = maps._month_data(months, maps._busiest(every))
    start, point, count = (numbers(data[name]) for name in ("start", "point", "count"))
    assert len(start) == len(data["labels"]) + 1
    assert start[-1] == len(point) == len(count)
    assert count.sum() == every["incidents"].sum()
    busiest = maps._busiest(every)["incidents"].to_numpy()
    assert np.bincount(point, count, len(busiest)).tolist() == busiest.tolist()
    for first, last in pairwise(start):
        assert (np.diff(count[first:last].astype(int)) <= 0).all(), "busiest first"


def test_a_month_that_was_not_supplied_is_on_the_slider_and_says_so(asked):
    status = asked.status.copy()
    month = status.index[3]
    status[month] = "missing"
    rows = asked.asb.loc[asked.asb["month"] != month]
    gap = replace(asked, asb=rows, status=status)
    labels = maps._month_data(monthly_points(gap), maps._busiest(points(gap)))["labels"]
    assert len(labels) == len(status)
    assert labels[3].endswith("(not supplied)")
    assert ward_months(gap).loc[month].isna().all()


def test_wards_month_by_month_are_the_study_areas_reports(asked):
    table = ward_months(asked)
    inside = asked.ward.loc[asked.asb.index].isin(asked.wards.index).sum()
    assert table.to_numpy().sum() == inside
    assert table.sum().is_monotonic_decreasing
    drawn = when_charts.small_multiples(
        table.iloc[:, :4], title="t", colors={"now": "#000000"}
    ).to_dict()
    assert drawn["columns"] == 5
    assert len(next(iter(drawn["datasets"].values()))) == 4 * len(table)
