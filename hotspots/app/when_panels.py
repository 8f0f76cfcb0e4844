"""Pieces of the When page: what is gathering now, at which hours, on which days."""

from functools import partial

import streamlit as st

from hotspots.analysis.breaks import in_words
from hotspots.app import data_store, days_panel, map_store, map_view, panels, store, when_store
from hotspots.publish.formats import Stamp, file_name
from hotspots.selection import Selection
from hotspots.study import News
from hotspots.tables.hotspots import Hotspots
from hotspots.views import (
    charts,
    clock_words,
    maps,
    month_charts,
    morning,
    tables,
    trend_words,
    warning_words,
    when_charts,
    wording,
)
from hotspots.views import when_words as words


def early_warning(selection: Selection, stamped: Stamp) -> None:
    """Places that gather reports now; that none does is said as plainly."""
    st.subheader("Early warning", anchor=False)
    offered = when_store.warned_by(selection)
    by = offered[0]
    if len(offered) > 1:
        by = st.radio(
            "Look at the newest",
            offered,
            horizontal=True,
            key="warn by",
            format_func=str.capitalize,
        )
    found = when_store.warned(selection, by)
    st.markdown(warning_words.warned(found))
    bullets([warning_words.warning(row) for _, row in found.places.iterrows()])
    if not found.enough:
        return
    with st.expander("How this was looked for, and how often it would have spoken before"):
        st.write(warning_words.WARNING[by])
        if st.button(f"Ask the same of the {by} before", key="replay"):
            st.session_state["replayed"] = when_store.warned_key(selection, by)
        if st.session_state.get("replayed") == when_store.warned_key(selection, by):
            st.write(warning_words.replayed(*when_store.replayed(selection, by), by=by))
        if len(found.scan.clusters):
            panels.table(tables.gatherings(found.scan.clusters, by=by))
            panels.table_download(found.scan.clusters, name="early-warning", stamped=stamped)


def morning_message(selection: Selection, news: News, stamped: Stamp) -> None:
    """What changed and what gathers, to be sent on: as plain text and as a page."""
    with st.popover("Send it on"):
        for suffix, label, mime in (
            ("txt", "Text for an e-mail", "text/plain"),
            ("html", "Page (HTML)", "text/html"),
        ):
            st.download_button(
                label,
                partial(_message, selection, news, stamped, suffix),
                file_name=file_name("what-changed", stamped, suffix),
                mime=mime,
                on_click="ignore",
                key=f"message-{suffix}",
            )


def _message(selection: Selection, news: News, stamped: Stamp, suffix: str) -> bytes:
    told = morning.message(news, when_store.warned(selection), stamped)
    return (told.as_html() if suffix == "html" else told.as_text()).encode()


def with_breaks(stamped: Stamp, news: News) -> Stamp:
    """Stamp of the page's files, which say where nothing was compared across."""
    said = in_words(news.breaks)
    return stamped.adding(said.removesuffix(".")) if said else stamped


def near_repeats(selection: Selection, stamped: Stamp) -> None:
    """How near and how soon reports follow each other; nothing where only months are known."""
    found = when_store.repeats(selection)
    if found is None:
        return
    st.subheader("Near repeats", anchor=False)
    bullets(trend_words.repeats(found))
    if found.enough:
        st.caption(trend_words.REPEATS)
        with st.expander("All distances and times as a table"):
            panels.table(tables.repeats(found))
            panels.table_download(found.table, name="near-repeats", stamped=stamped)


def hours(selection: Selection, subject: str, name: str, stamped: Stamp) -> None:
    """Hours of the week and days of the year, or why there are none."""
    found = when_store.hours(selection, subject)
    st.subheader("Hours and days", anchor=False)
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
        bullets([clock_words.peak(row) for _, row in found.clock.peaks.iloc[1:].iterrows()])
        st.caption(f"{clock_words.rests_on(found)} {clock_words.RULE}")
        with st.expander("These hours as a table"):
            panels.table(tables.clock(found.clock))
            panels.table_download(
                when_charts.clock_rows(found.clock), name="clock", stamped=stamped
            )
    else:
        st.caption(f"Too few reports have hours to draw them. {clock_words.rests_on(found)}")
    with st.expander("How far such hours can be trusted"):
        st.write(clock_words.METHODS)
        panels.table(clock_words.methods())
    grid = data_store.dataset(selection.vintage).grid
    days_panel.show(found.daily, name, stamped, grid=grid)


def month_map(selection: Selection) -> None:
    """Reports on the map, month by month: a slider and a play button that reload nothing."""
    st.subheader("Month by month on the map", anchor=False)
    context = map_store.map_context(selection)
    map_view.show(
        context,
        maps.layers(
            Hotspots(store.found(selection).hotspots.iloc[:0]),
            map_store.points(selection),
            months=when_store.monthly_points(selection),
            grid=context.grid,
        ),
        key="month map",
        height=_MAP_HEIGHT,
    )
    st.caption(words.MONTH_MAP)


def other_crime(selection: Selection, area: str, stamped: Stamp) -> None:
    """ASB beside all other crime, where any is loaded."""
    st.subheader("Beside other crime", anchor=False)
    asb, other = store.beside_other_crime(selection)
    if not other["count"].sum():
        st.caption(words.NO_OTHER_CRIME)
        return
    panels.chart(
        month_charts.crime_chart,
        asb,
        other,
        title=f"{area}: antisocial behaviour beside all other crime",
        name="other-crime",
        alt="Two lines, each as a share of its own monthly mean; the table below holds the counts.",
        stamped=stamped,
    )
    with st.expander("Both as a table"):
        panels.table(tables.beside(asb, other))
        counts = asb[["count"]].rename(columns={"count": "asb"}).assign(other=other["count"])
        panels.table_download(counts, name="other-crime", stamped=stamped)


def wards(selection: Selection, stamped: Stamp) -> None:
    """Wards beside each other: how many, how often by residents, and month by month."""
    league, names = when_store.league(selection), store.study(selection).wards["name"]
    if len(league) < 2:  # noqa: PLR2004 - one ward has no other to stand beside
        return
    st.subheader("Ward by ward", anchor=False)
    panels.chart(
        charts.league_chart,
        league,
        title=words.league_title(league),
        name="wards",
        alt="Busiest wards with the interval of each count; the table holds all wards.",
        stamped=stamped,
    )
    league = league.assign(deprivation=when_store.deprivation().reindex(league.index))
    with st.expander(f"All {wording.count(len(league), 'ward')} as a table"):
        panels.table(tables.league(league))
        panels.table_download(league, name="wards", stamped=stamped)
        if league["rate"].notna().any():
            st.caption(words.RATES)
            shown = league["deprivation"].notna().any()
            st.caption(words.DEPRIVATION if shown else words.NO_DEPRIVATION)
    months = when_store.ward_months(selection)
    busiest = months.iloc[:, :_MULTIPLES]
    panels.chart(
        when_charts.small_multiples,
        busiest.set_axis([names.get(code, code) for code in busiest.columns], axis=1),
        title=words.multiples_title(busiest.shape[1], months.shape[1]),
        name="ward-months",
        alt="Reports by month in the busiest wards; the table holds all wards.",
        stamped=stamped,
        width="content",
    )
    with st.expander("Every ward month by month as a table"):
        st.dataframe(
            tables.place_months(months, {str(code): str(name) for code, name in names.items()}),
            width="stretch",
            height=360,
        )
        panels.table_download(months.T.assign(name=names), name="ward-months", stamped=stamped)


def bullets(sentences: list[str]) -> None:
    """Sentences one below the other, close together."""
    if sentences:
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


_MAP_HEIGHT = 528
# Small charts of wards; the rest are in the table.
_MULTIPLES = 20
