"""Days of the year on the When page: bank holidays, and lists of days that are kept."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import roles, special_days
from hotspots.analysis.special_days import bank_holidays, beside_other_days
from hotspots.app import panels, signing, who
from hotspots.errors import HotspotsError
from hotspots.publish.formats import Stamp
from hotspots.settings import BRITISH_NATIONAL_GRID, data_folder
from hotspots.views import clock_words, tables, when_charts, wording

_ACTION: Final = "import"
_MOST_MB: Final = 1


def show(daily: pd.Series, name: str, stamped: Stamp, *, grid: str) -> None:
    """
    Days as a calendar, special days beside others like them, and the lists that are kept.

    Parameters
    ----------
    daily, name
        Reports by day, and of which part of the study area.
    stamped
        Of the page's files.
    grid
        Metric grid of the data: those of another country keep none of our bank holidays.
    """
    lists = {}
    if grid == BRITISH_NATIONAL_GRID:
        lists["Bank holidays"] = bank_holidays(daily.index[0], daily.index[-1])
    try:
        lists |= special_days.named_days(data_folder())
    except HotspotsError as error:
        st.error(wording.plain(str(error)))
    marked = {day: title for title, days in lists.items() for day in days}
    shown = when_charts.marked_days(daily, marked)
    panels.chart(
        when_charts.calendar_chart,
        shown,
        title=f"{name}: reports day by day" + ("; special days have a ring" if marked else ""),
        name="days",
        alt=f"Reports in {name} by day; the table below holds the same.",
        stamped=stamped,
    )
    beside = {title: beside_other_days(daily, days) for title, days in lists.items()}
    if beside:
        said = (clock_words.special(title, row) for title, row in beside.items())
        st.markdown("\n".join(f"- {sentence}" for sentence in said))
    with st.expander("These days as a table"):
        panels.table_download(shown, name="days", stamped=stamped)
        st.dataframe(tables.days(shown), width="stretch", height=320)
    if roles.may(who.person(), _ACTION):
        _lists()


def _lists() -> None:
    """What is kept, to be added to or removed; for those who may bring in data."""
    folder = data_folder()
    held = special_days.held(folder)
    with st.expander(f"Days to mark: {wording.count(len(held), 'list')} kept"):
        st.caption(clock_words.DAY_LISTS)
        with st.form("keep-days", clear_on_submit=True, border=False):
            file = st.file_uploader(
                "Days to mark (CSV: name, from, to)",
                type="csv",
                key="days",
                max_upload_size=_MOST_MB,
            )
            asked = st.form_submit_button("Keep this list")
        if asked and file is not None:
            _changed(
                partial(
                    special_days.keep, folder, file.getvalue(), file=file.name, who=signing.name()
                )
            )
        for name in held:
            label, button = st.columns([4, 1], vertical_alignment="center")
            label.markdown(wording.plain(name))
            if button.button("Remove", key=f"remove-days-{name}"):
                _changed(partial(special_days.remove, folder, name, who=signing.name()))


def _changed(change: Callable[[], object]) -> None:
    """A change to the lists, by those who may; then the page is drawn again."""
    try:
        roles.check(who.person(), _ACTION)
        change()
    except HotspotsError as error:
        st.error(wording.plain(str(error)))
        return
    st.rerun()
