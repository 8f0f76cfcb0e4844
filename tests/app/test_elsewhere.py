"""Patrols beyond Great Britain: what would stand in a wrong place is not offered, or refused."""

import pytest
from streamlit.testing.v1 import AppTest

from tests import elsewhere
from tests.app.test_patrol import fill, page, press

HERE = "-73.95 40.75, -73.94 40.75, -73.94 40.76, -73.95 40.75"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    elsewhere.city(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("pin", {"pin_place": "40.75, -73.95"}),
        ("pin", {"pin_place": "SJ 4050 6632"}),
        ("exclude", {"exclude_outline": f"POLYGON (({HERE}))"}),
    ],
)
def test_a_place_typed_on_the_national_grid_is_refused(data, kind, fields):
    app = AppTest.from_function(page, default_timeout=120).run()
    app.radio(key="patrol-kind").set_value(kind).run()
    press(fill(app, patrol_reason="a reason", patrol_by="Sgt Ames", **fields), _RECORD)
    (error,) = app.error
    assert "on the British National Grid only" in error.value
    assert elsewhere.GRID in error.value
    assert not (data / "records").exists()


def test_an_area_of_the_city_is_pinned_and_a_locality_is_chosen():
    app = AppTest.from_function(page, default_timeout=120).run()
    app.radio(key="patrol-kind").set_value("pin").run()
    press(fill(app, patrol_reason="a reason", patrol_by="Sgt Ames", pin_area=2), _RECORD)
    assert app.dataframe[0].value["By hand"].tolist().count("pinned") == 1
    app.session_state["patrol-part"] = "dispersal"
    app.run()
    assert not app.exception
    assert app.radio(key="dispersal-from").options == ["A patrol area", "A hotspot"]
    assert any("on the British National Grid only" in said.value for said in app.caption)


_RECORD = "Record this change"
