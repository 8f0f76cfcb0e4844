"""The week's plan on a page: what it reaches, whose visits, what was left out; kept on request."""

from collections.abc import Callable
from datetime import date
from typing import Final

import streamlit as st

from hotspots import settings
from hotspots.action import fair_test, fair_test_records, roles, shift_hours, week_records
from hotspots.action.fair_test import FairTest
from hotspots.action.records import exist, open_records
from hotspots.action.week_plan import Plan
from hotspots.app import (
    map_store,
    map_view,
    panels,
    patrol_panels,
    person,
    records,
    sheets,
    store,
    week_ask,
    week_store,
    when_store,
    who,
)
from hotspots.errors import HotspotsError
from hotspots.library import Library, roads
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study import Wanted
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import maps, week_words, wording

# On paper the plan stands whole, without what it was asked with.
_PRINT: Final = """<style>@media print {
  .stColumn:has(.st-key-week-ask), .stPopover, .stSlider, .stRadio, .stButtonGroup,
  .stColumn .stColumn:has(iframe) { display: none !important; }
}</style>"""
_SAID: Final = "week said"
_LETTERS: Final = 300


def show(selection: Selection, wanted: Wanted, areas: PatrolAreas, stamped: Stamp) -> None:
    """The whole part."""
    st.html(_PRINT)
    running = _running(selection.area, week_ask.first_day())
    left, right = st.columns([2, 5], gap="large")
    with left, st.container(key="week-ask"):
        with st.form("week", border=False):
            week_ask.ask_shifts()
            week_ask.ask_terms(areas)
            st.form_submit_button("Plan the week", type="primary", width="stretch")
        held_back = running[0].held_back(week_ask.first_day()) if running else ()
        on_duty = week_ask.ask_absent(week_ask.shifts())
        _capacity()
    terms = week_ask.terms(held_back)
    hours = when_store.hours(selection, "area").clock
    table = hours.table if hours.enough else None
    if table is not None:
        on_duty = shift_hours.fitted(on_duty, table, terms.off_patrol_min)
    made = records.made_before(week_ask.first_day(), selection.area, areas)
    try:
        plan = week_store.week(
            selection,
            wanted,
            store.changes(selection),
            on_duty,
            terms,
            made=made,
            roads=roads.version(Library(data_folder())),
        )
    except HotspotsError as error:
        right.error(wording.plain(str(error)), icon=":material/error:")
        return
    covered = None
    if table is not None:
        covered = shift_hours.coverage(plan.shifts, table, terms.off_patrol_min)
    with right:
        if made:
            st.caption(week_words.made(sum(visits for _, visits in made)))
        _result(selection, plan, areas, stamped, week_words.when(covered))
        _keep(selection, plan, areas)
        _fair_test(selection, areas, running)


def _result(
    selection: Selection, plan: Plan, areas: PatrolAreas, stamped: Stamp, when: str
) -> None:
    st.markdown(week_words.week_finding(plan, areas))
    for short in plan.short:
        st.warning(wording.plain(short))
    kept = PatrolAreas(areas.loc[areas.index.isin(plan.areas.index)])
    names = {shift.name: shift for shift in plan.shifts}
    chosen = st.selectbox("Shift", list(names), key="week-shift", placeholder="No shift")
    sheet, ground = st.columns([3, 2], gap="medium")
    with sheet:
        if chosen:
            shift = names[chosen]
            panels.table(
                week_words.visits(week_words.shift_visits(plan, shift.day, shift.unit), areas)
            )
    with ground:
        mine = kept
        if chosen:
            rows = week_words.shift_visits(plan, names[chosen].day, names[chosen].unit)
            mine = PatrolAreas(kept.loc[kept.index.isin(rows["area"])])
        context = map_store.map_context(selection)
        map_view.show(
            context,
            maps.layers(
                Hotspots(store.found(selection).hotspots.iloc[:0]),
                map_store.points(selection).iloc[:0],
                areas=mine,
                selected=patrol_panels.picked(mine),
                fit=True,
                grid=context.grid,
            ),
            key="week map",
            height=map_view.HEIGHT - 120,
            on_select=lambda number: patrol_panels.pick(mine, number),
        )
    sheets.of_week(selection, plan, areas, stamped, chosen)
    st.caption(
        f"{week_words.week_hours(plan)} {when} {week_words.order_note(plan.terms)} "
        f"{week_words.travel(plan)}"
    )
    with st.expander("Every shift on a line"):
        panels.table(week_words.by_shift(plan))
    with st.expander(f"{wording.count(len(plan.dropped), 'area')} without a visit, and why"):
        panels.table(week_words.dropped(plan, areas))
    st.write(week_words.PROMISE)


def _capacity() -> None:
    with st.expander("What a year of hours supports"):
        hours = st.number_input(
            "Officer-hours a year for patrol",
            settings.HOURS_A_YEAR.low,
            settings.HOURS_A_YEAR.high,
            value=settings.HOURS_A_YEAR.default,
            step=settings.HOURS_A_YEAR.step,
        )
        way = st.number_input(
            "Minutes of way to each visit",
            settings.TRAVEL_MIN.low,
            settings.TRAVEL_MIN.high,
            value=settings.TRAVEL_MIN.default,
        )
        terms = week_ask.terms(())
        st.write(
            week_words.capacity(
                hours,
                visit_min=terms.visit_min,
                travel_min=way,
                visits_a_day=terms.visits_a_day,
            )
        )


def _keep(selection: Selection, plan: Plan, areas: PatrolAreas) -> None:
    with st.expander("Keep this plan"):
        st.write("What is delivered is then held against it. A later plan of the same week counts.")
        with st.form("keep-week", border=False):
            name_box, why = st.columns(2)
            person.sign("keep-by", where=name_box, most=_LETTERS)
            why.text_input("Note, if it replaces another", key="keep-why", max_chars=_LETTERS)
            if st.form_submit_button("Keep this plan"):
                _try(lambda: _keep_now(selection, plan, areas), "keep")
        _said("keep")


def _keep_now(selection: Selection, plan: Plan, areas: PatrolAreas) -> str:
    roles.check(who.person(), "patrol")
    week_records.keep_plan(
        open_records(data_folder()),
        plan,
        areas,
        study_area=selection.area,
        data=selection.data,
        by=person.signed("keep-by"),
        why=st.session_state["keep-why"],
    )
    return f"The plan of the week from {plan.shifts[0].day:%d %B %Y} is kept."


def _running(area: str, day: date) -> tuple[FairTest, str, int] | None:
    folder = data_folder()
    return (
        fair_test_records.running_test(open_records(folder), area, day) if exist(folder) else None
    )


def _fair_test(
    selection: Selection, areas: PatrolAreas, running: tuple[FairTest, str, int] | None
) -> None:
    with st.expander("A fair test: some areas wait, so that the others can be judged"):
        st.write(f"{week_words.FAIR} {week_words.FAIR_COST}")
        if running is None:
            _ask_test(selection, areas)
        else:
            _show_test(areas, *running)
        _said("test")


def _ask_test(selection: Selection, areas: PatrolAreas) -> None:
    with st.form("fair-test", border=False):
        st.radio(
            "Who waits",
            list(fair_test.KINDS),
            format_func=fair_test.KINDS.__getitem__,
            key="test-kind",
        )
        size, weeks, seed = st.columns(3)
        size.number_input("One waits of every", 2, fair_test.LARGEST_BLOCK, key="test-size")
        weeks.number_input("Weeks", 1, fair_test.MOST_WEEKS, value=12, key="test-weeks")
        seed.number_input("Seed of the draw", 0, 2**31, value=settings.SEED, key="test-seed")
        name_box, why = st.columns(2)
        person.sign("test-by", where=name_box, most=_LETTERS)
        why.text_input("What it is to find out", key="test-why", max_chars=_LETTERS)
        if st.form_submit_button("Draw, and put it on record"):
            _try(lambda: _draw_now(selection, areas), "test")


def _draw_now(selection: Selection, areas: PatrolAreas) -> str:
    roles.check(who.person(), "patrol")
    state = st.session_state
    terms = week_ask.terms(())
    test = fair_test.draw(
        areas,
        starts=week_ask.first_day(),
        weeks=int(state["test-weeks"]),
        seed=int(state["test-seed"]),
        size=int(state["test-size"]),
        kind=state["test-kind"],
        never=(*terms.priorities, *terms.excluded),
    )
    fair_test_records.keep_test(
        open_records(data_folder()),
        test,
        areas,
        study_area=selection.area,
        by=person.signed("test-by"),
        why=state["test-why"],
    )
    return "The test is on record, and the plan follows it."


def _show_test(areas: PatrolAreas, test: FairTest, name: str, version: int) -> None:
    day = week_ask.first_day()
    st.info(week_words.running_test(test, areas, day))
    lost = fair_test.cost(areas, test, day)
    st.write(f"Areas that wait are expected to add {lost:.1f} reports a month.")
    panels.table(week_words.balance(fair_test.balance(areas, test)))
    with st.form("end-test", border=False):
        name_box, why = st.columns(2)
        person.sign("end-by", where=name_box, most=_LETTERS)
        why.text_input("Why it ends early", key="end-why", max_chars=_LETTERS)
        if st.form_submit_button("End the test early"):
            _try(lambda: _end_now(name, version), "test")


def _end_now(name: str, version: int) -> str:
    roles.check(who.person(), "patrol")
    state = st.session_state
    records = open_records(data_folder())
    fair_test_records.end_test(
        records, name, version, by=person.signed("end-by"), why=state["end-why"]
    )
    return "The test is ended; that it was drawn is kept."


def _try(act: Callable[[], str], where: str) -> None:
    """Do it and draw the page again, or say why not."""
    try:
        said = act()
    except HotspotsError as error:
        st.session_state[_SAID] = (where, "error", str(error))
        return
    st.session_state[_SAID] = (where, "success", said)
    st.rerun()


def _said(where: str) -> None:
    place, kind, text = st.session_state.get(_SAID, ("", "", ""))
    if place != where:
        return
    del st.session_state[_SAID]
    if kind == "error":
        st.error(wording.plain(text), icon=":material/error:")
    else:
        st.success(text, icon=":material/check:")
