"""Files as publishers write them, and as they go wrong, for tests of what reads them."""

import gzip
import hashlib
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import shapely

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
FORCE = "Cheshire Constabulary"
ASB = "Anti-social behaviour"


def row(
    n=0, *, month="2025-01", force=FORCE, lon="-2.035057", lat="53.356089",
    street="On or near Dane Hill Close", kind=ASB, crime_id="",
):  # fmt: skip
    """One line; `n` moves the place by a few metres."""
    if n:
        lon, lat = f"{-2.035057 + n / 1e4:.6f}", f"{53.356089 + n / 1e4:.6f}"
    return (
        f"{crime_id},{month},{force},{force},{lon},{lat},{street},E01018585,Cheshire East 001A,"
        f"{kind},,"
    )


def street_csv(*rows, header=HEADER):
    return ("\n".join([header, *rows]) + "\n").encode()


def month_csv(month="2025-01", rows=5, *, force=FORCE, start=0):
    """A sound month: each second row has an identifier, the others are ASB."""
    lines = []
    for n in range(start, start + rows):
        crime = (
            {"kind": "Burglary", "crime_id": f"{month}{force}{n}".encode().hex()} if n % 2 else {}
        )
        lines.append(row(n, month=month, force=force, **crime))
    return street_csv(*lines)


def save(folder, data, name="2025-01-cheshire-street.csv"):
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    return path


def zipped(folder, members, name="download.zip"):
    path = Path(folder) / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return path


def squares(year=25, codes=("E05000001", "E05000002"), *, lad="E06000001", name="Crewe"):
    """Wards of 1 km side in a row, in grid metres."""
    return gpd.GeoDataFrame(
        {
            f"WD{year}CD": list(codes),
            f"WD{year}NM": [f"Ward {code[-1]}" for code in codes],
            f"WD{year}NMW": [" "] * len(codes),
            f"LAD{year}CD": [lad] * len(codes),
            f"LAD{year}NM": [name] * len(codes),
        },
        geometry=[
            shapely.box(370_000 + 1000 * n, 350_000, 371_000 + 1000 * n, 351_000)
            for n in range(len(codes))
        ],
        crs="EPSG:27700",
    )


def geojson(folder, frame, name="wards.geojson", *, crs="EPSG:4326"):
    path = Path(folder) / name
    frame.to_crs(crs).to_file(path, driver="GeoJSON")
    return path


def bowtie(folder, name="bowtie.geojson"):
    """One ward whose outline crosses itself, and a sound one."""
    ring = [[-2.5, 53.1], [-2.4, 53.2], [-2.4, 53.1], [-2.5, 53.2], [-2.5, 53.1]]
    square = [[-2.3, 53.1], [-2.2, 53.1], [-2.2, 53.2], [-2.3, 53.2], [-2.3, 53.1]]
    features = [
        {
            "type": "Feature",
            "properties": {"WD25CD": code, "WD25NM": code, "LAD25CD": "E06000001", "LAD25NM": "X"},
            "geometry": {"type": "Polygon", "coordinates": [outline]},
        }
        for code, outline in (("E05000001", ring), ("E05000002", square))
    ]
    path = Path(folder) / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def state_of(folder):
    """Every file under a folder with the hash of its bytes; what the journal keeps apart."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and "journal" not in path.relative_to(folder).parts
    }
