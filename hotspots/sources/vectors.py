"""
Files of outlines as people have them: GeoJSON, GeoPackage, shapefile, loose or zipped.

What a file is, its first bytes say, and only that one driver is asked to read it: some
formats name further files or web addresses, and a file from outside must not.
"""

import os
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import GEOSException

from hotspots.errors import SourceError
from hotspots.sources.unpacking import cannot_read, check_member, checked_zip, is_safe

ENDINGS: Final = (".geojson", ".json", ".gpkg", ".shp")
_GEOPACKAGE: Final = b"SQLite format 3\0"
_SHAPEFILE: Final = b"\0\0\x27\x0a"
_ZIP: Final = b"PK"
_HEAD: Final = 64


# What pyogrio raises; the last over a coordinate system whose name is no text.
_DAMAGED: Final = (DataSourceError, DataLayerError, ValueError, UnboundLocalError)


@dataclass(frozen=True)
class Layer:
    """
    One layer of outlines, not yet read.

    Attributes
    ----------
    name
        The file's own name.
    columns
        Names of its columns.
    path
        The file on disk that it stands in.
    """

    name: str
    columns: tuple[str, ...]
    path: Path
    _source: str
    _layer: str

    def read(self, columns: Sequence[str]) -> gpd.GeoDataFrame:
        """
        Some columns and the outlines, in the file's own coordinates.

        Raises
        ------
        SourceError
            When the file is damaged.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what is mended is said by the caller
                frame = pyogrio.read_dataframe(
                    self._source,
                    layer=self._layer,
                    columns=list(columns),
                    force_2d=True,
                    on_invalid="fix",
                )
        except (*_DAMAGED, GEOSException) as error:
            raise _unreadable(self.name) from error
        if not isinstance(frame, gpd.GeoDataFrame):
            raise SourceError(f"{self.name} holds no outlines; is it a file of boundaries?")
        return frame


def layers(paths: Sequence[Path | str]) -> list[Layer]:
    """
    Every layer in some files, zip files and folders.

    Raises
    ------
    SourceError
        When a path cannot be read as outlines, or there is none.
    """
    found = [layer for path in paths for layer in _layers(Path(path))]
    if not found:
        where = ", ".join(str(path) for path in paths)
        raise SourceError(
            f"There is no file of boundaries in {where or 'nothing'}; GeoJSON, GeoPackage and "
            "shapefiles are read."
        )
    return found


def _layers(path: Path) -> Iterator[Layer]:
    if path.is_dir():
        for parent, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                if name.casefold().endswith((*ENDINGS, ".zip")):
                    yield from _layers(Path(parent, name))
        return
    head = _head(path)
    if head.startswith(_ZIP):
        yield from _zipped(path)
        return
    if head.startswith(_SHAPEFILE) and path.suffix.casefold() != ".shp":
        raise SourceError(f"{path.name} belongs to a shapefile; name the one that ends in .shp.")
    yield from _described(path, path.name, _source(path.name, str(path.resolve()), head))


def _zipped(path: Path) -> Iterator[Layer]:
    with checked_zip(path) as archive:
        wanted = [
            member
            for member in archive.infolist()
            if is_safe(member.filename) and member.filename.casefold().endswith(ENDINGS)
        ]
        stems = {member.filename.rsplit(".", 1)[0] for member in wanted}
        for member in archive.infolist():
            if member.filename.rsplit(".", 1)[0] in stems:
                check_member(archive, member)
        heads = {}
        for member in wanted:
            try:
                with archive.open(member) as stream:
                    heads[member.filename] = stream.read(_HEAD)
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                NotImplementedError,
                OSError,
                ValueError,
            ) as error:
                raise _unreadable(f"{path.name}: {member.filename}") from error
    for inside, head in sorted(heads.items()):
        name = f"{path.name}: {inside}"
        yield from _described(
            path, name, _source(name, f"/vsizip/{{{path.resolve()}}}/{inside}", head)
        )


def _source(name: str, place: str, head: bytes) -> str:
    """Place as GDAL understands it, bound to the driver that its first bytes ask for."""
    if head.startswith(_GEOPACKAGE):
        return f"GPKG:{place}"
    if head.startswith(_SHAPEFILE):
        return place
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return f"GeoJSON:{place}"
    raise SourceError(f"{name} is not GeoJSON, a GeoPackage or a shapefile; nothing can be read.")


def _described(path: Path, name: str, source: str) -> Iterator[Layer]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for layer, kind in pyogrio.list_layers(source):
                if kind is not None:  # a table without outlines
                    fields = pyogrio.read_info(source, layer=layer)["fields"]
                    yield Layer(name, tuple(map(str, fields)), path, source, str(layer))
    except _DAMAGED as error:
        raise _unreadable(name) from error


def _unreadable(name: str) -> SourceError:
    return SourceError(
        f"{name} is damaged, or part of it is missing (a shapefile needs its .shx, .dbf and "
        ".prj); download it again."
    )


def _head(path: Path) -> bytes:
    try:
        if not path.is_file() and path.exists():
            raise SourceError(f"{path} is not a file.")
        with path.open("rb") as stream:
            return stream.read(_HEAD)
    except OSError as error:
        raise cannot_read(path, error) from error
