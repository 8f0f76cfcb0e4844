"""Maps and charts of what is public: large, in one hue, and never red for bad."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import altair as alt
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.areas import assign
from hotspots.publish.public_areas import Area, named_cells
from hotspots.publish.release import OTHERS, Release
from hotspots.publish.story import Story
from hotspots.publish.words import Words
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.sources.basemaps import Basemap
from hotspots.tables import wards as ward_table
from hotspots.tables.wards import Wards
from hotspots.views.charts import Chart
from hotspots.views.context import MapContext, to_degrees
from hotspots.views.shading import Shade

# A window this wide and tall is a projector or a wall: everything on it grows.
PROJECTOR: Final = (1600, 850)
# Pixels of type that is read from the back of a room, at a desk and on a projector.
_TYPE: Final = (17, 24)
# Wards drawn each side of the one asked about, so that a chart fits a screen.
_AROUND: Final = 5
_FIRST: Final = 12
# How much of what lies round a ward is shown with it, metres.
_ROUND_M: Final = 1500
# A ward that can stand at one place only is still a bar.
_HALF_A_PLACE: Final = 0.4


def ground_of_parts(release: Release, year: int, words: Words) -> Wards:
    """Published cells of a year as areas that a map can draw, under the names people use."""
    cells = release.cells.loc[(release.cells["year"] == year) & (release.cells["kind"] != OTHERS)]
    names = named_cells(release, year, words)["name"]
    table = gpd.GeoDataFrame(
        {
            "name": names.reindex(cells.index),
            "authority": cells["authority"],
            "authority_name": cells["ward"].map(release.wards["authority_name"]),
            "vintage": int(release.wards["vintage"].iloc[0]),
            "residents": float("nan"),
        },
        geometry=cells.geometry,
        index=cells.index.rename("code"),
    )
    return ward_table.validate(table)


def shade_of_wards(story: Story) -> Shade:
    """Reports for every 1,000 people, by ward; counts where no residents are loaded."""
    wards, column = story.wards, "rate"
    if wards["rate"].isna().all():
        column = "reports"
    title = story.words("where.wards_shade" if column == "rate" else "table.reports")
    return Shade(title, _by_code(wards[column]), decimals=1 if column == "rate" else 0)


def shade_of_parts(release: Release, year: int, words: Words) -> Shade:
    """Reports for each square kilometre, by published cell."""
    cells = named_cells(release, year, words)
    return Shade(words("where.parts_shade"), _by_code(cells["per_km2"].dropna()), decimals=1)


def ground_round(wards: Wards, area: Area) -> Wards:
    """
    Wards of the council of an area, or all of them.

    A ward that is asked about is set apart, so that the map outlines and names it.
    """
    if area.authority is None:
        return wards
    near = wards.loc[wards["authority"] == area.authority]
    if area.ward is not None:
        asked = near.index == area.ward
        near = near.assign(
            authority=near["authority"].mask(asked, area.ward),
            authority_name=near["authority_name"].mask(asked, near["name"]),
        )
    return ward_table.validate(near)


def outline_of(story: Story) -> BaseGeometry | None:
    """Outline of the ward that is asked about; nothing when it is a wider area."""
    return None if story.area.ward is None else story.release.wards.geometry[story.area.ward]


def looking_at(context: MapContext, release: Release, area: Area) -> MapContext:
    """Same map, opened at a ward and what lies round it when a ward is asked about."""
    if area.ward is None:
        return context
    near = release.wards.geometry[area.ward].buffer(_ROUND_M)
    corners = to_degrees(shapely.get_coordinates(shapely.box(*near.bounds)))
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    bounds = (float(west), float(south), float(east), float(north))
    return replace(context, area=f"{context.area} {area.ward}", bounds=bounds)


def places_of(basemap: Basemap, wards: Wards) -> dict[str, str]:
    """Code of the ward that each named place of a base map lies in, largest places first."""
    found = json.loads(basemap.layers.get("places", b'{"features": []}'))["features"]
    points = [one for one in found if one["geometry"]["type"] == "Point"]
    points.sort(key=lambda one: one["properties"].get("size", 9), reverse=True)
    if not points:
        return {}
    to_grid = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)
    degrees = np.array([one["geometry"]["coordinates"] for one in points], dtype=np.float64)
    code = assign(np.column_stack(to_grid.transform(*degrees.T)), wards).code
    names = [str(one["properties"].get("name", "")) for one in points]
    return {
        name: f"ward:{ward}" for name, ward in zip(names, code, strict=True) if not pd.isna(ward)
    }


def quarters_chart(story: Story, *, colors: Mapping[str, str]) -> Chart:
    """Quarters of a year beside those of the year before, each with its number on it."""
    w, table = story.words, story.quarters
    table = table.assign(
        part=[w(f"quarter.{q}") for q in table["quarter"]], year=table["year"].astype(str)
    )
    order = [w(f"quarter.{q}") for q in range(1, 5)]
    years = sorted(table["year"].unique())
    base = alt.Chart(table).encode(
        x=alt.X(
            "part:N",
            sort=order,
            title=None,
            axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, ' ')", labelLimit=0),
        ),
        xOffset=alt.XOffset("year:N", sort=years),
        y=alt.Y("reports:Q", title=w("table.reports"), axis=alt.Axis(tickCount=4)),
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            "year:N",
            title=None,
            scale=alt.Scale(domain=years, range=[colors["before"], colors["now"]][-len(years) :]),
            legend=alt.Legend(orient="top") if len(years) > 1 else None,
        ),
        tooltip=[
            alt.Tooltip("part:N", title=w("table.quarter")),
            alt.Tooltip("year:N", title=w("table.year")),
            alt.Tooltip("reports:Q", title=w("table.reports"), format=","),
        ],
    )
    numbers = base.mark_text(
        dy=-4, baseline="bottom", fontSize=_type(-2), fontWeight="bold"
    ).encode(text=alt.Text("reports:Q", format=","), color=alt.value(colors["gap"]))
    title = w("reported.quarters", area=story.quarters_area)
    return _large(alt.layer(bars, numbers), title, 350)


def ranks_chart(story: Story, *, colors: Mapping[str, str]) -> Chart:
    """Range of places that each ward could stand at; a list is no table of shame."""
    w, listed = story.words, story.compared
    at = listed.index.get_loc(story.area.ward) if story.area.ward in listed.index else None
    if isinstance(at, int):
        start = min(max(0, at - _AROUND), max(0, len(listed) - 2 * _AROUND - 1))
        listed = listed.iloc[start : start + 2 * _AROUND + 1]
    else:
        listed = listed.loc[listed.index.isin(story.of_area().index)].head(_FIRST)
    records = pd.DataFrame(listed).reset_index()
    records = records.assign(
        chosen=(listed.index == story.area.ward),
        start=records["first"] - _HALF_A_PLACE,
        end=records["last"] + _HALF_A_PLACE,
    )
    records["label"] = _labels(records)
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=330))
    x = alt.X("start:Q", title=w("table.place"), axis=alt.Axis(tickMinStep=1, tickCount=8))
    tooltip = [
        alt.Tooltip("name:N", title=w("table.ward")),
        alt.Tooltip("first:Q", title=w("table.place")),
        alt.Tooltip("last:Q", title="–"),
    ]
    bars = (
        alt.Chart(records)
        .mark_bar(height=14, cornerRadius=7)
        .encode(
            x=x,
            x2="end:Q",
            y=y,
            color=alt.condition(
                "datum.chosen", alt.value(colors["before"]), alt.value(colors["spread"])
            ),
            tooltip=tooltip,
        )
    )
    title = w("where.ranks")
    return _large(bars, title, 70 + 30 * len(records))


def _labels(records: pd.DataFrame) -> list[str]:
    """Names of wards, with the council where two share one."""
    twice = records["name"].duplicated(keep=False)
    both = records["name"] + " (" + records["authority_name"] + ")"
    return list(records["name"].where(~twice, both))


def _large(chart: Chart, title: str, height: int) -> Chart:
    large: Chart = (
        chart.properties(
            height=height, title=alt.TitleParams(title, anchor="start", fontSize=_type(1))
        )
        .configure_axis(labelFontSize=_type(-2), titleFontSize=_type(-2))
        .configure_legend(labelFontSize=_type(), symbolSize=200)
    )
    return large


def _type(more: int = 0) -> alt.ExprRef:
    """Size of type in a chart: the browser alone knows how large its window is."""
    desk, wall = (size + more for size in _TYPE)
    wide, tall = PROJECTOR
    on_wall = f"windowSize()[0] >= {wide} && windowSize()[1] >= {tall}"
    return alt.ExprRef(f"{on_wall} ? {wall} : {desk}")


def _by_code(figures: pd.Series) -> dict[str, float]:
    return {str(code): float(figure) for code, figure in figures.items()}
