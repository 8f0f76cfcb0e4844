"""The assembly's room: one thing at a time, large, by keyboard or clicker."""

import re
from functools import partial
from typing import Final

import folium
import pandas as pd
import streamlit as st

from hotspots.app import data_store, map_view, panels, public_store
from hotspots.publish.accessibility import statement
from hotspots.publish.open_data import open_data, zipped
from hotspots.publish.public_areas import Area, areas, find_area
from hotspots.publish.release import Release
from hotspots.publish.story import Story
from hotspots.publish.words import Words, languages
from hotspots.selection import Selection
from hotspots.settings import report_address
from hotspots.tables import hotspots as hotspot_table
from hotspots.views import assembly as views
from hotspots.views import assembly_tables as tables
from hotspots.views import maps, wording
from hotspots.views.shading import Shade
from hotspots.views.takehome import page_html, sheet_pdf, slides_pptx

_STYLE: Final = """<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }
.stMainBlockContainer { padding-top: 3.75rem; }
.st-key-assembly p, .st-key-assembly li { font-size: 1.25rem; line-height: 1.45; }
.st-key-assembly h1 { font-size: 1.5rem; font-weight: 600; padding: 0; }
.st-key-assembly h2 { font-size: clamp(1.6rem, 3.1vw, 2.9rem); line-height: 1.12;
  padding: 0 0 0.6rem; letter-spacing: -0.01em; }
.st-key-assembly table { font-size: 1.1rem; }
.st-key-assembly button p { font-size: 1.15rem; }
.st-key-assembly [data-testid="stCaptionContainer"] p { font-size: 0.95rem; }
.st-key-unseen { display: none; }
</style>"""
# On a projector type and boxes grow alike: they are read from the back row.
_ON_A_WALL: Final = f"""<style>
@media (min-width: {views.PROJECTOR[0]}px) and (min-height: {views.PROJECTOR[1]}px) {{
  html {{ font-size: 20px; }}
}}
</style>"""
_HEIGHT: Final = 470
_SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_STEP: Final = "assembly step"
_AREA: Final = "assembly area"
_SEEN: Final = "assembly: area of the sidebar"
_LANGUAGE: Final = "assembly language"
# "Cheshire Constabulary" is a force; people live in Cheshire.
_OF_A_FORCE: Final = re.compile(r" (?:Constabulary|Police(?: Service)?)$")


def look() -> None:
    """Full screen: no sidebar, and type that is read from the back of a room."""
    st.html(_STYLE + _ON_A_WALL)


def words() -> Words:
    """Words of the language asked for; a box to ask is shown where there are several."""
    known = languages()
    chosen = "en"
    if len(known) > 1:
        chosen = st.selectbox(
            "Language", list(known), key=_LANGUAGE, format_func=lambda code: known[code]
        )
    return Words(chosen)


def ask_area(release: Release, selection: Selection, said: Words) -> Area:
    """Area by ward, council, place or postcode; the sidebar's area to begin with."""
    known = areas(release, said, everywhere=_everywhere())
    state = st.session_state
    if state.get(_SEEN) != selection.area or _AREA not in state:
        state[_SEEN] = selection.area
        state[_AREA] = selection.area if selection.area in known else next(iter(known))
    choice = st.selectbox(
        said("page.find"),
        list(known),
        key=_AREA,
        format_func=lambda code: known[code].name if code in known else str(code),
        help=said("page.find_help"),
        accept_new_options=True,
        on_change=_follow,
    )
    found = find_area(choice or "", known, public_store.near(choice or ""))
    if found is None:
        st.info(wording.plain(said("page.not_found", text=str(choice)[:60])))
    return found or next(iter(known.values()))


def _follow() -> None:
    """The sidebar, and so the link, ask for the same area where they can."""
    chosen, state = st.session_state[_AREA], st.session_state
    known = areas(public_store.release(), Words())
    if found := find_area(chosen or "", known, public_store.near(chosen or "")):
        chosen = state[_AREA] = found.code
    if chosen in data_store.dataset(state.get("wards")).choices.areas:
        state["area"] = state[_SEEN] = chosen


def _everywhere() -> str:
    forces = [n for c, n in data_store.everything().choices.areas.items() if c.startswith("force:")]
    return _OF_A_FORCE.sub("", forces[0]) if len(forces) == 1 else ""


def step_number(of: int) -> int:
    """Step that is shown, from 0."""
    return int(min(max(st.session_state.get(_STEP, 0), 0), of - 1))


def move(number: int, of: int, said: Words) -> None:
    """Back and next: buttons, arrow keys, and what a clicker sends."""

    def go(by: int) -> None:
        st.session_state[_STEP] = number + by

    first, last = number == 0, number == of - 1
    back, at, onward = st.columns([1, 1, 1], vertical_alignment="center")

    def press(name: str, by: int, key: str, *, main: bool = False) -> None:
        st.button(
            name,
            on_click=go,
            args=(by,),
            disabled=first if by < 0 else last,
            shortcut=key,
            type="primary" if main else "secondary",
            width="stretch",
        )

    with back:
        press(said("page.back"), -1, "Left")
    at.markdown(f"**{said('page.step', number=number + 1, of=of)}**", help=said("page.keys"))
    with onward:
        press(said("page.next"), 1, "Right", main=True)
    with st.container(key="unseen"):
        press("PageUp", -1, "PageUp")
        press("PageDown", 1, "PageDown")


def picture(story: Story, step: str) -> None:
    """What stands beside a step's words, with its table."""
    if step in {"reported", "changed"}:
        _quarters(story)
    elif step == "where":
        _where(story)
    elif step == "doing":
        _doing(story)


def _quarters(story: Story) -> None:
    if story.quarters.empty:
        return
    said = story.words
    st.altair_chart(
        views.quarters_chart(story, colors=panels.colors()),
        width="stretch",
        alt=said("reported.quarters", area=story.quarters_area),
    )
    if story.area.ward is not None:
        st.caption(wording.plain(said("reported.quarters_of", area=story.quarters_area)))
    with st.expander(said("page.table")):
        panels.table(tables.quarters(story))


def _where(story: Story) -> None:
    said, year = story.words, story.year or 0
    kinds = {"wards": said("where.wards_map"), "parts": said("where.parts_map")}
    kind = st.segmented_control(
        said("steps.where"),
        list(kinds),
        default="wards",
        required=True,
        format_func=lambda one: kinds[one],
        label_visibility="collapsed",
        key="assembly map kind",
    )
    if kind == "parts":
        context = public_store.parts_map(story.area, year, said.language)
        shade = views.shade_of_parts(story.release, year, said)
        table = tables.parts(story)
    else:
        context = public_store.wards_map(story.area)
        shade = views.shade_of_wards(story)
        table = tables.wards(story)
    map_view.show(
        context, _shaded(shade, kinds[kind or "wards"]), key=f"assembly {kind}", height=_HEIGHT
    )
    with st.expander(said("page.table")):
        panels.table(table)
    if kind == "wards" and len(story.compared) > 1:
        with st.expander(said("where.ranks")):
            st.altair_chart(
                views.ranks_chart(story, colors=panels.colors()),
                width="stretch",
                alt=said("where.ranks"),
            )


def _shaded(shade: Shade, name: str) -> folium.FeatureGroup:
    nothing = pd.DataFrame({"easting": [], "northing": [], "incidents": [], "street": []})
    return maps.layers(
        hotspot_table.empty(), nothing.astype({"street": "str"}), shade=shade, plain=name
    )


def _doing(story: Story) -> None:
    said = story.words
    if story.work:
        panels.table(tables.work(story))
    st.markdown(f"**{said('doing.powers_title')}**")
    powers = ("dispersal", "notice", "injunction", "order")
    st.markdown("\n".join(f"- {said(f'guide.{power}')}" for power in powers))
    st.caption(said("guide.powers_source"))


def guide(story: Story, step: str) -> None:
    """Guidance where it is needed: what the words mean, how to report, how to ask again."""
    said = story.words
    if step == "reported":
        with st.expander(said("guide.what_title")):
            st.markdown(said("guide.what"))
            kinds = ("personal", "nuisance", "environmental")
            st.markdown("\n".join(f"- {said(f'guide.{kind}')}" for kind in kinds))
            _source(said, "what_source", "kinds_source")
    elif step == "doing":
        with st.expander(said("guide.report_title"), expanded=True):
            st.markdown(f"{said('guide.report')} {said('guide.emergency')}")
            _source(said, "report_source")
        with st.expander(said("guide.review_title")):
            st.markdown(f"{said('guide.review')} {said('guide.threshold')}")
            _source(said, "review_source")


def _source(said: Words, *keys: str) -> None:
    read = said("guide.read_on", read=said("guide.read"))
    st.caption(f"{'; '.join(said(f'guide.{key}') for key in keys)}. {read}.")


def take_home(story: Story) -> None:
    """What this page says as files; each is written only when it is asked for."""
    said = story.words
    if story.year is None:
        return
    with st.popover(said("page.take")):
        for name, mime, label, write in (
            ("index.html", "text/html", "page.take_page", page_html),
            ("sheet.pdf", "application/pdf", "page.take_sheet", sheet_pdf),
            ("slides.pptx", _SLIDES, "page.take_slides", slides_pptx),
        ):
            st.download_button(
                said(label),
                partial(write, story, report_address=report_address()),
                file_name=f"{story.release.identity}-{name}",
                mime=mime,
                on_click="ignore",
                key=f"take {name}",
            )
        st.download_button(
            said("page.take_data"),
            lambda: zipped(open_data(story.release, said)),
            file_name=f"{story.release.identity}-open-data.zip",
            mime="application/zip",
            on_click="ignore",
            key="take data",
        )
        st.caption(wording.plain(said("page.take_help")))


def foot(story: Story) -> None:
    """What all of it was made from."""
    if story.year is None:
        return
    years = " and ".join(str(y) for y in sorted(set(story.quarters["year"]))) or str(story.year)
    made = story.words("page.made_from", years=years, identity=story.release.identity)
    note = story.words("page.made_up" if story.release.made_up else "page.source")
    st.caption(wording.plain(f"{made} {note}"))
    with st.expander(story.words("access.title")):
        for sentence in statement(story.words):
            st.markdown(wording.plain(sentence))
