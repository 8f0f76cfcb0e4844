"""What is past its time, on the Records page: looked at, then kept with a reason or erased."""

from datetime import date, timedelta
from typing import Final

import streamlit as st

from hotspots.action import roles
from hotspots.action.records import backups, exist
from hotspots.action.retention import Queue, erase, keep, queue
from hotspots.action.retention_piles import Pile
from hotspots.action.retention_rules import Rule, open_rules
from hotspots.app import panels, planning, records, signing, who
from hotspots.errors import HotspotsError
from hotspots.settings import data_folder
from hotspots.views import retention_words as words
from hotspots.views import wording

_SAID: Final = "retention said"
_ERASE: Final = "Erase for good"
_DELETED: Final = "The partner deleted it"
_KEEP: Final = "Keep longer"
_AGAIN: Final = timedelta(days=365)


def show() -> None:
    """Draw the queue, what was decided, the rules and the backups."""
    folder, today = data_folder(), planning.today()
    rules = open_rules(folder)
    held = records.opened() if exist(folder) else None
    found = queue(held, folder, today)
    st.subheader("What may be kept no longer", anchor=False)
    _said()
    st.write(words.finding(found))
    if found.waiting:
        panels.table(words.waiting(found, rules))
        _decide(found, rules, today)
    if found.kept:
        with st.expander(f"Kept past its time ({len(found.kept)})"):
            panels.table(words.kept(found, rules))
    with st.expander("How long each kind is kept"):
        st.caption(words.RULES)
        panels.table(words.rule_table(rules))
    if held is not None and (made := backups.backups(held)):
        with st.expander(f"Backups ({len(made)})"):
            panels.table(words.backup_table(made, rules["backups"]))


def _decide(found: Queue, rules: dict[str, Rule], today: date) -> None:
    kinds = list(dict.fromkeys(pile.kind for pile in found.waiting))
    kind = st.selectbox(
        "Decide on", kinds, format_func=lambda one: rules[one].name, key="retention-kind"
    )
    piles = {pile.key: pile for pile in found.waiting if pile.kind == kind}
    with st.form("retention", border=True):
        st.caption(words.ERASING)
        chosen = st.multiselect(
            "Which", list(piles), default=list(piles), format_func=lambda key: piles[key].what
        )
        one, two, three = st.columns([2, 3, 2], vertical_alignment="bottom")
        # A file that was given away is erased by whoever has it.
        erasing = _DELETED if kind == "extracts" else _ERASE
        what = one.radio("What becomes of it", (_KEEP, erasing), horizontal=True)
        why = two.text_input("Why", max_chars=300)
        until = three.date_input(
            "If kept: look at it again on", today + _AGAIN, min_value=today + timedelta(days=1)
        )
        sure = st.checkbox("If erased: I know that this cannot be undone")
        asked = st.form_submit_button("Decide")
    if asked:
        _do([piles[key] for key in chosen], what == erasing, why, until, sure=sure)


def _do(piles: list[Pile], erased: bool, why: str, until: date, *, sure: bool) -> None:  # noqa: FBT001
    """Do what was decided, and say what came of it or why not."""
    if not piles:
        st.info("Choose what it is about; nothing was changed.")
        return
    if erased and not sure:
        st.info("Tick that you know it cannot be undone; nothing was erased.")
        return
    by, today = signing.name(), planning.today()
    try:
        roles.check(who.person(), "look after")
        if erased:
            with st.spinner("Erasing, and searching for what was erased"):
                done = erase(records.opened(), data_folder(), piles, who=by, why=why, today=today)
        else:
            keep(records.opened(), piles, until=until, who=by, why=why, today=today)
            done = [f"Kept until {until}: {'; '.join(pile.what for pile in piles)}."]
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        return
    st.session_state[_SAID] = done
    st.rerun()


def _said() -> None:
    for sentence in st.session_state.pop(_SAID, []):
        st.success(wording.plain(sentence), icon=":material/check:")
