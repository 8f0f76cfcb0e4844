"""The command line and Python give one answer, changes by hand included."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action import patrol_log
from hotspots.analysis.patrol_edits import Edit
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, patrol, study


@pytest.fixture
def asked(tmp_path):
    dataset = open_dataset(Library(tmp_path))
    return study(dataset, Selection.default(dataset.choices))


def run(*words):
    done = CliRunner().invoke(app, [*map(str, words)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_patrol_areas_in_a_file_are_those_that_python_places(asked, tmp_path):
    areas = patrol(asked, find(asked), count=4, size_ha=3)
    lake = Edit("exclude", areas.geometry.iloc[0], "a lake", "A", datetime.now(UTC))
    patrol_log.record(tmp_path, asked.selection.area, lake)
    out = tmp_path / "patrol.geojson"
    said = run("patrol", "--count", 4, "--size", 3, "--out", out, "--data", tmp_path)
    assert said.startswith("4 patrol areas of up to 3 ha would have held ")
    assert "describes the past" in said
    assert "4 patrol areas of up to 3 ha, inside and around hotspots, 1 change by hand" in said
    collection = json.loads(out.read_text(encoding="utf-8"))
    assert collection["name"] == "patrol areas"
    changed = patrol(asked, find(asked), count=4, size_ha=3, edits=(lake,))
    keys = [feature["properties"]["key"] for feature in collection["features"]]
    assert keys == changed["key"].tolist()
    assert keys != areas["key"].tolist()


def test_a_size_that_is_not_allowed_is_refused(tmp_path):
    done = CliRunner().invoke(app, ["patrol", "--size", "9", "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "less than or equal to 7" in done.output
