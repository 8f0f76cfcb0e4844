"""Pieces that pages share: the banner, the hotspot card, tables and downloads."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Literal

import pandas as pd
import streamlit as st

from hotspots.app import controls, store
from hotspots.publish import formats
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.study import Dataset
from hotspots.tables.hotspots import Hotspots
from hotspots.views import charts, month_charts, palette, tables, where_words, wording

_STYLE: Final = """<style>
.stMainBlockContainer { padding: 4.25rem 2rem 3rem; }
.stMain h1 { padding: 0 0 0.25rem; }
.stMain [data-testid="stAlertContainer"] { padding: 0.4rem 0.8rem; min-height: 0; }
[data-testid="stSidebarContent"] h2 { padding-top: 0.25rem; }
/* Streamlit's own exports carry no selection, no data's identity, and formulas as formulas. */
[data-testid="stBaseButton-elementToolbar"]:is([aria-label^="Download"], [aria-label^="Copy"]) {
  display: none;
}
/* White on the light blue of the dark theme cannot be read: 2.4 to 1. */
button[kind^="primary"]:not(:disabled) {
  background: #12436D; border-color: #6BACE6; color: #FFFFFF;
}
/* On a projector or a wall a map takes the height there is. */
@media (min-width: 1600px) and (min-height: 850px) {
  iframe.stCustomComponentV1 { height: calc(100vh - 440px) !important; }
}
/* Streamlit shows the focus of these by a tint that few would see. */
:is(.stMain, [data-testid="stTopNavLink"], [data-testid$="elementToolbar"]):focus-visible {
  outline: 2px solid currentColor; outline-offset: -2px;
}
/* Small charts side by side are wider than a phone: they move in their own box, not the page. */
@media (max-width: 1200px) {
  [class*="st-key-wide-"] div:has(> .stVegaLiteChart) { overflow-x: auto; }
}
@media (prefers-reduced-motion: reduce) {
  * { animation: none !important; transition: none !important; }
}
@media print { [data-testid="stSidebar"], [data-testid="stHeader"] { display: none; } }
</style>"""
# What a reader looks for first stands first where the table is narrow.
_FIRST: Final = (
    "Reports",
    "Ward",
    "Streets",
    "A month",
    "Share of all",
    "Area, ha",
    "Span, m",
    "One place",
)
# Pixels: room for most wards, and beside it for a street on a laptop.
_WARD_WIDTH: Final = 130
_FORMATS: Final = {
    "csv": ("Spreadsheet (CSV)", "text/csv"),
    "geojson": ("Web map (GeoJSON)", "application/geo+json"),
    "gpkg": ("QGIS, ArcGIS (GeoPackage)", "application/geopackage+sqlite3"),
}


def banner(dataset: Dataset) -> None:
    """What must be known before anything is believed: made-up data, and a link's notices."""
    if dataset.made_up:
        st.warning(wording.MADE_UP)
    for notice in controls.notices():
        st.info(wording.plain(notice), icon=":material/info:")


def stamp(selection: Selection, dataset: Dataset) -> Stamp:
    """What everything that leaves this page was made from."""
    note = wording.note(dataset)
    chosen = store.found(selection).min_incidents
    return Stamp.of(selection, dataset.choices, note=note, chosen=chosen)


def card(selection: Selection, hotspots: Hotspots) -> None:
    """The hotspot that is picked out: what it is, its months, its ward, other crime in it."""
    picked = hotspots.loc[hotspots["key"] == selection.hotspot]
    if picked.empty:
        return
    number, row = int(picked.index[0]), picked.iloc[0]
    months = store.months(selection, f"hotspot:{row['key']}")
    mix = store.mix(selection, number)
    name = f"{number} · {wording.place(row['streets'], row['ward_name'])}"
    st.subheader(wording.plain(name), anchor=False)
    st.write(where_words.hotspot_facts(row, in_its_ward=store.in_its_ward(selection, number)))
    st.write(where_words.certainty(store.certainty(selection, number)))
    st.write(where_words.past(store.past(selection, number)))
    st.altair_chart(
        month_charts.small_months(months, colors=colors()),
        width="stretch",
        alt=f"Reports in hotspot {number} by month; the same figures are in the table below.",
    )
    st.markdown(where_words.mix(mix))
    if partners := controls.page("partners"):
        st.page_link(partners, label="Plan what to do here", icon=":material/assignment_add:")
    with st.expander("Its months and other crime as tables"):
        table(tables.months(months))
        table(tables.mix(mix))


def look() -> None:
    """Page set up once: what must stand close together on a laptop, and print well."""
    st.set_page_config(page_title="ASB hotspots", page_icon="🗺️", layout="wide")
    st.html(_STYLE)


def pick_box(hotspots: Hotspots) -> None:
    """Hotspot chosen by name, for the keyboard; the map and the table choose the same one."""
    names = {
        str(row["key"]): f"{number} · {wording.place(row['streets'], row['ward_name'])}"
        for number, row in hotspots.iterrows()
    }
    now = st.session_state.get("hotspot")
    st.session_state["pick"] = now if now in names else None
    st.selectbox(
        "Hotspot",
        list(names),
        key="pick",
        index=None,
        format_func=lambda key: names.get(key, key),
        placeholder="Choose one here, on the map or in the table",
        on_change=lambda: controls.pick(st.session_state["pick"]),
    )


def table(shown: pd.DataFrame) -> None:
    """Table that reads aloud and prints; what its cells hold is text, never mark-up."""
    words = shown.select_dtypes(include=["object", "str", "category"]).columns
    escaped = {str(name): shown[name].astype(str).map(wording.plain) for name in words}
    index = shown.index.astype(str).map(wording.plain).rename(shown.index.name)
    st.table(shown.assign(**escaped).set_axis(index))


def hotspot_table(hotspots: Hotspots, selection: Selection) -> None:
    """Twin of the map: the same hotspots, ranked the same way; a row picks one out."""
    shown = tables.hotspots(hotspots)
    keys = list(hotspots["key"])
    rows = [keys.index(selection.hotspot)] if selection.hotspot in keys else []
    st.session_state["table"] = {"selection": {"rows": rows, "columns": [], "cells": []}}

    def chosen() -> None:
        now = st.session_state["table"]["selection"]["rows"]
        controls.pick(keys[now[0]] if now else None)

    st.dataframe(
        shown,
        column_order=[name for name in _FIRST if name in shown],
        key="table",
        on_select=chosen,
        selection_mode="single-row",
        hide_index=False,
        width="stretch",
        height=min(38 + 35 * len(shown), 420),
        alt="Hotspots ranked by reports; the plain table below holds the same.",
        column_config={"Ward": st.column_config.Column(width=_WARD_WIDTH)},
    )


def downloads(outlines: formats.Outlines, stamped: Stamp, *, layer: str, note: str) -> None:
    """Hotspots or patrol areas as files; each is written only when it is asked for."""
    with st.popover("Take it away"):
        for suffix, (label, mime) in _FORMATS.items():
            _download(
                label,
                partial(formats.WRITERS[suffix], outlines, stamped, layer),
                formats.file_name(layer.replace(" ", "-"), stamped, suffix),
                mime,
            )
        st.caption(note)


def chart(
    draw: Callable[..., charts.Chart],
    *data: pd.DataFrame,
    title: str,
    name: str,
    alt: str,
    stamped: Stamp,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """Chart on the page, in the page's colours, and as a picture on white to take away."""
    with st.container(key=f"wide-{name}" if width == "content" else None):
        st.altair_chart(draw(*data, title=title, colors=colors()), width=width, alt=alt)

    def picture(write: Callable[[dict[str, object]], bytes]) -> bytes:
        printed = draw(*data, title=title, colors=palette.CHART_LIGHT)
        return write(charts.for_print(printed, stamped.caption))

    with st.popover("Take it away", key=f"away-{name}"):
        for suffix, mime, write in (
            ("png", "image/png", formats.chart_png),
            ("svg", "image/svg+xml", formats.chart_svg),
        ):
            _download(
                f"Picture ({suffix.upper()})",
                partial(picture, write),
                formats.file_name(name, stamped, suffix),
                mime,
            )


def colors() -> Mapping[str, str]:
    """Colours of charts on the reader's theme."""
    return palette.CHART_DARK if st.context.theme.type == "dark" else palette.CHART_LIGHT


def table_download(
    table: pd.DataFrame, *, name: str, stamped: Stamp, what: str = "This table"
) -> None:
    """Table as CSV; where it is not the one above, the button says what it holds."""
    _download(
        f"{what} as a spreadsheet (CSV)",
        partial(formats.table_csv, table, stamped),
        formats.file_name(name, stamped, "csv"),
        "text/csv",
    )


def _download(label: str, write: Callable[[], bytes], name: str, mime: str) -> None:
    st.download_button(
        label, write, file_name=name, mime=mime, on_click="ignore", key=f"save-{name}"
    )
