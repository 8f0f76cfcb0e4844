"""
Who is asking, what they may see, and how they sign in and out.

With a provider in Streamlit's secrets everybody signs in, and `roles.toml` gives each
their role. Without one, a browser on this machine is the single analyst and everybody
else the public. It is asked anew at every use, so that a sign-in that has run out, or a
role that was taken away, ends at once.
"""

import logging
import time
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from hotspots.action.people import FILE, People, person_of, read_people
from hotspots.action.records import note, open_records
from hotspots.action.roles import (
    ANALYST,
    NOBODY,
    PAGES,
    PUBLIC,
    Person,
    check_open,
)
from hotspots.action.roles import sight as sight_of
from hotspots.action.sharing import FILE as AGREEMENTS
from hotspots.action.sharing import Agreement, in_force, read_agreements
from hotspots.app import callers
from hotspots.errors import DeniedError
from hotspots.settings import data_folder
from hotspots.study.sight import Sight
from hotspots.views import wording

_log: Final = logging.getLogger(__name__)
_REFUSED: Final = "refused once"
TITLE: Final = "Antisocial behaviour hotspots"


def person() -> Person:
    """
    Who is asking now.

    Raises
    ------
    LibraryError
        When the list of roles cannot be used: then nobody has one.
    """
    people = _people(data_folder())
    if callers.sign_in_configured():
        claims = st.user.to_dict()
        if not claims.get("is_logged_in") or _ran_out(claims):
            return NOBODY
        return person_of(claims, people or People())
    # A list of roles means that people are told apart, which nothing here can do.
    if people is None and callers.here():
        return Person("", ANALYST, alone=True)
    return NOBODY


def _ran_out(claims: dict[str, Any]) -> bool:
    """Whether an identity token is past its time, or says none."""
    until = claims.get("exp")
    return not isinstance(until, int | float) or until <= time.time()


def _people(folder: Path) -> People | None:
    try:
        status = (folder / FILE).stat()
    except FileNotFoundError:
        return None
    return _people_as_of(folder, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _people_as_of(folder: Path, changed: int, size: int) -> People | None:
    del changed, size  # they are the key
    return read_people(folder)


def sight() -> Sight:
    """What the person asking may see of the reports."""
    asking = person()
    if not asking.agency:
        return sight_of(asking)
    today = datetime.now(UTC).date()
    held = in_force(_agreements(data_folder()), asking.agency, today)
    return sight_of(asking, [agreement.grant for agreement in held])


def _agreements(folder: Path) -> tuple[Agreement, ...]:
    try:
        status = (folder / AGREEMENTS).stat()
    except FileNotFoundError:
        return ()
    return _agreements_as_of(folder, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _agreements_as_of(folder: Path, changed: int, size: int) -> tuple[Agreement, ...]:
    del changed, size  # they are the key
    return read_agreements(folder)


def still(role: str) -> None:
    """
    Make sure that a selection's role is the reader's own.

    Raises
    ------
    DeniedError
        When they signed out, or their role was changed, since the selection was made.
    """
    if person().key != role:
        raise DeniedError("Your sign-in has ended or your role has changed; load the page again.")


def refused(page: str) -> str:
    """
    Sentence for a page that was asked for and is not the reader's; the refusal is recorded.

    Returns
    -------
    sentence
        Empty when there is no such page, or it may be opened.
    """
    asking = person()
    if page not in PAGES:
        return ""
    try:
        check_open(asking, page)
    except DeniedError as error:
        _record(asking, f"refused: the page {PAGES[page]}")
        return str(error)
    return ""


def _record(asking: Person, what: str) -> None:
    """A refusal in the server's log, and once a session in the trail for those with a name."""
    _log.warning("%s (%s): %s", asking.name or "somebody", asking.key, what)
    before = st.session_state.setdefault(_REFUSED, set())
    if not asking.name or what in before:
        return
    before.add(what)
    with open_records(data_folder()).session() as session:
        note(session, "consultation", asking.name, what, role=asking.key)


def show(asking: Person) -> None:
    """Name and role of the reader, with the way in or out."""
    if not callers.sign_in_configured():
        return
    if not st.user.get("is_logged_in"):
        _ways_in()
    elif asking.role == PUBLIC:
        _without_role(asking)
    else:
        with st.sidebar:
            st.divider()
            _signed_in(asking)


def _without_role(asking: Person) -> None:
    if asking == NOBODY:
        st.warning("Your sign-in has run out; sign in again.")
        _ways_in()
        return
    st.warning(
        f"You are signed in as {wording.plain(asking.name)}, which has no role here; ask "
        "the administrator of this dashboard for one."
    )
    _way_out()


def _signed_in(asking: Person) -> None:
    ends = datetime.fromtimestamp(float(str(st.user.get("exp"))), UTC).astimezone()
    st.caption(
        f"Signed in as {wording.plain(asking.name)}, {wording.plain(asking.words)}, "
        f"until {ends:%H:%M}"
    )
    _way_out()


def _way_out() -> None:
    st.button("Sign out", on_click=st.logout)


def _ways_in() -> None:
    for number, provider in enumerate(providers()):
        label = "Sign in" if provider is None else f"Sign in with {provider}"
        st.button(label, key=f"sign in {number}", on_click=st.login, args=(provider,))


def providers() -> list[str | None]:
    """Names of the providers that are set up; None = the one without a name."""
    auth = st.secrets["auth"]
    unnamed: list[str | None] = [None] if "client_id" in auth else []
    return unnamed + [
        name for name in auth if hasattr(auth[name], "keys") and name != "client_kwargs"
    ]


def nothing_here(asking: Person) -> None:
    """The page of those who are offered none."""
    st.title(TITLE, anchor=False)
    if asking.role == PUBLIC:
        st.write("Nothing is published here yet.")


def only_here() -> str:
    """Sentence for somebody at this machine where roles are listed but nobody can sign in."""
    if callers.sign_in_configured() or not callers.here() or _people(data_folder()) is None:
        return ""
    return (
        f"{FILE} lists who has which role, but no way to sign in is set up, so everybody is "
        "the public: add a provider to .streamlit/secrets.toml, or take the list away."
    )
