"""Pieces of the When page: what is gathering now, at which hours, on which days."""

import pandas as pd
import streamlit as st

from hotspots.analysis.breaks import in_words
from hotspots.analysis.special_days import bank_holidays, beside_other_days
from hotspots.app import panels, when_store
from hotspots.errors import HotspotsError
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.sources import day_lists
from hotspots.study import News
from hotspots.views import clock_words, tables, trend_words, when_charts, wording
from hotspots.views import when_words as words


def early_warning(selection: Selection, stamped: Stamp) -> None:
    """Places that gather reports now; that none does is said as plainly."""
    found = when_store.warned(selection)
    st.subheader("Early warning", anchor=False)
    st.markdown(words.warned(found))
    for _, row in found.places.iterrows():
        st.markdown(f"- {words.warning(row)}")
    if not found.enough:
        return
    with st.expander("How this was looked for, and how often it would have spoken before"):
        st.write(words.WARNING)
        if st.button("Ask the same of the months before", key="replay"):
            st.session_state["replayed"] = when_store.warned_key(selection)
        if st.session_state.get("replayed") == when_store.warned_key(selection):
            st.write(words.replayed(*when_store.replayed(selection)))
        if len(found.scan.clusters):
            panels.table(tables.gatherings(found.scan.clusters))
            panels.table_download(found.scan.clusters, name="early-warning", stamped=stamped)


def with_breaks(stamped: Stamp, news: News) -> Stamp:
    """Stamp of the page's files, which say where nothing was compared across."""
    said = in_words(news.breaks)
    return stamped.adding(said.removesuffix(".")) if said else stamped


def trend(selection: Selection, subject: str) -> None:
    """What the months of one place tell, in sentences."""
    found = when_store.told(selection, subject)
    for sentence in trend_words.trend(found.trend, found.chart):
        st.markdown(f"- {sentence}")


def near_repeats(selection: Selection, stamped: Stamp) -> None:
    """How near and how soon reports follow each other; nothing where only months are known."""
    found = when_store.repeats(selection)
    if found is None:
        return
    st.subheader("Near repeats", anchor=False)
    for sentence in trend_words.repeats(found):
        st.markdown(f"- {sentence}")
    if found.enough:
        st.caption(trend_words.REPEATS)
        with st.expander("All distances and times as a table"):
            panels.table(tables.repeats(found))
            panels.table_download(found.table, name="near-repeats", stamped=stamped)


def hours(selection: Selection, subject: str, name: str, stamped: Stamp) -> None:
    """Hours of the week and days of the year, or why there are none."""
    found = when_store.hours(selection, subject)
    if not found.known:
        st.info(clock_words.MONTHS_ONLY, icon=":material/schedule:")
        return
    if found.clock.enough:
        panels.chart(
            when_charts.clock_chart,
            found.clock.table,
            title=clock_words.finding(found.clock, name=name),
            name="clock",
            alt=f"Reports in {name} by hour of the operational day; the table is below.",
            stamped=stamped,
        )
        for _, row in found.clock.peaks.iloc[1:].iterrows():
            st.markdown(f"- {clock_words.peak(row)}")
        st.caption(f"{clock_words.rests_on(found)} {clock_words.RULE}")
        with st.expander("These hours as a table"):
            panels.table(tables.clock(found.clock))
            panels.table_download(
                when_charts.clock_rows(found.clock), name="clock", stamped=stamped
            )
    else:
        st.caption(f"Too few reports have hours to draw them. {clock_words.rests_on(found)}")
    _days(found.daily, name, stamped)


def _days(daily: pd.Series, name: str, stamped: Stamp) -> None:
    """Days of the year, bank holidays and a list of the reader's beside the others."""
    upload = st.file_uploader("Days to mark (CSV: name, from, to)", type="csv", key="days")
    lists = {"Bank holidays": bank_holidays(daily.index[0], daily.index[-1])}
    if upload is not None:
        try:
            lists |= day_lists.named_days(upload.getvalue(), file=upload.name)
        except HotspotsError as error:
            st.error(wording.plain(str(error)))
    marked = {day: title for title, days in lists.items() for day in days}
    shown = when_charts.marked_days(daily, marked)
    panels.chart(
        when_charts.calendar_chart,
        shown,
        title=f"{name}: reports day by day; special days have a ring",
        name="days",
        alt=f"Reports in {name} by day; the table below holds the same.",
        stamped=stamped,
    )
    for title, days in lists.items():
        st.markdown(f"- {clock_words.special(title, beside_other_days(daily, days))}")
    with st.expander("These days as a table"):
        panels.table_download(shown, name="days", stamped=stamped)
        st.dataframe(tables.days(shown), width="stretch", height=320)
