"""What a study area holds: its hotspots, what chance would make of them, and its months."""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis import counts
from hotspots.analysis.certainty import assess
from hotspots.analysis.clustering import cluster
from hotspots.analysis.ground import ground
from hotspots.analysis.hotspots import find_hotspots, inside
from hotspots.analysis.null_model import Calibration, calibrate
from hotspots.analysis.places import gather_incidents
from hotspots.periods import month_in_words
from hotspots.study.cut import Study
from hotspots.study.sources import POLICE
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents, coordinates, located
from hotspots.tables.wards import Wards


@dataclass(frozen=True, eq=False)
class Found:
    """
    Hotspots of a study area, and what chance would make of them.

    Attributes
    ----------
    hotspots
        By rank.
    min_incidents
        Incidents within the walking radius that made a hotspot.
    loose
        Clusters that reach the number only over more ground than their footprint, and
        so are no hotspots.
    calibration
        What random worlds of as many incidents gave.
    """

    hotspots: Hotspots
    min_incidents: int
    loose: int
    calibration: Calibration

    @cached_property
    def share(self) -> float:
        """Share of the study area's located reports that lie in a hotspot."""
        return float(self.hotspots["share"].sum())

    @cached_property
    def area_m2(self) -> float:
        """Ground of all footprints, which never overlap, m²."""
        return float(self.hotspots.area.sum())


def find(asked: Study) -> Found:
    """Hotspots of a study area, at the number asked for or at the one chosen from the data."""
    radius_m, least = asked.selection.radius_m, asked.selection.min_incidents
    places = ground(coordinates(located(asked.crime)), radius_m=radius_m)
    calibration = calibrate(places.xy, incidents=len(asked.located), radius_m=radius_m)
    least = calibration.min_incidents if least is None else least
    hotspots = find_hotspots(
        asked.located,
        radius_m=radius_m,
        min_incidents=least,
        months=asked.months_held,
        wards=asked.wards,
    )
    clusters = cluster(gather_incidents(asked.located), radius_m=radius_m, min_incidents=least)
    return Found(
        hotspots=hotspots,
        min_incidents=least,
        loose=len(clusters) - len(hotspots),
        calibration=calibration,
    )


def certainty(asked: Study, found: Found) -> pd.DataFrame:
    """
    How sure each hotspot is, as `analysis.certainty.assess` says.

    Border: the outline of the study area's wards; data from beyond it is not clustered.
    """
    radius_m = asked.selection.radius_m
    places = ground(coordinates(located(asked.crime)), radius_m=radius_m)
    beside_crime = calibrate(
        places.xy, incidents=len(asked.located), radius_m=radius_m, weights=places.records
    )
    return assess(
        asked.located,
        found.hotspots,
        calibration=found.calibration,
        second=beside_crime,
        radius_m=radius_m,
        min_incidents=found.min_incidents,
        months=asked.months_held,
        boundary=_outline(asked.wards) if len(asked.wards) else None,
    )


def _outline(wards: Wards) -> shapely.MultiPolygon:
    whole = shapely.union_all(wards.geometry.to_numpy())
    return shapely.MultiPolygon(list(shapely.get_parts(whole)))


def part(asked: Study, subject: str, hotspots: Hotspots) -> Incidents:
    """
    ASB of one part of a study area.

    Parameters
    ----------
    asked
        The study area.
    subject
        "area" for all of it, "ward:" and a code, "hotspot:" and a key, or "ground:" and an
        outline as WKT, such as a patrol area's.
    hotspots
        The hotspots the key is one of.
    """
    kind, _, code = subject.partition(":")
    if kind == "ward":
        return Incidents(asked.asb.loc[asked.ward.loc[asked.asb.index] == code])
    if kind == "hotspot":
        one = Hotspots(hotspots.loc[hotspots["key"] == code])
        return Incidents(asked.asb.loc[inside(asked.asb, one) > 0])
    if kind == "ground":
        outline = gpd.GeoDataFrame(geometry=[shapely.from_wkt(code)], index=[1])
        return Incidents(asked.asb.loc[inside(asked.asb, Hotspots(outline)) > 0])
    return asked.asb


def in_its_ward(asked: Study, hotspots: Hotspots, number: int) -> tuple[int, int]:
    """
    Reports of a hotspot's ward that lie in the hotspot, and all of its ward.

    Returns
    -------
    inside, ward
        Both 0 outside the wards.
    """
    one = Hotspots(hotspots.loc[[number]])
    of_ward = part(asked, f"ward:{one['ward'].iloc[0]}", hotspots)
    return int((inside(of_ward, one) > 0).sum()), len(of_ward)


def months(now: Study, before: Study, subject: str, hotspots: Hotspots) -> pd.DataFrame:
    """
    Monthly counts of one part of a study area beside the same months a year before.

    Parameters
    ----------
    now, before
        The same study area over a period and the same months a year earlier.
    subject, hotspots
        As for `part`.

    Returns
    -------
    months
        As `analysis.counts.beside_year_before` gives them.
    """
    return counts.beside_year_before(
        counts.by_month(part(now, subject, hotspots), now.status),
        counts.by_month(part(before, subject, hotspots), before.status),
    )


def points(asked: Study) -> pd.DataFrame:
    """
    Distinct points of a study area's ASB.

    Returns
    -------
    points
        `easting`, `northing` (metres), `incidents` and `street`, one row a point; where
        several sources are counted, one row a point and `source`.
    """
    return _points(asked)[0]


def _points(asked: Study) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """What `points` returns, and the row of it that each located report lies at."""
    rows = asked.located
    source = rows["source"].astype("str").to_numpy()
    loaded = sorted(rows["source"].cat.categories, key=lambda name: (name != POLICE, name))
    names = [name for name in loaded if name in set(source)]
    of_row, parts, before = np.empty(len(rows), dtype=np.intp), [], 0
    for name in names or [POLICE]:
        mine = Incidents(rows.loc[source == name])
        places = gather_incidents(mine)
        of_row[source == name] = places.of_incident + before
        street = mine["street"].astype("str").groupby(places.of_incident).first()
        part = pd.DataFrame(
            {
                "easting": places.xy[:, 0],
                "northing": places.xy[:, 1],
                "incidents": places.incidents,
                "street": street.reindex(range(len(places))).to_numpy(),
            }
        )
        if len(names) > 1:  # every loaded source has a number, so that its colour stays
            part["source"] = pd.Categorical([name] * len(part), categories=loaded)
        parts.append(part)
        before += len(places)
    return pd.concat(parts, ignore_index=True), of_row


def monthly_points(asked: Study) -> pd.DataFrame:
    """
    Points of a study area's ASB, month by month.

    Returns
    -------
    months
        `point` (row of `points`), `label` (month in words, in order, with what was not
        supplied) and `incidents`; a month without a report has one row of point -1.
    """
    tally = (
        pd.DataFrame({"point": _points(asked)[1], "month": asked.located["month"].to_numpy()})
        .groupby(["month", "point"], observed=True)
        .size()
        .reset_index(name="incidents")
    )
    none = asked.status.index.difference(pd.PeriodIndex(tally["month"], freq="M"))
    empty = pd.DataFrame({"month": none, "point": -1, "incidents": 0})
    rows = pd.concat([tally, empty]).sort_values(["month", "point"], kind="stable")
    labels = {
        month: month_in_words(month) + ("" if held == counts.HELD else f" ({_SUPPLY[held]})")
        for month, held in zip(pd.PeriodIndex(asked.status.index), asked.status, strict=True)
    }
    return pd.DataFrame(
        {
            "point": rows["point"].to_numpy(),
            "label": [labels[month] for month in rows["month"]],
            "incidents": rows["incidents"].to_numpy(),
        }
    )


def ward_months(asked: Study) -> pd.DataFrame:
    """
    Reports by month and ward of a study area; not a number where a month was not supplied.

    Returns
    -------
    table
        Months by ward code, busiest ward first.
    """
    ward = asked.ward.loc[asked.asb.index].astype("str")
    table = pd.crosstab(asked.asb["month"], ward).reindex(
        index=asked.status.index, columns=asked.wards.index, fill_value=0
    )
    busiest = table.sum().sort_values(ascending=False, kind="stable").index
    table = table[busiest].astype("float64")
    table.loc[asked.status == counts.MISSING] = float("nan")
    return table


_SUPPLY = {counts.MISSING: "not supplied", counts.PARTIAL: "some forces only"}
