"""What changed, at the top of the When page: places that moved, new hotspots, repeats."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from hotspots.analysis.case_review import POINT
from hotspots.app import alerts, controls, panels, store
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.study import News
from hotspots.views import tables, when_charts, wording
from hotspots.views import when_words as words

# More places than this are read in the table.
_MOST: Final = 8


def show(selection: Selection, news: News, stamped: Stamp) -> None:
    """The few places that are up or down, a sentence, a link and a small chart each."""
    _changes(selection, news, stamped)
    st.caption(" ".join([words.stepped(news.breaks), *news.changes.notes]))
    if news.changes.looked_at:
        with st.expander(
            f"All {wording.count(news.changes.looked_at, 'place')} that were looked at"
        ):
            every = news.changes.every
            st.dataframe(tables.changes(every, words.names(news)), width="stretch")
            panels.table_download(every, name="changes", stamped=stamped)
            st.caption(words.CHANGES)
    _new(selection, news, stamped)


def _changes(selection: Selection, news: News, stamped: Stamp) -> None:
    names, listed = words.names(news), news.changes.table.head(_MOST)
    if listed.empty:
        return
    for code, row in listed.iterrows():
        said = words.change(wording.plain(names[str(code)]), row, news.changes)
        st.markdown(f"- {said}{_link(_of_place(selection, str(code), news))}")
    panels.chart(
        when_charts.small_multiples,
        news.series[listed.index].rename(columns=names),
        title="What is up or down, month by month, each on its own scale",
        name="changed-months",
        alt="Reports by month in the places above; the table holds the same.",
        stamped=stamped,
        width="content",
    )
    with st.expander("These months as a table"):
        by_name = news.series[listed.index]
        st.dataframe(tables.place_months(by_name, names, "Place"), width="stretch")
        panels.table_download(by_name.rename(columns=names).T, name="changed", stamped=stamped)


def _new(selection: Selection, news: News, stamped: Stamp) -> None:
    """New and returning hotspots, and repeats, for who wants to know."""
    with st.expander(words.new_title(news)):
        for _, row in news.new.head(_MOST).iterrows():
            there = replace(selection, period=news.newest, hotspot=row["key"])
            st.markdown(f"- {words.new_hotspot(row, news)}{_link(('', there))}")
        st.caption(words.NEW)
        if len(news.new):
            panels.table_download(news.new, name="new-hotspots", stamped=stamped)
        reports, months = alerts.threshold()
        found = store.repeats(selection, reports, months)
        points = int((found["kind"] == POINT).sum())
        st.write(words.repeats(len(found) - points, points, reports=reports, months=months))
        if partners := controls.page("partners"):
            st.page_link(partners, label="Repeats, and plans about them", icon=":material/repeat:")


def _of_place(selection: Selection, code: str, news: News) -> tuple[str, Selection]:
    """Page and view that show a place: a ward on When, a hotspot on Where as it was found."""
    if code in news.wards.index:
        return "when", replace(selection, area=f"ward:{code}", hotspot=None)
    return "", replace(selection, period=news.period, hotspot=code)


def _link(there: tuple[str, Selection]) -> str:
    """Link to a view of a page, in a tab of its own; nothing where its reader has no such page."""
    path, selection = there
    if controls.page(path) is None:
        return ""
    label = "See this ward by itself" if path else "See it on Where"
    return f" [{label}]({path or './'}?{urlencode(selection.to_query())})"
