"""What an assembly can mark, and what it said beside what was reported."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import shapely

from hotspots.action.assembly_result import Heard
from hotspots.analysis.areas import assign
from hotspots.analysis.hexagons import HEIGHT_M, WIDTH_M, name_of, outline
from hotspots.publish.pieces import side_of
from hotspots.publish.release import PART, Release
from hotspots.publish.words import Words
from hotspots.tables.wards import Wards

MOST_WARDS: Final = 12
# A hexagon belongs to the map when this part of it lies in the wards.
_INSIDE: Final = 0.2

FEARED, BOTH, REPORTED = "feared", "both", "reported"


def hexagons_of(wards: Wards, words: Words) -> dict[str, str]:
    """
    Hexagons that lie in some wards, each with the name people use.

    Parameters
    ----------
    wards
        The wards a meeting is about.
    words
        To name them in.
    """
    if wards.empty:
        return {}
    ground = shapely.union_all(wards.geometry.to_numpy())
    west, south, east, north = ground.bounds
    columns = np.arange(int(2 * west / WIDTH_M) - 1, int(2 * east / WIDTH_M) + 3)
    rows = np.arange(int(2 * south / HEIGHT_M) - 1, int(2 * north / HEIGHT_M) + 3)
    steps = np.array([(c, r) for r in rows[::-1] for c in columns if c % 2 == r % 2])
    shapes = outline(steps)
    shared = shapely.area(shapely.intersection(shapes, ground))
    inside = shared / shapely.area(shapes) >= _INSIDE
    middles = shapely.get_coordinates(shapely.centroid(shapes[inside]))
    code = assign(middles, wards).code.astype("object").to_numpy()
    named: dict[str, str] = {}
    for name, at, ward in zip(name_of(steps[inside]), middles, code, strict=True):
        if pd.isna(ward):
            near = wards.geometry.distance(shapely.Point(at))
            ward = near.idxmin()  # noqa: PLW2901 - beyond every ward: the nearest
        whole = wards.geometry[ward]
        label = words(
            "where.part_name",
            ward=str(wards["name"][ward]),
            side=words(f"side.{side_of(whole, shapely.Point(at))}"),
        )
        named[name] = label
    return _numbered(named)


def _numbered(named: Mapping[str, str]) -> dict[str, str]:
    labels = list(named.values())
    return {
        name: f"{label} ({labels[: i + 1].count(label)})" if labels.count(label) > 1 else label
        for i, (name, label) in enumerate(named.items())
    }


def beside_reports(heard: Heard, hexagons: Mapping[str, str], release: Release) -> pd.DataFrame:
    """
    What people named beside what they reported.

    Parameters
    ----------
    heard
        What was said.
    hexagons
        Those that could be marked, with their names.
    release
        What is public of the reports.

    Returns
    -------
    places
        Indexed by hexagon: `name`, `people` (missing under three), `reports` (missing
        where not shown), `kind`: "feared", "both" or "reported". Places with neither are
        left out.
    """
    cells = release.cells.loc[
        (release.cells["kind"] == PART) & (release.cells["year"] == release.year)
    ]
    at = [str(cell).rsplit("/", 1)[-1] for cell in cells.index]
    reports = cells["reports"].groupby(at).sum()
    table = pd.DataFrame(
        {
            "name": pd.Series(dict(hexagons), dtype="object"),
            "people": heard.marks.reindex(list(hexagons)).astype("float64"),
            "reports": reports.reindex(list(hexagons)).astype("float64"),
        },
        index=list(hexagons),
    )
    feared, reported = table["people"].notna(), table["reports"].notna()
    table["kind"] = np.select([feared & reported, feared, reported], [BOTH, FEARED, REPORTED], "")
    kept = table.loc[table["kind"] != ""]
    return kept.sort_values(["people", "reports", "name"], ascending=[False, False, True])


def of_kind(places: pd.DataFrame, kinds: Sequence[str]) -> pd.DataFrame:
    """Places of some kinds only."""
    return places.loc[places["kind"].isin(kinds)]
