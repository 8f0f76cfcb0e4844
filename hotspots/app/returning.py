"""The monthly return on the page: a month, its table, its files."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from hotspots.app import data_store, records, store
from hotspots.periods import Period, month_in_words
from hotspots.publish import formats, return_files
from hotspots.publish.formats import Stamp
from hotspots.publish.monthly_return import MonthlyReturn, monthly_return
from hotspots.selection import Selection
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import visit_words

_DAYS = 750


def show(selection: Selection, areas: PatrolAreas, stamped: Stamp) -> None:
    """Ask for a month and give its return."""
    held = records.visits_here(_DAYS, selection.area, areas)
    loaded = data_store.dataset(selection.vintage, role=selection.role).choices.period
    this = pd.Timestamp.now(tz="Europe/London").tz_localize(None).to_period("M")
    months = sorted({*loaded, *visit_words.months(held), this}, reverse=True)
    asked_month, _ = st.columns([1, 3])
    month = asked_month.selectbox("Month", months, format_func=month_in_words, key="return-month")
    reports = None
    if month in loaded:
        asked = store.study(replace(selection, period=Period(month, month)))
        reports = asked.located if asked.months_held else None
    made = monthly_return(month, held, areas, reports, visit_words.names_of(areas))
    st.dataframe(
        visit_words.monthly(made.table),
        width="stretch",
        placeholder="",  # what is not loaded is not known
        alt="The monthly return by patrol area; the files below hold the same.",
    )
    if reports is None:
        st.caption(visit_words.NOT_LOADED)
    st.caption(visit_words.RETURN)
    with st.container(horizontal=True):
        _files(made, stamped.adding(f"return for {month_in_words(month)}"))


def _files(made: MonthlyReturn, stamped: Stamp) -> None:
    """The return as files; each is written only when it is asked for."""
    name = f"monthly-return-{made.month}"
    for label, write, suffix, mime in (
        (
            "The return with its rows (XLSX)",
            return_files.return_xlsx,
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("The return (CSV)", return_files.return_csv, "csv", "text/csv"),
    ):
        st.download_button(
            label,
            partial(write, made, stamped),
            file_name=formats.file_name(name, stamped, suffix),
            mime=mime,
            on_click="ignore",
            key=f"return-{suffix}",
        )
