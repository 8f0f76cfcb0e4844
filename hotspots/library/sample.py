"""The illustrative sample, opened as a library of its own, through the same readers."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from hotspots.library.importing import import_police_uk, import_population, import_wards
from hotspots.library.store import Library
from hotspots.settings import SAMPLE


@cache
def sample_library() -> Library:
    """
    Library of the sample: read once a process, kept in a folder that goes with it.

    Nothing is written to the data folder, so the first file imported replaces the sample.
    """
    folder = Path(tempfile.mkdtemp(prefix="hotspots-sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = Library(folder)
    import_police_uk([SAMPLE / "police_uk"], library, publisher="sample")
    import_wards([SAMPLE / "wards.geojson"], library, publisher="sample")
    import_population([SAMPLE / "population.csv"], library, publisher="sample")
    return library
