"""On a force's real year the page, the command line and Python agree on every hotspot."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from hotspots.__main__ import app as command_line
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, study
from tests.real.load import folder as real_data
from tests.real.load import real

PROJECT = Path(__file__).parent.parent.parent
pytestmark = real


def files():
    return {
        "import": sorted(real_data().glob("police_uk/2025-*")),
        "wards": sorted(real_data().glob("boundaries/ward_*.geojson")),
        "population": [real_data() / "population" / "cheshire_ward24_bestfit_pop_census2021.csv"],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cheshire")
    for command, paths in files().items():
        done = CliRunner().invoke(command_line, [command, "--data", str(folder), *map(str, paths)])
        assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def dataset(folder):
    return open_dataset(Library(folder))


def test_what_was_imported_is_what_was_published(dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    assert len(dataset.incidents) == 80_955
    assert len(asked.asb) == 7_248
    assert len(asked.located) - asked.in_no_ward == 7_225
    assert len(dataset.wards) == 137


@pytest.mark.parametrize(("radius", "area"), [(75, None), (100, None), (150, "Warrington")])
def test_page_command_line_and_python_agree(folder, dataset, radius, area, monkeypatch, tmp_path):
    chosen = area and next(c for c, n in dataset.choices.areas.items() if n.startswith(f"{area} ("))
    selection = Selection(
        data=dataset.identity,
        area=chosen or Selection.default(dataset.choices).area,
        period=dataset.choices.period,
        radius_m=radius,
        vintage=2025,
    )
    found = find(study(dataset, selection)).hotspots
    assert len(found) > 3

    out = tmp_path / "found.geojson"
    options = ["--radius", str(radius), *(["--area", area] if area else [])]
    done = CliRunner().invoke(
        command_line, ["find", "--data", str(folder), "--out", str(out), *options]
    )
    assert done.exit_code == 0, done.output
    features = json.loads(out.read_text())["features"]
    assert [f["properties"]["incidents"] for f in features] == found["incidents"].tolist()
    assert [f["properties"]["key"] for f in features] == found["key"].tolist()

    monkeypatch.setenv("HOTSPOTS_DATA", str(folder))
    page = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=120)
    for name, value in selection.to_query().items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert page.title[0].value.startswith(f"{len(found)} hotspots")
    shown = page.dataframe[0].value
    assert shown["Reports"].tolist() == found["incidents"].tolist()
    assert shown["Streets"].tolist() == found["streets"].tolist()
    assert shown["Ward"].tolist() == found["ward_name"].tolist()
