"""Records: who did what, when and why; whether the trail is whole; what may be kept no longer."""

from functools import partial
from typing import Final

import streamlit as st

from hotspots.action.records import KINDS, broken_at, exist, newest
from hotspots.app import panels, records, retention_panel
from hotspots.publish.formats import neutralised_csv
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.views import trail_words as words

# Lines on the page; the file has them all.
_MOST: Final = 100
_ALL: Final = "Everything"


def show(selection: Selection) -> None:
    """Draw the page."""
    del selection  # the trail is of everything
    if not exist(data_folder()):
        st.title(words.NOTHING, anchor=False)
        st.caption(words.TRAIL)
        retention_panel.show()
        return
    with records.opened().reading() as session:
        broken, lines = broken_at(session), newest(session)
    st.title(words.finding(lines, broken), anchor=False)
    st.caption(words.TRAIL)
    if broken is not None:
        st.error(words.BROKEN)
    kind = st.segmented_control("Show", [_ALL, *KINDS], default=_ALL, key="kind of line")
    of_kind = [line for line in lines if kind in {None, _ALL, line.kind}]
    panels.table(words.lines(of_kind[:_MOST]))
    if len(of_kind) > _MOST:
        st.caption(f"The newest {_MOST} of {len(of_kind):,}.")
    st.download_button(
        "The whole trail as a spreadsheet (CSV)",
        partial(neutralised_csv, words.lines(lines)),
        file_name="audit-trail.csv",
        mime="text/csv",
        on_click="ignore",
    )
    retention_panel.show()
