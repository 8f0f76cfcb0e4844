"""Partners' months in the library: old or new, whatever kills the import."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from hotspots.library import Library, import_agency
from hotspots.sources.agency_mapping import Mapping

PROJECT = Path(__file__).parent.parent
MAPPING = Mapping(
    source="Council",
    columns={"begins": "Date", "east": "E", "north": "N", "repeat": "Caller"},
)
_CODE = (
    "import sys; from pathlib import Path; from hotspots.library import *;"
    "from tests.test_agency_library import MAPPING;"
    "library = Library(Path(sys.argv[1])); print('ready', flush=True);"
    "[import_agency([path], library, mapping=MAPPING) for path in sys.argv[2:] * 1000]"
)


def written(path, rows):
    lines = ["Date,E,N,Caller"]
    for month in range(1, 13):
        lines += [
            f"{1 + n % 28:02d}/{month:02d}/2025,{371_000 + n},354775,{n % 50}" for n in range(rows)
        ]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_killed_at_any_moment_each_month_is_old_or_new(tmp_path):
    library = Library(tmp_path / "data")
    old, new = written(tmp_path / "old.csv", 400), written(tmp_path / "new.csv", 500)
    import_agency([old], library, mapping=MAPPING)
    keys = set(library.incidents()["repeat_key"].cat.categories)
    moments = random.Random(2025)
    for _ in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", _CODE, str(tmp_path / "data"), str(new), str(old)],
            cwd=PROJECT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        catalogue = library.catalogue()
        assert len(catalogue) == 12
        assert catalogue["rows"].isin([400, 500]).all()
        held = library.incidents()["month"].value_counts().sort_index()
        assert held.to_list() == catalogue["rows"].to_list()
    import_agency([new], library, mapping=MAPPING)
    assert library.catalogue()["rows"].eq(500).all()
    assert not (library.folder / ".incoming").exists()
    # The key of the hashes is the one that was made first: callers can be told again.
    assert set(library.incidents()["repeat_key"].cat.categories) == keys


def test_a_month_read_again_from_the_same_file_is_the_same(tmp_path):
    library, path = Library(tmp_path / "data"), written(tmp_path / "file.csv", 40)
    import_agency([path], library, mapping=MAPPING)
    before, rows = library.identity(), library.incidents()
    import_agency([path], library, mapping=MAPPING)
    assert library.identity() == before
    pd.testing.assert_frame_equal(library.incidents(), rows)
