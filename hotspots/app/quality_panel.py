"""How good the records are: on the Data page, and as a file."""

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import roles
from hotspots.analysis.finding_kinds import NOTE, SERIOUS, WATCH
from hotspots.app import break_panel, data_store, panels, store, who
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.study import quality
from hotspots.views import quality_words

# Beyond this many, the rest is read in the file or by month.
_MOST: Final = 30


def show(selection: Selection, stamped: Stamp) -> None:
    """Draw the quality report."""
    findings, months = data_store.quality(selection.vintage, role=selection.role)
    dataset = data_store.dataset(selection.vintage, role=selection.role)
    candidates = quality.nameable(findings)
    areas = [quality.area_of(dataset, row) for _, row in candidates.iterrows()]
    findings = quality.with_names(dataset, findings, store.said_of(areas))
    stamped = replace(stamped, selection="every record loaded", link="")
    st.subheader("How good the records are", anchor=False)
    st.write(quality_words.headline(findings, months))
    for severity in (SERIOUS, WATCH):
        _listed(findings.loc[findings["severity"] == severity], quality_words.SEVERITY[severity])
    _name(candidates, areas)
    notes = findings.loc[findings["severity"] == NOTE]
    if len(notes):
        with st.expander(quality_words.SEVERITY[NOTE]):
            panels.table(quality_words.shown(notes))
    with st.expander("Every supplier and month in figures"):
        st.dataframe(quality_words.by_month(months), width="stretch", hide_index=True)
        panels.table_download(months, name="quality-by-month", stamped=stamped)
    panels.table_download(
        quality_words.for_file(findings), name="quality", stamped=stamped, what="What was found"
    )
    st.caption(quality_words.METHOD)


def _name(candidates: pd.DataFrame, areas: list[str]) -> None:
    """Say what a change of recording was: kept where the When page keeps it."""
    if candidates.empty or not roles.may(who.person(), "plan"):
        return
    offered = {
        quality_words.candidate(row): (area, str(row["first"]))
        for area, (_, row) in zip(areas, candidates.iterrows(), strict=True)
    }
    with st.expander("Say what changed in the recording"):
        st.caption(quality_words.NAMING)
        break_panel.ask("name-finding", "What was found", offered)


def _listed(findings: pd.DataFrame, title: str) -> None:
    if findings.empty:
        return
    st.markdown(f"**{title}**")
    panels.table(quality_words.shown(findings.head(_MOST)))
    if len(findings) > _MOST:
        st.caption(f"{len(findings) - _MOST:,} more are in the file.")
