"""The dashboard on the sample, page by page, as data: what is asked is what is answered."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hotspots.app import signing
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, patrol, study
from hotspots.views import when_words, where_words
from tests import elsewhere

PROJECT = Path(__file__).parent.parent.parent
PAGES = ("where", "when", "evidence", "data")


@pytest.fixture(autouse=True)
def empty_library(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def dataset():
    return open_dataset(Library())


def other_page(name):
    """A page that is not the first: what dashboard.py does round it, and no more."""
    import importlib

    from hotspots.app import controls, data_store, panels

    dataset = data_store.dataset(controls.vintage())
    selection = controls.ask(dataset.choices, has_residents=True)
    panels.banner(dataset)
    importlib.import_module(f"hotspots.app.pages.{name}").show(selection)


def opened(page="where", **query):
    if page == "where":
        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    else:
        app = AppTest.from_function(other_page, args=(page,), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return with_a_reason(app.run())


def with_a_reason(app):
    """The page behind the question why restricted reports are looked at, where it is asked."""
    asked = [box for box in app.selectbox if str(box.key).startswith(signing.ASKED_WHY)]
    return asked[0].select_index(0).run() if asked else app


def words(app):
    return " ".join(
        element.value
        for kind in (app.title, app.markdown, app.caption, app.warning, app.info, app.subheader)
        for element in kind
    )


def map_data(app):
    (component,) = app.get("component_instance")
    return json.dumps(json.loads(component.proto.json_args))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_says_that_the_sample_is_made_up(page):
    app = opened(page)
    assert not app.exception
    assert not app.error
    assert "made up" in app.warning[0].value
    assert app.title[0].value


def test_the_page_shows_what_python_finds(dataset):
    found = find(study(dataset, Selection.default(dataset.choices)))
    app = opened()
    assert app.title[0].value.startswith(f"{len(found.hotspots)} hotspots hold")
    shown = app.dataframe[0].value
    assert shown["Reports"].tolist() == found.hotspots["incidents"].tolist()
    assert shown["Streets"].tolist() == found.hotspots["streets"].tolist()


def test_a_link_reproduces_the_view():
    app = opened(radius="150", **{"from": "2025-07", "to": "2025-09"}, min="12")
    assert "July to September 2025" in app.caption[0].value
    assert "at least 12 reports within 150 m" in app.caption[0].value
    assert app.query_params["radius"] == "150"


@pytest.mark.parametrize("value", ["9" * 400, "-1", "<script>alert(1)</script>", "NaN"])
def test_nonsense_in_a_link_is_said_and_not_obeyed(value):
    app = opened(radius=value)
    assert not app.exception
    assert any("The link asks for radius" in info.value for info in app.info)
    assert "within 100 m" in app.caption[0].value


def test_a_wider_radius_is_answered_and_stands_in_the_link():
    app = opened()
    app.slider(key="radius").set_value(200).run()
    assert not app.exception
    assert "within 200 m" in app.caption[0].value
    assert app.query_params["radius"] == "200"


def test_a_hotspot_picked_by_name_shows_its_card_and_stays_picked(dataset):
    app = opened()
    first = find(study(dataset, Selection.default(dataset.choices))).hotspots.iloc[0]
    app.selectbox(key="pick").set_value(first["key"]).run()
    assert not app.exception
    assert any(header.value.startswith("1 · ") for header in app.subheader)
    assert f"{first['incidents']:,} reports" in words(app)
    assert "of 100** resamples" in words(app)
    assert app.query_params["hotspot"] == first["key"]
    app.slider(key="radius").set_value(105).run()
    assert app.query_params["hotspot"], "a small change of radius lets go of the hotspot"
    assert any(" · " in header.value for header in app.subheader)


def test_a_number_that_chance_reaches_is_said_to_be_one():
    app = opened(min="5")
    assert "some of these may be chance" in words(app)
    assert "of them on average" in words(app)


def test_wards_are_shaded_when_asked():
    app = opened(shade="rate")
    assert "Reports per 1,000 residents" in map_data(app)


def test_the_when_page_counts_a_ward_when_asked():
    app = opened("when")
    app.selectbox(key="subject").select_index(3).run()
    assert not app.exception
    assert app.selectbox(key="subject").value.startswith("ward:")


def test_where_nothing_gathers_no_empty_table_is_drawn():
    app = opened(min="5000")
    assert app.title[0].value.startswith("No hotspot in")
    assert where_words.NO_HOTSPOT in words(app)
    assert not app.dataframe
    assert not app.table


def test_a_city_elsewhere_is_given_neither_wards_nor_our_holidays(empty_library):
    elsewhere.city(empty_library)
    app = opened("when")
    assert not app.exception
    said = words(app)
    assert when_words.NO_OTHER_CRIME in said
    assert "Near repeats" in said
    assert not re.search(r"\bwards?\b|Bank holiday|Crown copyright", said)
    where = opened("where")
    assert not {"Ward", "Streets"} & set(where.dataframe[0].value.columns)
    assert "shade" not in {box.key for box in where.selectbox}


def test_the_when_page_counts_the_patrol_area_that_is_picked_out(dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    areas = patrol(asked, find(asked), count=20, size_ha=5)
    app = opened("when")
    offered = app.selectbox(key="subject").options
    assert not any(name.startswith("Patrol area") for name in offered)
    app.session_state["patrol area stands at"] = areas.geometry.loc[2].representative_point()
    app.run()
    assert any(n.startswith("Patrol area P2") for n in app.selectbox(key="subject").options)
    app.selectbox(key="subject").set_value(f"ground:{areas.geometry.loc[2].wkt}").run()
    assert not app.exception
    assert areas.loc[2, "incidents"] == sum(
        int(text.replace(",", "")) for text in months_of(app)["Reports"]
    )


def months_of(app):
    return next(table.value for table in app.table if table.value.index.name == "Month")
