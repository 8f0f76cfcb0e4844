"""
Hotspots, patrol areas and charts as files that say what they hold and where it came from.

Every file carries the selection in words and as a link, the identity of the data and
the version, so that whoever receives it can make it again. The same inputs give the
same bytes.
"""

import json
import tempfile
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
import vl_convert

from hotspots import __version__
from hotspots.errors import LibraryError
from hotspots.selection import Choices, Selection
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.patrol_areas import PatrolAreas

# What has an outline on the map and can be taken away.
Outlines = Hotspots | PatrolAreas

# About 0.1 m on the ground; RFC 7946 asks for no more than the data can bear.
_DECIMALS: Final = 6
# A cell that begins with one of these is run as a formula by spreadsheets.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
# GeoPackage stamps each table with the time of writing; one fixed time keeps bytes equal.
_NO_TIME: Final = "2000-01-01T00:00:00.000Z"
PNG_SCALE: Final = 2.0


@dataclass(frozen=True)
class Stamp:
    """
    What a file was made from.

    Attributes
    ----------
    selection
        The question in words.
    link
        The question as the query of a link.
    data
        Identity of the data.
    version
        Of this software.
    note
        "made up" for the sample, otherwise the attribution the licence asks for.
    """

    selection: str
    link: str
    data: str
    version: str
    note: str

    @classmethod
    def of(
        cls, selection: Selection, choices: Choices, *, note: str, chosen: int | None = None
    ) -> "Stamp":
        """
        Stamp of everything that a selection produces.

        Parameters
        ----------
        selection, choices
            The question, and the names of its areas.
        note
            "made up", or the attribution.
        chosen
            How many reports make a hotspot, where that was chosen from the data.
        """
        return cls(
            selection=selection.in_words(choices, chosen=chosen),
            link="?" + urlencode(selection.to_query()),
            data=choices.data,
            version=__version__,
            note=note,
        )

    def adding(self, words: str) -> "Stamp":
        """Stamp of what was made with more than the selection says."""
        return replace(self, selection=f"{self.selection}; {words}")

    @property
    def caption(self) -> str:
        """Stamp on one line, for the foot of a chart."""
        return f"{self.selection} · data {self.data} · version {self.version} · {self.note}"


def file_name(stem: str, stamp: Stamp, suffix: str) -> str:
    """
    Name for a download: what, and which data.

    Examples
    --------
    >>> file_name("hotspots", Stamp("", "", "0a1b2c", "1", ""), "csv")
    'hotspots-0a1b2c.csv'
    """
    return f"{stem}-{stamp.data}.{suffix}"


def neutralise(cell: object) -> object:
    r"""
    Cell that no spreadsheet will run.

    Examples
    --------
    >>> neutralise('=HYPERLINK("http://x")'), neutralise("Mill Lane"), neutralise(-3)
    ('\'=HYPERLINK("http://x")', 'Mill Lane', -3)
    """
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def table_csv(table: pd.DataFrame, stamp: Stamp) -> bytes:
    """Table as CSV (UTF-8 with a mark that spreadsheets need), its stamp in every row."""
    return _csv(table, asdict(stamp))


def neutralised_csv(table: pd.DataFrame) -> bytes:
    """Table as CSV that was made from no selection, such as the journal of imports."""
    return _csv(table, {})


def _csv(table: pd.DataFrame, stamp: Mapping[str, str]) -> bytes:
    rows = table.reset_index()
    text = rows.select_dtypes(include=["object", "str", "category"]).columns
    rows = rows.assign(**{str(name): rows[name].map(neutralise) for name in text})
    rows = rows.assign(**stamp)
    return rows.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def on_grid(outlines: Outlines, grid: str) -> Outlines:
    """
    Outlines, said to lie on the metric grid that they do lie on.

    Within, every table says that it is on the National Grid; a file that is opened elsewhere
    must not say so of data from outside Great Britain.
    """
    if grid == BRITISH_NATIONAL_GRID:
        return outlines
    return Hotspots(outlines.set_crs(grid, allow_override=True))


def outlines_csv(outlines: Outlines, stamp: Stamp, layer: str = "hotspots") -> bytes:
    """Outlines as CSV, a point inside each in metres of their grid."""
    del layer  # a spreadsheet has one
    middle = outlines.representative_point()
    table = pd.DataFrame(outlines.drop(columns="geometry")).assign(
        easting=middle.x.round(), northing=middle.y.round()
    )
    return table_csv(table, stamp)


def outlines_geojson(outlines: Outlines, stamp: Stamp, layer: str = "hotspots") -> bytes:
    """
    Outlines as GeoJSON (RFC 7946): longitude and latitude, outer rings anticlockwise.

    The stamp stands in the collection's member `about`, the layer in `name`.
    """
    shapes = shapely.orient_polygons(
        shapely.set_precision(
            outlines.geometry.to_crs(WGS84).to_numpy(), 10.0**-_DECIMALS, mode="valid_output"
        )
    )
    rows = pd.DataFrame(outlines.drop(columns="geometry")).reset_index()
    features = [
        {
            "type": "Feature",
            "id": int(row["number"]),
            "properties": _plain(row),
            "geometry": _rounded(shapely.geometry.mapping(shape)),
        }
        for row, shape in zip(rows.to_dict("records"), shapes, strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": layer,
        "about": asdict(stamp),
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode()


def outlines_geopackage(outlines: Outlines, stamp: Stamp, layer: str = "hotspots") -> bytes:
    """Outlines as a layer of a GeoPackage on their own grid, the stamp in `about`."""
    frame = gpd.GeoDataFrame(outlines.reset_index())
    about = pd.DataFrame([asdict(stamp)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outlines.gpkg"
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _NO_TIME})
        try:
            pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")
            pyogrio.write_dataframe(about, path, layer="about", driver="GPKG", append=False)
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        return path.read_bytes()


def chart_png(specification: dict[str, Any]) -> bytes:
    """Chart as PNG, twice the size of the screen's pixels."""
    return bytes(vl_convert.vegalite_to_png(specification, scale=PNG_SCALE))


def chart_svg(specification: dict[str, Any]) -> bytes:
    """Chart as SVG."""
    return str(vl_convert.vegalite_to_svg(specification)).encode()


WRITERS: Final = {
    "csv": outlines_csv,
    "geojson": outlines_geojson,
    "gpkg": outlines_geopackage,
}


def write_outlines(path: Path, outlines: Outlines, stamp: Stamp, layer: str = "hotspots") -> None:
    """
    Outlines into a file whose ending says the format: .csv, .geojson or .gpkg.

    Raises
    ------
    LibraryError
        When the ending is another, or the file cannot be written.
    """
    writer = WRITERS.get(path.suffix.lstrip(".").lower())
    if writer is None:
        raise LibraryError(f"{path.name}: write to a name ending in .csv, .geojson or .gpkg.")
    try:
        path.write_bytes(writer(outlines, stamp, layer))
    except OSError as error:
        raise LibraryError(f"{path}: cannot be written ({error.strerror}).") from error


def _plain(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """Values that JSON can hold; what is not a number becomes null."""
    return {
        str(name): None if pd.isna(value) else value.item() if hasattr(value, "item") else value
        for name, value in row.items()
    }


def _rounded(shape: dict[str, Any]) -> dict[str, Any]:
    """Geometry with its coordinates rounded, as RFC 7946 §11.2 advises."""

    def rounded(part: Any) -> Any:
        return round(part, _DECIMALS) if isinstance(part, float) else [rounded(p) for p in part]

    return {"type": shape["type"], "coordinates": rounded(shape["coordinates"])}
