"""The assembly's page: one thing at a time, the same whatever else a reader has set."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PROJECT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def empty_library(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))


def page():
    from hotspots.app import controls, data_store, panels
    from hotspots.app.pages import assembly

    dataset = data_store.dataset(controls.vintage())
    selection = controls.ask(dataset.choices, has_residents=True)
    panels.banner(dataset)
    assembly.show(selection)


def opened(**query):
    app = AppTest.from_function(page, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def words(app):
    kinds = (app.title, app.header, app.markdown, app.caption)
    return " ".join(element.value for kind in kinds for element in kind)


def button(app, label):
    return next(one for one in app.button if one.label == label)


def test_five_steps_by_button_and_back():
    app = opened()
    assert not app.exception
    titles = [app.title[0].value]
    for _ in range(4):
        app = button(app, "Next").click().run()
        assert not app.exception
        titles.append(app.title[0].value)
    assert len(set(titles)) == 5
    assert button(app, "Next").disabled
    assert button(app, "PageDown").disabled
    app = button(app, "PageUp").click().run()
    assert app.title[0].value == titles[3]


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2025-07", "to": "2025-07"},
        {"radius": "300", "min": "2"},
        {"shade": "count", "show": "heat", "hotspot": "SJ12345678"},
    ],
)
def test_nothing_but_the_area_changes_a_public_figure(query):
    plain, asked = opened(), opened(**query)
    for _ in range(3):
        assert words(asked) == words(plain)
        plain, asked = (button(app, "Next").click().run() for app in (plain, asked))


def test_the_area_is_that_of_the_link_and_the_sidebar_follows():
    app = opened(area="ward:X05000033")
    assert "Crewe Centre" in app.header[0].value
    box = next(one for one in app.selectbox if one.label == "Find my area")
    app = box.select("ward:X05000017").run()
    assert "Warrington Centre" in app.header[0].value
    assert app.query_params["area"] in ("ward:X05000017", ["ward:X05000017"])


def test_the_map_shows_areas_alone():
    app = opened()
    for _ in range(2):
        app = button(app, "Next").click().run()
    (component,) = app.get("component_instance")
    drawn = component.proto.json_args
    assert '\\"plain\\":true' in drawn.replace('\\\\\\"', '\\"')
    for street in ("Parking Area", "Mill Lane", "Supermarket"):
        assert street not in drawn
