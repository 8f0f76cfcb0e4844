import numpy as np
import pytest
import shapely
from scipy.stats import binomtest

from hotspots.analysis.mix import COLUMNS, location_quotients
from hotspots.settings import ASB
from hotspots.tables import incidents as incident_table
from tests.analysis.tables import incidents_at

SQUARE = shapely.box(0, 0, 100, 100)


def rows_of(**kinds):
    xy, category = [], []
    for kind, (inside, outside) in kinds.items():
        xy += [(50, 50)] * inside + [(500, 500)] * outside
        category += [kind] * (inside + outside)
    return incidents_at([*xy, None], category=[*category, "Drugs"])


def test_quotient_is_the_share_inside_over_the_usual_share():
    table = location_quotients(
        rows_of(Drugs=(20, 20), Burglary=(10, 110), Robbery=(9, 1), Theft=(0, 30)), SQUARE
    )
    assert list(table.columns) == list(COLUMNS)
    assert table.index.tolist() == ["Drugs", "Burglary", "Robbery", "Theft"]
    assert table["inside"].tolist() == [20, 10, 9, 0]
    assert table["study_area"].tolist() == [40, 120, 10, 30]
    assert table.loc["Drugs", "lq"] == pytest.approx((20 / 39) / (40 / 200))
    assert table.loc["Burglary", "lq"] == pytest.approx((10 / 39) / (120 / 200))
    # Nine inside are too few for a ratio.
    assert table.loc[["Robbery", "Theft"], ["lq", "lq_low", "lq_high"]].isna().all(axis=None)


def test_interval_is_the_exact_binomial():
    table = location_quotients(rows_of(Drugs=(20, 20), Burglary=(10, 110)), SQUARE)
    exact = binomtest(20, 30).proportion_ci(0.95, method="exact")
    assert table.loc["Drugs", "lq_low"] == pytest.approx(exact.low / (40 / 160))
    assert table.loc["Drugs", "lq_high"] == pytest.approx(exact.high / (40 / 160))


def test_one_category_alone_has_its_usual_share():
    table = location_quotients(rows_of(Drugs=(20, 5)), SQUARE)
    assert table.loc["Drugs", "lq"] == 1
    assert table.loc["Drugs", "lq_high"] == 1


def test_nothing_in_nothing_out():
    table = location_quotients(incident_table.empty(), SQUARE)
    assert list(table.columns) == list(COLUMNS)
    assert table.empty
    outside = location_quotients(incidents_at([(500, 500)] * 3, category=ASB), SQUARE)
    assert outside["inside"].tolist() == [0]
    assert np.isnan(outside["lq"].iloc[0])
