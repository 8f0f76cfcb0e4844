"""
From a widget's change to the map drawn, in chromium: ours against plain folium.

    HOTSPOTS_REAL_DATA=… python tests/speed/map_drawing.py

Both pages show the 137 wards of Cheshire and the same points, in one run and one browser.
Plain folium is what its documentation shows: wards embedded as GeoJSON, a CircleMarker a
point; its Leaflet is served by the same server, so that neither waits for a network.
Prints the table for the README: medians, in seconds. Of 50,000 points ours draws the
busiest 20,000 and says so on the map.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import streamlit as st

from hotspots.app import server

REPEATS = 5
SIZES = (1_000, 5_000, 50_000)
WITHIN_MS = 300_000


def cheshire():
    import geopandas as gpd
    import pandas as pd
    import shapely

    from hotspots.settings import BRITISH_NATIONAL_GRID
    from hotspots.tables import wards as wards_table

    folder = Path(os.environ["HOTSPOTS_REAL_DATA"]) / "boundaries"
    parts = [gpd.read_file(path) for path in sorted(folder.glob("ward_E*.geojson"))]
    read = pd.concat(parts).to_crs(BRITISH_NATIONAL_GRID)
    table = gpd.GeoDataFrame(
        {
            "name": read["WD25NM"].to_numpy(),
            "authority": read["LAD25CD"].to_numpy(),
            "authority_name": read["LAD25NM"].to_numpy(),
            "vintage": 2025,
            "residents": float("nan"),
        },
        geometry=shapely.make_valid(read.geometry.to_numpy()),
        crs=BRITISH_NATIONAL_GRID,
        index=pd.Index(read["WD25CD"].to_numpy(), name="code"),
    )
    return wards_table.validate(table)


def scattered(wards, count):
    """Points as police data has them: crowded in a few wards, most with one report."""
    import numpy as np
    import pandas as pd
    import shapely

    random = np.random.default_rng(2025)
    middles = shapely.get_coordinates(shapely.centroid(wards.geometry.to_numpy()))
    of = random.choice(len(middles), count, p=random.dirichlet(np.full(len(middles), 0.7)))
    places = middles[of] + random.normal(0, 900, (count, 2))
    return pd.DataFrame(
        {
            "easting": places[:, 0],
            "northing": places[:, 1],
            "incidents": random.zipf(2.2, count).clip(max=60),
            "street": [f"Street {n}" for n in random.integers(0, count // 2, count)],
        }
    )


@st.cache_resource
def prepared(count):
    from hotspots.sources.basemaps import Basemap
    from hotspots.views.context import build_context

    wards = cheshire()
    return wards, scattered(wards, count), build_context(wards, Basemap())


def spots(points, radius):
    import shapely

    from tests import builders

    top = points.nlargest(40, "incidents")
    rows = zip(top["easting"], top["northing"], top["incidents"], strict=True)
    found = builders.hotspots(
        {i: (e, n, radius, reports) for i, (e, n, reports) in enumerate(rows, 1)}
    )
    circles = shapely.buffer(shapely.points(top[["easting", "northing"]].to_numpy()), radius)
    return found.set_geometry(list(circles), crs=found.crs)


def ours(count, radius):
    from hotspots.app import map_view
    from hotspots.views import maps

    _, points, context = prepared(count)
    map_view.show(context, maps.layers(spots(points, radius), points))


def plain(count, radius):
    import folium
    from streamlit_folium import st_folium

    from hotspots.settings import WGS84
    from hotspots.views.context import to_degrees
    from hotspots.views.map_script import address

    folium.Map.default_js = [("leaflet", address("assets", "leaflet", "leaflet.js"))]
    folium.Map.default_css = [("leaflet_css", address("assets", "leaflet", "leaflet.css"))]
    wards, points, _ = prepared(count)
    chart = folium.Map([53.2, -2.6], zoom_start=10, tiles=None, prefer_canvas=True, maxZoom=18)
    folium.GeoJson(wards.to_crs(WGS84)[["name", "geometry"]].to_json()).add_to(chart)
    places = to_degrees(points[["easting", "northing"]].to_numpy())
    for (longitude, latitude), reports in zip(places, points["incidents"], strict=True):
        folium.CircleMarker([latitude, longitude], radius=2 + reports**0.5).add_to(chart)
    outlines = spots(points, radius).to_crs(WGS84)[["incidents", "geometry"]]
    folium.GeoJson(outlines.to_json()).add_to(chart)
    st_folium(chart, key="plain", returned_objects=[], use_container_width=True, height=560)


def page():
    count = int(st.query_params.get("points", SIZES[0]))
    radius = 100 + 10 * st.number_input("Step", 0, 1_000, 0)
    (plain if st.query_params.get("way") == "plain" else ours)(count, radius)


# Ours counts its drawings; plain folium builds a new map, known by the new widget's radius.
DRAWN = {
    "ours": "() => window.map && document.querySelector('#map_div').dataset.drawn > {since}",
    "plain": "() => window.map && !window.old && Object.keys(window.map._layers).length > {least}",
}


def measured(chromium, address, way, count):
    tab = chromium.new_page(viewport={"width": 1366, "height": 768})
    tab.set_default_timeout(WITHIN_MS)
    sent = []
    tab.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: sent.append(len(data))),
    )
    tab.goto(f"{address}/?way={way}&points={count}")
    frame_drawn(tab, way, count, 0)
    tab.wait_for_timeout(1_500)
    times = []
    # Plain folium takes a minute and more for the largest: twice is enough.
    repeats = 2 if way == "plain" and count > SIZES[1] else REPEATS
    for step in range(1, repeats + 1):
        frame = map_frame(tab)
        since = 0
        if way == "ours":
            since = int(frame.evaluate("document.querySelector('#map_div').dataset.drawn"))
        else:
            frame.evaluate("window.old = true")
        sent.clear()
        box = tab.get_by_label("Step")
        box.fill(str(step))
        began = time.perf_counter()
        box.press("Enter")
        frame_drawn(tab, way, count, since)
        times.append(time.perf_counter() - began)
        tab.wait_for_timeout(700)
    tab.close()
    return statistics.median(times), sum(sent) / 1e6


def map_frame(tab):
    return next((f for f in tab.frames if "streamlit_folium" in f.url), None)


def frame_drawn(tab, way, count, since):
    script = DRAWN[way].replace("{since}", str(since)).replace("{least}", str(count))
    until = time.monotonic() + WITHIN_MS / 1_000
    while time.monotonic() < until:
        frame = map_frame(tab)
        try:
            if frame is not None and frame.evaluate(f"({script})()"):
                # Drawn means painted: wait for the frame after.
                frame.evaluate(
                    "new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))"
                )
                return
        except Exception as error:  # the old frame goes while we look at it
            if "destroyed" not in str(error) and "detached" not in str(error):
                raise
        tab.wait_for_timeout(10)
    raise TimeoutError(f"{way} with {count} points was not drawn")


def main():
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, FLAGS, serve

    print("| points | plain folium, s | ours, s | times as fast | plain, MB | ours, MB |")
    print("|---|---|---|---|---|---|")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serve(__file__, folder, Path(folder) / "log") as address,
    ):
        for count in SIZES:
            row = {}
            for way in ("plain", "ours"):
                # A browser of its own: none pays for what the other left behind.
                chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                row[way] = measured(chromium, address, way, count)
                chromium.close()
            (slow, heavy), (fast, light) = row["plain"], row["ours"]
            print(
                f"| {count:,} | {slow:.2f} | {fast:.2f} | {slow / fast:.1f} "
                f"| {heavy:.2f} | {light:.2f} |",
                flush=True,
            )


if st.runtime.exists() and __name__ == "__main__":
    page()
elif __name__ == "__main__":
    main()
else:
    app = st.App(__file__, routes=server.routes(), middleware=server.middleware())
