"""Evidence: how well these hotspots foretell, how sure each is, and by what method."""

import streamlit as st

from hotspots.app import data_store, panels, power_panel, store
from hotspots.selection import Selection
from hotspots.views import evidence_charts as charts
from hotspots.views import evidence_tables as tables
from hotspots.views import evidence_words as words
from hotspots.views import wording


def show(selection: Selection) -> None:
    """Draw the page."""
    dataset, found = data_store.dataset(selection.vintage), store.found(selection)
    stamped, card = panels.stamp(selection, dataset), store.scorecard(selection)
    st.title(words.finding(card), anchor=False)
    scored = words.scored_over(card, dataset.period_of(selection.sources))
    st.caption(wording.plain(f"{stamped.selection}. {scored}"))
    if not words.too_few(card):
        panels.chart(
            charts.score_chart,
            card.table,
            title=f"Later reports caught by {card.areas} areas of {card.size_ha:g} ha",
            name="scorecard",
            alt="Share of later reports caught by each method; the table below holds the same.",
            stamped=stamped,
        )
        st.table(tables.scorecard(card))
        st.markdown(words.comparisons(card))
        panels.chart(
            charts.origins_chart,
            card.by_origin,
            title="Month by month: the same months, chosen from what came before",
            name="origins",
            alt="Share caught from each month on by patrol areas, the grid, and hindsight.",
            stamped=stamped,
        )
        panels.table_download(card.by_origin, name="scorecard", stamped=stamped)
    st.caption(words.SCORES)

    power_panel.show(selection, stamped)

    st.subheader("How sure each hotspot is", anchor=False)
    st.write(words.sure(store.certainties(selection), found))
    listed = tables.certainty(
        found.hotspots, store.certainties(selection), store.history(selection)
    )
    st.dataframe(listed, width="stretch", alt="How sure each hotspot is; a CSV holds the same.")
    panels.table_download(listed, name="certainty", stamped=stamped)
    st.caption(f"{words.CERTAINTY} {words.HISTORY}")

    st.subheader("What chance would make of other walking radii", anchor=False)
    st.table(tables.radii(store.at_radii(selection)))
    st.caption(words.CALIBRATION)

    st.subheader("How gathered the reports are", anchor=False)
    measures, curve = store.concentration(selection)
    panels.chart(
        charts.lorenz_chart,
        curve,
        title=words.concentration(measures),
        name="concentration",
        alt="Curve of reports held by the busiest share of places; the table has the measures.",
        stamped=stamped,
    )
    st.table(tables.concentration(measures))
    st.caption(words.CONCENTRATION)

    st.subheader("The numbers behind it, and why", anchor=False)
    st.table(tables.parameters())
    st.subheader("What the data cannot say", anchor=False)
    st.markdown(words.LIMITS)
    st.write(f"{wording.SNAPPED} {wording.RECORDS_NOT_HARM}")
