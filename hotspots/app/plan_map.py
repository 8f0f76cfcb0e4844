"""Plans on the map of the Partners page: a click picks one out, a button opens it."""

import pandas as pd
import streamlit as st

from hotspots.action.plan_tables import Plan
from hotspots.app import map_store, map_view, planning
from hotspots.selection import Selection
from hotspots.tables import hotspots as hotspots_table
from hotspots.views import maps, plan_map
from hotspots.views.plan_words import title

_PICKED = "plan picked on the map"
_POINTS = ["easting", "northing", "incidents", "street"]


def show(held: list[Plan], tasks: pd.DataFrame, selection: Selection) -> None:
    """
    Draw plans where they are.

    Parameters
    ----------
    held
        Plans the reader may see.
    tasks
        Tasks the reader may see, counted by plan.
    selection
        The study area whose ground is drawn.
    """
    names = {plan.id: title(plan) for plan in held}
    picked = st.session_state.get(_PICKED)
    picked = picked if picked in names else None
    said, go = st.columns([5, 1], vertical_alignment="center")
    said.markdown(names[picked] if picked else "Choose a plan on the map.")
    go.button(
        "Open the plan",
        disabled=picked is None,
        on_click=planning.show,
        args=(picked,),
        width="stretch",
        key="open-from-map",
    )

    def pick(number: int) -> None:
        st.session_state[_PICKED] = number

    context = map_store.map_context(selection)
    map_view.show(
        context,
        maps.layers(
            hotspots_table.empty(),
            pd.DataFrame(columns=_POINTS),
            plans=plan_map.plan_data(
                held, tasks, planning.today(), exactly=planning.sees_data(), grid=context.grid
            ),
            selected=picked,
            plain=plan_map.LABEL,
        ),
        key="plan map",
        height=map_view.HEIGHT - 100,
        on_select=pick,
    )
    if not planning.sees_data():
        st.caption("Each circle is roughly where a plan is that you have a task in.")
