"""A plan made of a hotspot: what is offered, what it is held against, what was known."""

from typing import Any, Final

import numpy as np
import streamlit as st

from hotspots.action import held_back, plans, records
from hotspots.action.plan_tables import CLOSED
from hotspots.app import data_store, panels, planning, store
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.held_against import Comparison, Waiting, comparison
from hotspots.tables.hotspots import Hotspots
from hotspots.views import outcome_words, where_words, wording

_OFFERED: Final = "plan offered at"
# Whether the form that makes a plan was asked for elsewhere, and so stands open.
PROPOSED: Final = "plan proposed"


def offer(hotspots: Hotspots, selection: Selection) -> None:
    """Put the hotspot that is picked out in the form that makes a plan."""
    state = st.session_state
    key = selection.hotspot
    if "new-hotspot" in state and state.get(_OFFERED) == key:
        return
    numbers = hotspots.index[hotspots["key"] == key]
    state["new-hotspot"] = int(numbers[0]) if len(numbers) else None
    state[_OFFERED] = key


def propose(number: int, asked: str | None) -> None:
    """Put a hotspot in the form that makes a plan, and go there."""
    state = st.session_state
    state["new-hotspot"], state[_OFFERED], state[PROPOSED] = number, asked, True
    state["partners view"] = "Plans"


def begin(selection: Selection, number: int, template: str, written: dict[str, Any]) -> None:
    """Make a plan on a hotspot of the selection, and open it."""
    study, found = store.study(selection), store.found(selection)
    row = found.hotspots.T[number]
    others = [
        Comparison.of_data(one.comparison).shapes[0]
        for one in planning.every()
        if one.status != CLOSED
    ]
    test = waiting(selection)
    if test is not None and test.holds_back(found.hotspots.geometry[number]):
        planning.refuse("plan", outcome_words.breaks(test))
        return
    by_draw = test if st.session_state.get("new-by-draw") else None
    held = comparison(
        study, found, number, taken=np.asarray(others, dtype=np.object_), waiting=by_draw
    )
    made = planning.change(
        "plan",
        "The plan is made; its baseline and comparison are frozen.",
        lambda session: (
            plans.begin(
                session,
                who=planning.me(),
                comparison=held,
                place=wording.place(row["streets"], row["ward_name"]),
                key=row["key"],
                data=selection.data,
                scanning=scanning(selection, number),
                template=template,
                written=written,
            ).id
        ),
        action="plan",
    )
    if made is not None:
        planning.show(made)


def waiting(selection: Selection) -> Waiting | None:
    """Areas of the study area that a fair test holds back today."""
    if not records.exist(data_folder()):
        return None
    return held_back.waiting(records.open_records(data_folder()), selection.area, planning.today())


def scanning(selection: Selection, number: int) -> list[str]:
    """What was known of a hotspot, as sentences to be kept."""
    hotspots = store.found(selection).hotspots
    stamped = panels.stamp(selection, data_store.dataset(selection.vintage))
    said = [
        where_words.hotspot_facts(
            hotspots.T[number], in_its_ward=store.in_its_ward(selection, number)
        ),
        where_words.certainty(store.certainty(selection, number)),
        where_words.past(store.past(selection, number)),
        where_words.mix(store.mix(selection, number)),
        f"Found with: {stamped.selection}. Source: {stamped.note}.",
    ]
    lines = "\n".join(said).replace("**", "").replace("\\", "").splitlines()
    return [line.removeprefix("- ").strip() for line in lines if line.strip()]
