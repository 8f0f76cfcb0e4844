"""
Roads and paths that a user loads, so that ways between areas are measured along them.

Any file of lines will do: OS Open Roads (GeoPackage or shapefiles), or GeoJSON. Which of
them may be driven and which walked is told by words in the columns that name the kind of
road; where a file says nothing, both may.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources.vectors import Layer, layers

# Ground kept beyond the study area: the shortest way may leave it.
MARGIN_M: Final = 3_000.0
MOST_LINES: Final = 2_000_000
_LINES: Final = ("LineString", "MultiLineString")
# Columns that say what a line is: OS Open Roads, MasterMap Highways, OpenStreetMap.
_KIND: Final = (
    "road_classification",
    "roadclassification",
    "class",
    "road_function",
    "function",
    "roadfunction",
    "form_of_way",
    "formofway",
    "highway",
    "type",
)
_NO_FOOT: Final = ("motorway",)
_NO_CAR: Final = (
    "path",
    "footway",
    "footpath",
    "pedestrian",
    "steps",
    "bridleway",
    "cycleway",
    "alley",
)
_BOUNDS_OF_BRITAIN: Final = (0.0, 0.0, 700_000.0, 1_300_000.0)


def read_roads(
    paths: Sequence[Path | str], bounds: tuple[float, float, float, float]
) -> gpd.GeoDataFrame:
    """
    Roads and paths of some files that lie in and round a study area.

    Parameters
    ----------
    paths
        GeoPackage, GeoJSON, shapefile, zip files or folders of them.
    bounds
        West, south, east, north of the study area, British National Grid metres.

    Returns
    -------
    lines
        Metres of that grid, with `foot` and `car`: may each be so used.

    Raises
    ------
    SourceError
        When there are no lines in or round the study area, or too many.
    """
    found = [part for layer in layers(paths) if (part := _read(layer)) is not None]
    if not found:
        raise SourceError("There are no lines in it; roads and paths are lines.")
    west, south, east, north = bounds
    box = shapely.box(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    together = gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=BRITISH_NATIONAL_GRID)
    kept = together.loc[shapely.intersects(together.geometry.to_numpy(), box)]
    kept = kept.explode(ignore_index=True)
    kept = kept.loc[shapely.length(kept.geometry.to_numpy()) > 0].reset_index(drop=True)
    if kept.empty:
        raise SourceError("None of its lines lies in or round the study area.")
    if len(kept) > MOST_LINES:
        raise SourceError(f"It holds more than {MOST_LINES:,} lines; load a smaller part of it.")
    return kept


def _read(layer: Layer) -> gpd.GeoDataFrame | None:
    """Lines of a layer; none where it holds points or areas, as a file of roads also does."""
    known = {name.casefold(): name for name in layer.columns}
    columns = [known[name] for name in _KIND if name in known]
    frame = layer.read(columns)
    frame = frame.loc[frame.geometry.geom_type.isin(_LINES)]
    if frame.empty:
        return None
    if frame.crs is None:
        raise SourceError(f"{layer.name} does not say in which coordinates it is.")
    said = pd.Series("", index=frame.index)
    for column in columns:
        said = said + " " + frame[column].fillna("").astype("str").str.casefold()
    lines = frame[["geometry"]].to_crs(BRITISH_NATIONAL_GRID)
    west, south, east, north = _BOUNDS_OF_BRITAIN
    at = lines.geometry.bounds.to_numpy()
    sound = np.isfinite(at).all(axis=1) & (at[:, 0] > west) & (at[:, 1] > south)
    sound &= (at[:, 2] < east) & (at[:, 3] < north)
    lines = lines.assign(
        foot=~said.str.contains("|".join(_NO_FOOT)).to_numpy(),
        car=~said.str.contains("|".join(_NO_CAR)).to_numpy(),
    )
    return gpd.GeoDataFrame(lines.loc[sound])
