"""Assembly: what residents are told, safely and plainly, one thing at a time."""

import streamlit as st

from hotspots.app import assembly, public_store
from hotspots.publish.story import Story
from hotspots.selection import Selection
from hotspots.views import wording


def show(selection: Selection) -> None:
    """Draw the page; of the selection, the area alone matters."""
    assembly.look()
    with st.container(key="assembly"):
        release, said = public_store.release(), assembly.words()
        find, steps = st.columns([3, 2], gap="large", vertical_alignment="bottom")
        with find:
            area = assembly.ask_area(release, selection, said)
        story = Story(release, area, said, public_store.work(area, said))
        told = story.steps()
        number = assembly.step_number(len(told))
        with steps:
            assembly.move(number, len(told), said)
        step = told[number]
        st.title(wording.plain(step.title), anchor=False)
        st.header(wording.plain(step.big), anchor=False)
        text, beside = st.columns([2, 3], gap="large")
        with text:
            for sentence in step.sentences:
                st.markdown(wording.plain(sentence))
            assembly.guide(story, step.key)
        with beside:
            assembly.picture(story, step.key)
        assembly.take_home(story)
        assembly.foot(story)
