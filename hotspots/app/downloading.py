"""Data fetched from its publishers, when a person asks: the plan first, then the download."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from hotspots.app import data_store, importing, signing
from hotspots.errors import HotspotsError
from hotspots.library.fetch_plan import Plan
from hotspots.library.fetch_planning import plan_fetch
from hotspots.library.fetching import fetch
from hotspots.library.journal import acting
from hotspots.settings import FETCH_MONTHS
from hotspots.views import wording

_PLAN: Final = "fetch plan"
_TWO_LINES_PX: Final = 80


def box() -> None:
    """Ask for a force, show what would be downloaded from whom, and download it if told to."""
    with st.form("fetch", border=True):
        force = st.text_input(
            "Fetch from data.police.uk and ONS: your force",
            placeholder="Cheshire",
            help="Nothing is asked of anyone outside this machine until you press the button.",
        )
        months = st.number_input(
            "Months, the newest first", FETCH_MONTHS.low, FETCH_MONTHS.high, FETCH_MONTHS.default
        )
        authorities = st.text_area(
            "Local authorities whose ward boundaries are wanted, one a line",
            placeholder="Those that the reports lie in",
            height=_TWO_LINES_PX,
        )
        asked = st.form_submit_button("Show what would be downloaded")
    if asked and force.strip():
        named = [name.strip() for name in authorities.splitlines() if name.strip()]
        _plan(force.strip(), int(months), named)
    elif asked:
        st.info("Name your force first.")
    plan: Plan | None = st.session_state.get(_PLAN)
    if plan is None:
        return
    st.markdown("\n".join(f"- {wording.plain(said)}" for said in plan.sentences()))
    yes, no = st.columns([1, 5])
    if yes.button("Download", type="primary"):
        _fetch(plan)
    if no.button("Not now"):
        del st.session_state[_PLAN]
        st.rerun()


def _plan(force: str, months: int, authorities: Sequence[str]) -> None:
    st.session_state.pop(_PLAN, None)
    with st.spinner("Asking what is published…"):
        try:
            st.session_state[_PLAN] = plan_fetch(force, months=months, authorities=authorities)
        except HotspotsError as error:
            st.error(wording.plain(str(error)), icon=":material/error:")


def _fetch(plan: Plan) -> None:
    with st.status("Downloading…") as shown:

        def tell(done: int, total: int, name: str) -> None:
            shown.update(label=f"{wording.plain(name)} ({done} of {total})" if total else name)

        try:
            with acting(signing.name()):
                reports = fetch(plan, data_store.library(), progress=tell)
        except HotspotsError as error:
            shown.update(label="Nothing was changed", state="error")
            st.error(wording.plain(str(error)), icon=":material/error:")
            return
    del st.session_state[_PLAN]
    importing.keep_said([sentence for report in reports for sentence in report.sentences()])
    st.rerun()
