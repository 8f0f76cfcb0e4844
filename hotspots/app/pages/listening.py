"""Listening: what an assembly says, looked at before it is shown, beside what was reported."""

import streamlit as st

from hotspots.app import listening
from hotspots.selection import Selection


def show(selection: Selection) -> None:
    """Draw the page; a meeting has its own wards."""
    del selection
    listening.check()
    st.title("What the assembly says, beside what was reported", anchor=False)
    listening.said()
    meeting = listening.pick()
    with st.expander("Open a new meeting", expanded=meeting is None):
        listening.open_new()
    if meeting is None:
        return
    result, collect, look = st.tabs(["What was said", "Collect answers", "Look at answers"])
    with result:
        listening.result(meeting)
    with collect:
        listening.collect(meeting)
    with look:
        listening.look_at(meeting)
    listening.close(meeting)
