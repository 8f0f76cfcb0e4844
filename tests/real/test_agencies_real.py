"""Real timed files by mapping, and real postcodes in real wards."""

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from hotspots.analysis.areas import assign
from hotspots.library import Library, import_agency, import_postcodes
from hotspots.library import postcodes as held_postcodes
from hotspots.selection import Selection
from hotspots.sources import agencies, ons
from hotspots.study import find, open_dataset, study
from tests.real import load

pytestmark = load.real


def timed(name, folder, grid, **changed):
    path = load.folder() / "timed" / name
    mapping = replace(
        agencies.preview(path)[1], source="City", crs="EPSG:4326", grid=grid, **changed
    )
    library = Library(folder)
    report = import_agency([path], library, mapping=mapping)
    return library, report


def test_new_yorks_windows_are_windows(tmp_path):
    library, report = timed("nycvehiclethefts.csv.gz", tmp_path, "EPSG:32618")
    assert report.read.rows == 35_746
    rows = library.incidents()
    precision = rows["time_precision"].value_counts()
    source = pd.read_csv(load.folder() / "timed" / "nycvehiclethefts.csv.gz")
    start, end = (pd.to_datetime(source[name]) for name in ("date_start", "date_end"))
    whole = (start.dt.normalize() == start).all()
    assert not whole
    # 2,852 have no end; a few end before they begin, which leaves the day alone.
    assert precision["window"] == (end > start).sum()
    assert precision["instant"] == (end.isna() | (end == start)).sum()
    assert precision["date"] == (end < start).sum()
    spans = (rows["occurred_to"] - rows["occurred_from"])[rows["time_precision"] == "window"]
    true = (end - start)[end > start]
    assert spans.median() == true.median()
    dataset = open_dataset(library)
    found = find(study(dataset, Selection.default(dataset.choices)))
    assert len(found.hotspots)


def test_chicagos_minutes_are_instants(tmp_path):
    library, report = timed("chicago_aggravated_assaults.csv.gz", tmp_path, "EPSG:32616")
    assert report.read.rows == 148_636
    rows = library.incidents()
    assert set(rows["time_precision"]) == {"instant"}
    source = pd.read_csv(load.folder() / "timed" / "chicago_aggravated_assaults.csv.gz")
    hours = pd.to_datetime(source["date"]).dt.hour.value_counts().sort_index()
    ours = rows["occurred_from"].dt.hour.value_counts().sort_index()
    # All but those in an hour that London's clock skips, which move to the hour after.
    assert (hours - ours).abs().sum() < 100


def test_postcodes_fall_in_their_own_wards(tmp_path):
    (path,) = (load.folder() / "postcodes").glob("*.csv.gz")
    library = Library(tmp_path)
    import_postcodes([path], library)
    known = held_postcodes.read(library.folder)
    assert len(known) == 31_556
    source = pd.read_csv(path)
    sample = source.sample(1000, random_state=1)
    rows = tmp_path / "by postcode.csv"
    pd.DataFrame({"Date": "03/01/2025", "Postcode": sample["postcode"]}).to_csv(rows, index=False)
    mapping = replace(agencies.preview(rows)[1], source="Landlord")
    import_agency([rows], library, mapping=mapping)
    placed = library.incidents()
    assert (placed["place_precision"] == "postcode").all()
    files = sorted((load.folder() / "boundaries").glob("ward_E0600*.geojson"))
    wards, _ = ons.read_many(files)
    ward = assign(placed, wards).code.astype("str").to_numpy()
    assert set(wards["vintage"]) == {2025}
    right = ward == sample["ward"].to_numpy()
    # A postcode's middle may lie over a ward's generalised border from its own ward.
    others = sample.loc[~right]
    for point, code in zip(placed.geometry[~right], others["ward"], strict=True):
        assert wards.geometry[code].distance(shapely.Point(point)) < 100
    assert right.mean() >= 0.99
    assert np.isfinite(known.table.to_numpy()).all()
