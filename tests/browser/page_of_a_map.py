"""A page with nothing but a map, its table and the widgets that change it, for the tests."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from hotspots.app import server

# The test that starts this page says by these what the page is to hold.
HOSTILE = "<img src=x onerror=alert(1)>`{{1}}"
PLACES = [(341_000, 367_000), (343_000, 368_500), (343_400, 368_500), (346_500, 371_500)]


def page():
    import pandas as pd
    import shapely

    from hotspots.app import map_view
    from hotspots.settings import data_folder
    from hotspots.sources.basemaps import load_basemap
    from hotspots.tables import hotspots as hotspots_table
    from hotspots.views import maps
    from hotspots.views.context import build_context
    from hotspots.views.shading import Shade
    from tests import builders

    squares = {
        f"E{column}{row}": (340_000 + column * 2_000, 366_000 + row * 2_000, 2_000)
        for column in range(4)
        for row in range(3)
    }
    wards = builders.wards(squares)
    wards["name"] = [HOSTILE, *wards["name"].iloc[1:]]
    context = build_context(wards, load_basemap(data_folder()))
    radius = st.sidebar.slider("Radius", 50, 300, 100, 50)
    shaded = st.sidebar.toggle("Shade wards")
    boxes = {
        number: (e - radius, n - radius, 2 * radius, 40 - number)
        for number, (e, n) in enumerate(PLACES, 1)
    }
    hotspots = builders.hotspots(boxes, streets=HOSTILE)
    hotspots.loc[4, "single_place"] = True
    circles = shapely.buffer(shapely.points(PLACES), radius)
    hotspots = hotspots_table.validate(hotspots.set_geometry(circles, crs=hotspots.crs))
    rows = [(e + 15 * i, n + 10 * i, 9 - i % 9, HOSTILE) for e, n in PLACES for i in range(-9, 9)]
    points = pd.DataFrame(rows, columns=["easting", "northing", "incidents", "street"])
    st.session_state.setdefault("chosen", 0)

    def select(number):
        st.session_state.chosen = number

    st.number_input("Selected hotspot", 0, len(hotspots), key="chosen")
    clicked = map_view.show(
        context,
        maps.layers(
            hotspots,
            points,
            shade=Shade("Reports", {code: 3.0 * i for i, code in enumerate(squares)})
            if shaded
            else None,
            selected=st.session_state.chosen or None,
        ),
        height=480,
        on_select=select,
    )
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    st.write(f"Clicked: {clicked}. Chosen: {st.session_state.chosen}.")
    st.write(f"Runs: {st.session_state.runs}.")
    st.table(hotspots.drop(columns="geometry")[["incidents", "ward_name"]])


def other():
    st.write("Nothing to see here.")


if __name__ == "__main__":
    st.set_page_config(page_title="A map", page_icon="🗺️", layout="wide")
    st.navigation([st.Page(page, title="Map"), st.Page(other, title="Other")]).run()
else:
    app = st.App(__file__, routes=server.routes(), middleware=server.middleware())
