"""
Ward boundaries, as the Office for National Statistics publishes them, of any year.

The year of the boundaries is the one in the name of the code column: `WD25CD` is 2025.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.sources import vectors
from hotspots.sources.grid import to_grid
from hotspots.sources.reports import Finding, Progress, ReadReport, count_of, silent
from hotspots.tables import wards as contract
from hotspots.tables.wards import Wards

_CODE: Final = re.compile(r"WD(\d\d)CD", re.IGNORECASE)
# The United Kingdom in metres of the grid, and in degrees, with room to spare.
_METRES: Final = (-200_000, -50_000, 700_000, 1_300_000)
_DEGREES: Final = (-9.5, 49.0, 2.5, 61.5)


@dataclass(frozen=True)
class _WardLayer:
    """A layer, and the vintages of the wards that it names."""

    layer: vectors.Layer
    vintages: tuple[int, ...]

    @classmethod
    def of(cls, layer: vectors.Layer) -> "_WardLayer":
        found = (_CODE.fullmatch(column) for column in layer.columns)
        return cls(layer, tuple(sorted({2000 + int(match[1]) for match in found if match})))

    def column(self, pattern: str, vintage: int) -> str | None:
        """Column such as LAD25CD, of the vintage if there is one, else of the latest."""
        fits = (re.fullmatch(pattern, name, re.IGNORECASE) for name in self.layer.columns)
        by_year = {int(match[1]): match[0] for match in fits if match}
        return by_year.get(vintage % 100) or (by_year[max(by_year)] if by_year else None)


def read(path: Path | str, vintage: int | None = None) -> tuple[Wards, ReadReport]:
    """
    Wards of one path: GeoJSON, GeoPackage, shapefile, a zip file or folder of them.

    Parameters
    ----------
    vintage
        Year of the boundaries, where a file holds several.

    Raises
    ------
    SourceError
        In one sentence, when nothing can be read or the vintage is not clear.
    """
    return read_many([path], vintage)


def read_many(
    paths: Sequence[Path | str], vintage: int | None = None, *, progress: Progress = silent
) -> tuple[Wards, ReadReport]:
    """
    Wards of several paths together; see `read`.

    Raises
    ------
    SourceError
        As `read`; also when two files hold different outlines of one ward.
    """
    found = [_WardLayer.of(layer) for layer in vectors.layers(paths)]
    year = _chosen(found, vintage)
    report = ReadReport()
    frames = []
    for done, one in enumerate(found):
        progress(done, len(found), one.layer.name)
        if year not in one.vintages:
            holds = f"wards of {_years(one.vintages)}" if one.vintages else "no ward codes"
            note = f"{one.layer.name} was left out: it holds {holds}."
            report += ReadReport(notes=(note,))
            continue
        frame, said = _read(one, year)
        frames.append(frame)
        report += said
    progress(len(found), len(found), "")
    together, notes = _together(frames)
    report += ReadReport(rows=len(together), notes=tuple(notes))
    if together.empty:
        reasons = "; ".join(report.left_out)
        raise SourceError(f"No ward of {found[0].layer.name} can be used ({reasons or 'none'}).")
    return contract.validate(together), report


def _chosen(found: Sequence[_WardLayer], asked: int | None) -> int:
    years = sorted({year for one in found for year in one.vintages})
    if not years:
        layer = found[0].layer
        has = ", ".join(layer.columns[:6]) or "none"
        raise SourceError(
            f"{layer.name} has no column of ward codes such as WD25CD (its columns: {has}); "
            "take ward boundaries from the ONS Open Geography portal."
        )
    if asked is None and len(years) > 1:
        raise SourceError(
            f"Wards of {_years(years)} stand together here; choose one with --vintage {years[-1]}."
        )
    if asked is not None and asked not in years:
        raise SourceError(
            f"There are no wards of {asked} here; there are wards of {_years(years)}."
        )
    return asked or years[0]


def _years(years: Iterable[int]) -> str:
    return " and ".join(map(str, years))


def _read(one: _WardLayer, vintage: int) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """Wards of one layer, sound and on the grid, not yet indexed by code."""
    name = one.layer.name
    code = one.column(r"WD(\d\d)CD", vintage)
    columns = {
        "code": code,
        "name": one.column(r"WD(\d\d)NM", vintage) or code,
        "authority": one.column(r"LAD(\d\d)CD", vintage),
        "authority_name": one.column(r"LAD(\d\d)NM", vintage),
    }
    given = one.layer.read(list(dict.fromkeys(column for column in columns.values() if column)))
    notes = []
    if columns["authority"] is None:
        notes.append(f"{name} names no local authorities (LAD codes); its wards stand alone.")
    shapes, said = _on_grid(given, name)
    notes += said
    lost = _boundless(shapes)
    shapes = shapes.copy()
    shapes[lost] = None
    frame = gpd.GeoDataFrame(
        {key: _words(given, column) for key, column in columns.items()}
        | {"vintage": vintage, "residents": np.nan, "file": name},
        geometry=shapes,
        crs=BRITISH_NATIONAL_GRID,
    )
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if broken.any():
        frame.geometry = [_polygonal(shape) for shape in shapely.make_valid(shapes)]
        notes.append(_mended(frame.loc[broken]))
    left_out = _faults(frame, name, lost)
    report = ReadReport(
        (name,), left_out={k: f for k, (f, _) in left_out.items()}, notes=tuple(notes)
    )
    for _, rows in left_out.values():
        frame = frame.loc[frame.index.difference(rows)]
    return frame, report


def _mended(wards: gpd.GeoDataFrame) -> str:
    first = f"(for example {wards['name'].iloc[0]}, {wards['code'].iloc[0]})"
    if len(wards) == 1:
        return f"1 outline crossed itself and was mended {first}."
    return f"{len(wards):,} outlines crossed themselves and were mended {first}."


def _words(frame: gpd.GeoDataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series("", index=frame.index, dtype="str")
    return frame[column].astype("str").fillna("").str.strip()


def _boundless(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which outlines run off the Earth, or to no number, so that nothing can be asked of them."""
    places, of_shape = shapely.get_coordinates(shapes, return_index=True)
    lost = np.zeros(len(shapes), dtype=np.bool_)
    lost[of_shape[~np.isfinite(places).all(axis=1)]] = True
    return lost


def _faults(
    frame: gpd.GeoDataFrame, name: str, lost: NDArray[np.bool_]
) -> dict[str, tuple[Finding, pd.Index]]:
    """Reason → rows that are no wards."""
    shapes = frame.geometry.to_numpy()
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~(shapely.area(shapes) > 0)
    west, south, east, north = shapely.bounds(shapes).T
    outside = ~empty & ~(
        (west > _METRES[0]) & (south > _METRES[1]) & (east < _METRES[2]) & (north < _METRES[3])
    )
    faults: dict[str, tuple[Finding, pd.Index]] = {}
    for reason, rows in {
        "they have no ward code": (frame["code"] == "").to_numpy(),
        "they have no outline": empty & ~lost,
        "their outline runs off the Earth": lost,
        "they lie outside the United Kingdom, so their coordinate system may be wrong": outside,
    }.items():
        if rows.any():
            which = frame.index[rows]
            examples = tuple(f"{name}, feature {number + 1:,}" for number in which[:3])
            faults[reason] = (Finding(int(rows.sum()), examples), which)
    return faults


def _on_grid(frame: gpd.GeoDataFrame, name: str) -> tuple[NDArray[np.object_], list[str]]:
    """Outlines in grid metres, and what was assumed."""
    shapes, notes = frame.geometry.to_numpy(), []
    crs: Any = frame.crs
    if crs is None:
        crs = _guessed(shapes, name)
        notes.append(f"{name} does not name its coordinate system; {crs} was assumed.")
    try:
        if pyproj.CRS(crs).equals(WGS84, ignore_axis_order=True):
            return shapely.transform(shapes, _degrees_to_grid), notes
        projected = gpd.GeoSeries(shapes, crs=crs).to_crs(BRITISH_NATIONAL_GRID)
    except pyproj.exceptions.ProjError as error:
        raise SourceError(
            f"{name} is in a coordinate system that cannot be converted; save it in WGS 84."
        ) from error
    return projected.to_numpy(), notes


def _guessed(shapes: NDArray[np.object_], name: str) -> str:
    bounds = shapely.total_bounds(shapes)
    for crs, box in ((WGS84, _DEGREES), (BRITISH_NATIONAL_GRID, _METRES)):
        if (bounds[:2] > box[:2]).all() and (bounds[2:] < box[2:]).all():
            return crs
    raise SourceError(
        f"{name} does not name its coordinate system (a shapefile's .prj); save it with one."
    )


def _degrees_to_grid(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(to_grid(degrees[:, 0], degrees[:, 1]))


def _polygonal(shape: Any) -> Any:
    """The areas of a mended outline, without the lines and points left over."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2]) if len(parts) else shape  # noqa: PLR2004


def _together(frames: Sequence[gpd.GeoDataFrame]) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Wards of all files, one row a code, ordered by code."""
    notes = []
    together = pd.concat(frames, ignore_index=True)
    together["shape"] = shapely.to_wkb(shapely.normalize(together.geometry.to_numpy()))
    same = together.duplicated(["code", "shape"])
    if same.any():
        notes.append(f"{count_of(int(same.sum()), 'ward')} stood in two files; read once.")
        together = together.loc[~same]
    again = together.loc[together["code"].duplicated(keep=False)]
    files = again.groupby("code")["file"].nunique()
    if (files > 1).any():
        code = files.index[files > 1][0]
        both = " and ".join(sorted(again.loc[again["code"] == code, "file"].unique())[:2])
        raise SourceError(f"Ward {code} has different outlines in {both}; import only one.")
    if len(again):
        notes.append(f"{count_of(len(files), 'ward')} came in several pieces; they were joined.")
        together = together.dissolve("code", as_index=False)
    ordered = together.sort_values("code").set_index("code")
    ordered.index = pd.Index(ordered.index, dtype="str", name="code")
    return gpd.GeoDataFrame(ordered[list(contract.COLUMNS)], crs=BRITISH_NATIONAL_GRID), notes
