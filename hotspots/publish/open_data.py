"""What is public as open data: CSV, and a description of it that machines read (CSVW)."""

import io
import json
import zipfile
from typing import Any, Final

import pandas as pd

from hotspots.publish.formats import neutralise
from hotspots.publish.public_areas import named_cells
from hotspots.publish.release import PART, REST, WHOLE, Release, could_be
from hotspots.publish.words import Words

AREAS: Final = "areas.csv"
QUARTERS: Final = "quarters.csv"
METADATA: Final = "csv-metadata.json"
_LICENCE: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_KINDS: Final = {WHOLE: "ward", PART: "part of a ward", REST: "rest of a ward"}

# Name, type and meaning of each column, as the description gives them.
_AREAS: Final = (
    ("area", "string", "Code of the area; fixed."),
    ("year", "integer", "Calendar year."),
    ("kind", "string", "A ward, part of a ward, the rest of a ward, or other wards together."),
    ("name", "string", "Name that people use."),
    ("ward", "string", "ONS code of the ward; empty for other wards together."),
    ("authority", "string", "ONS code of the local authority."),
    ("reports", "integer", "Reports of antisocial behaviour, rounded to 5."),
    ("least", "integer", "Least that the rounded figure can stand for."),
    ("most", "integer", "Most that the rounded figure can stand for."),
)
_QUARTERS: Final = (
    ("authority", "string", "ONS code of the local authority."),
    ("year", "integer", "Calendar year."),
    ("quarter", "integer", "1 is January to March."),
    ("reports", "integer", "Reports in the areas shown, rounded to 5."),
)


def open_data(release: Release, words: Words) -> dict[str, bytes]:
    """
    Files by name: two tables, and their description.

    Parameters
    ----------
    release
        What is public.
    words
        For the names of areas.
    """
    return {
        AREAS: _csv(_areas(release, words)),
        QUARTERS: _csv(release.quarters.sort_values(["authority", "year", "quarter"])),
        METADATA: json.dumps(_metadata(release), indent=2, ensure_ascii=False).encode(),
    }


def told_otherwise(earlier: bytes, release: Release, words: Words) -> list[str]:
    """
    Areas and years that were published with another figure, or are no longer published.

    Two releases of one year could be subtracted from each other, whatever each hides.

    Parameters
    ----------
    earlier
        The `areas.csv` of an earlier release.
    release, words
        What is about to be published.
    """
    try:
        before = pd.read_csv(io.BytesIO(earlier), dtype={"area": str})
        figures = before.set_index(["area", "year"])["reports"].astype("int64")
    except (ValueError, KeyError):
        return ["a file that is not ours"]
    now = _areas(release, words).set_index(["area", "year"])["reports"]
    years = set(figures.index.get_level_values("year"))
    now = now.loc[[year in years for year in now.index.get_level_values("year")]]
    together = figures.index.union(now.index)
    differ = figures.reindex(together) != now.reindex(together)
    return [f"{area} in {year}" for area, year in together[differ.to_numpy()]]


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as one archive; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write:
        for name, body in files.items():
            write.writestr(zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0)), body)
    return out.getvalue()


def _areas(release: Release, words: Words) -> pd.DataFrame:
    years = sorted(set(release.cells["year"]))
    if not years:
        return pd.DataFrame(columns=[name for name, _, _ in _AREAS])
    cells = pd.concat([named_cells(release, int(year), words) for year in years])
    least, most = could_be(cells["reports"].to_numpy(dtype=float))
    table = pd.DataFrame(
        {
            "area": [str(cell).split(" ", 1)[1] for cell in cells.index],
            "year": cells["year"].to_numpy(),
            "kind": [_KINDS.get(kind, "other wards") for kind in cells["kind"]],
            "name": cells["name"].to_numpy(),
            "ward": cells["ward"].to_numpy(),
            "authority": cells["authority"].to_numpy(),
            "reports": cells["reports"].to_numpy(),
            "least": least.astype(int),
            "most": most.astype(int),
        }
    )
    return table.sort_values(["year", "area"], ignore_index=True)


def _csv(table: pd.DataFrame) -> bytes:
    text = table.select_dtypes(include=["object", "str"]).columns
    safe = table.assign(**{str(name): table[name].map(neutralise) for name in text})
    return safe.to_csv(index=False, lineterminator="\r\n").encode()


def _metadata(release: Release) -> dict[str, Any]:
    def table(url: str, columns: tuple[tuple[str, str, str], ...], keys: list[str]) -> Any:
        return {
            "url": url,
            "tableSchema": {
                "columns": [
                    {
                        "name": name,
                        "titles": name,
                        "datatype": kind,
                        "dc:description": meaning,
                        "required": name != "ward",
                    }
                    for name, kind, meaning in columns
                ],
                "primaryKey": keys,
            },
        }

    made_up = "Illustrative data, made up. " if release.made_up else ""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "Reports of antisocial behaviour, by area and year",
        "dc:description": (
            f"{made_up}Areas of at least 10 reports and 8 addresses; counts rounded to 5. Areas "
            "do not overlap. Totals of quarters and of areas differ by rounding. More reports "
            "are not always more harm."
        ),
        "dc:license": {"@id": _LICENCE},
        "dc:identifier": release.identity,
        "tables": [
            table(AREAS, _AREAS, ["area", "year"]),
            table(QUARTERS, _QUARTERS, ["authority", "year", "quarter"]),
        ],
    }
