"""Visits from a file: told line by line, or worked out from where radios were."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import visit_entry, visits
from hotspots.analysis import pings
from hotspots.app import panels, person, records
from hotspots.errors import HotspotsError
from hotspots.selection import Selection
from hotspots.sources import visit_files
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import visit_words, wording

_SAID: Final = "visit file said"
_KINDS: Final = {"visits": "Visits, one a line", "pings": "Positions of radios or phones"}
# A preview; the rest is in the file.
_SHOWN: Final = 20


def show(selection: Selection, areas: PatrolAreas) -> None:
    """Read a file, show what it holds, log it when asked to."""
    kind, text = st.session_state.pop(_SAID, ("", ""))
    if kind:
        (st.error if kind == "error" else st.success)(text)
    what = st.radio(
        "What the file holds",
        list(_KINDS),
        format_func=_KINDS.__getitem__,
        key="visit-file-kind",
    )
    st.caption(visit_words.FILES[what])
    if what == "visits":
        st.download_button(
            "An empty file to fill in (CSV)",
            visit_files.VISITS_TEMPLATE.encode("utf-8-sig"),
            file_name="visits.csv",
            mime="text/csv",
            on_click="ignore",
        )
    officers = 1
    if what == "pings":
        officers = int(st.number_input("Officers with each radio", 1, visit_entry.MOST_OFFICERS))
    file = st.file_uploader("CSV file", type="csv", key=f"visit-file-{what}")
    if file is None:
        return
    try:
        if what == "visits":
            table = visit_files.read_visits(file.getvalue(), wording.plain(file.name))
        else:
            table = _from_pings(file.getvalue(), file.name, areas, officers)
        entries = visit_entry.from_table(table, visit_words.grounds(areas), selection.area)
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        return
    if not entries:
        st.info("There is no visit to a patrol area in it.")
        return
    panels.table(visit_words.read(table.head(_SHOWN), visit_words.names_of(areas)))
    person.ask("file-by")
    st.button(
        f"Log {wording.count(len(entries), 'visit')}",
        on_click=_log,
        args=(entries, [str(name) for name in table.index], "csv" if what == "visits" else what),
    )


def _from_pings(data: bytes, name: str, areas: PatrolAreas, officers: int) -> pd.DataFrame:
    """Stays of radios inside the areas as visits; what could not be counted is said."""
    positions = visit_files.read_pings(data, wording.plain(name))
    stays, units = pings.visits(positions, areas.set_index("key"))
    st.write(visit_words.followed(units))
    return visit_entry.from_stays(stays, officers)


def _log(entries: Sequence[visit_entry.Entry], names: list[str], source: str) -> None:
    try:
        added = visits.log(records.to_write(), entries, by=person.name(), ids=names, source=source)
    except HotspotsError as error:
        st.session_state[_SAID] = ("error", wording.plain(str(error)))
        return
    st.session_state[_SAID] = ("success", visit_words.added(added, len(entries)))
