"""When: what was recorded month by month, and how far each count could be luck."""

import streamlit as st

from hotspots.app import (
    break_panel,
    controls,
    data_store,
    news_panel,
    panels,
    patrol_panels,
    series_panel,
    store,
    when_panels,
)
from hotspots.selection import Selection
from hotspots.views import when_words as words
from hotspots.views import wording


def show(selection: Selection) -> None:
    """Draw the page."""
    dataset, study = data_store.dataset(selection.vintage), store.study(selection)
    stamped, area = panels.stamp(selection, dataset), dataset.choices.areas[selection.area]
    news = store.news(selection)
    st.title(words.changed(news), anchor=False)
    st.caption(wording.plain(f"{stamped.selection}. {wording.supply(study.status)}"))
    stamped = when_panels.with_breaks(stamped, news)
    news_panel.show(selection, news, stamped)
    break_panel.show(selection, news)
    when_panels.early_warning(selection, stamped)
    when_panels.morning_message(selection, news, stamped)

    st.subheader("Over time", anchor=False)
    subjects = controls.subjects(study, store.found(selection).hotspots)
    subjects |= patrol_panels.subject(selection)
    subject = controls.ask_subject(subjects)
    name = area if subject == "area" else subjects[subject]
    series_panel.show(selection, subject, name, stamped)

    when_panels.month_map(selection)
    when_panels.hours(selection, subject, name, stamped)
    when_panels.near_repeats(selection, stamped)
    when_panels.other_crime(selection, area, stamped)
    when_panels.wards(selection, stamped)
