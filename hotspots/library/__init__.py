"""What has been imported: incidents by source and month, wards by vintage, residents."""

from hotspots.library.agencies import import_agency
from hotspots.library.importing import import_police_uk, import_population, import_wards
from hotspots.library.postcodes import import_postcodes
from hotspots.library.reports import Change, ImportReport
from hotspots.library.roads import import_roads
from hotspots.library.sample import sample_library
from hotspots.library.store import Library
from hotspots.library.undoing import purge, undo

__all__ = [
    "Change",
    "ImportReport",
    "Library",
    "import_agency",
    "import_police_uk",
    "import_population",
    "import_postcodes",
    "import_roads",
    "import_wards",
    "purge",
    "sample_library",
    "undo",
]
