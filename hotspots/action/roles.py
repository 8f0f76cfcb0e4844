"""
Who may see and do what: one table of roles, and the few questions that are asked of it.

A page, a cache, a file and a command ask here and nowhere else. A role that the table does
not name may do nothing, and so may a page that it does not name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from hotspots.errors import DeniedError
from hotspots.settings import OPEN_SOURCES
from hotspots.study.sight import EVERYTHING, OPEN_DATA, Grant, Sight

PUBLIC: Final = "public"
RESIDENT: Final = "resident"
PARTNER: Final = "partner"
OFFICER: Final = "officer"
SUPERVISOR: Final = "supervisor"
ANALYST: Final = "analyst"
ADMINISTRATOR: Final = "administrator"

Reports = Literal["open data", "open data and its own", "all"]
Plans = Literal["none", "its own", "all"]

# Pages by address; the first page has the empty one.
FIRST: Final = "where"
PAGES: Final = {
    "where": "Where",
    "when": "When",
    "patrol": "Patrol",
    "visit": "Visit",
    "partners": "Partners",
    "assembly": "Assembly",
    "listening": "Listening",
    "evidence": "Evidence",
    "data": "Data",
    "records": "Records",
}
ACTIONS: Final = {
    "take away": "take files away",
    "work": "work on tasks and comment",
    "patrol": "change patrol areas and log visits",
    "plan": "write plans and share with partners",
    "listen": "hold a meeting and look at its answers",
    "review": "close plans after a review",
    "import": "bring in data",
    "read text": "read partners' free text, each reading noted",
    "look after": "read the audit trail, keep and purge records",
}
# Columns that single people out, for those who work on repeats and vulnerability.
_PERSONS: Final = frozenset({"repeat_key", "vulnerable"})


@dataclass(frozen=True, kw_only=True)
class Role:
    """
    What one kind of reader may see and do.

    Attributes
    ----------
    name
        In words.
    pages
        Addresses of the pages it is offered.
    reports
        Whose reports it sees.
    hidden
        Columns of agencies' reports that stand empty for it.
    plans
        Which problem-solving plans it sees.
    actions
        What it may do, of `ACTIONS`.
    """

    name: str
    pages: tuple[str, ...]
    reports: Reports
    hidden: frozenset[str] = frozenset()
    plans: Plans = "none"
    actions: frozenset[str] = frozenset()


_POLICE_PAGES: Final = (
    "where",
    "when",
    "patrol",
    "visit",
    "partners",
    "assembly",
    "listening",
    "evidence",
)
_ON_PATROL: Final = frozenset({"take away", "work", "patrol"})
_LEADING: Final = _ON_PATROL | {"plan", "review", "listen"}
_ANALYSING: Final = _ON_PATROL | {"plan", "import", "listen", "read text"}
ROLES: Final = {
    PUBLIC: Role(name="Public", pages=("assembly",), reports="open data"),
    RESIDENT: Role(name="Resident panel", pages=("assembly", "evidence"), reports="open data"),
    PARTNER: Role(
        name="Partner (by agency)",
        pages=("where", "when", "partners", "assembly", "evidence"),
        reports="open data and its own",
        plans="its own",
        actions=frozenset({"take away", "work"}),
    ),
    OFFICER: Role(
        name="Officer",
        pages=_POLICE_PAGES,
        reports="all",
        hidden=_PERSONS,
        plans="all",
        actions=_ON_PATROL,
    ),
    SUPERVISOR: Role(
        name="Supervisor", pages=_POLICE_PAGES, reports="all", plans="all", actions=_LEADING
    ),
    ANALYST: Role(
        name="Analyst",
        pages=(*_POLICE_PAGES, "data"),
        reports="all",
        plans="all",
        actions=_ANALYSING,
    ),
    ADMINISTRATOR: Role(
        name="Administrator",
        pages=tuple(PAGES),
        reports="all",
        plans="all",
        actions=frozenset(ACTIONS),
    ),
}


@dataclass(frozen=True)
class Person:
    """
    Who is asking.

    Attributes
    ----------
    name
        As the sign-in gives it; the trail says it.
    role
        One of `ROLES`.
    agency
        Whose partner; empty for every other role.
    alone
        Whether this is the one person at this machine, where nobody signs in.
    """

    name: str
    role: str
    agency: str = ""
    alone: bool = False

    @property
    def key(self) -> str:
        """Role as a cache key and a record hold it."""
        return f"{self.role} of {self.agency}" if self.agency else self.role

    @property
    def words(self) -> str:
        """Role as a page says it."""
        return f"partner of {self.agency}" if self.agency else ROLES[self.role].name.casefold()


NOBODY: Final = Person("", PUBLIC)


def may_open(person: Person, page: str) -> bool:
    """
    Whether a person may open a page, by its address.

    Where nobody signs in, the one person at the machine opens every page.

    Examples
    --------
    >>> may_open(NOBODY, "assembly"), may_open(NOBODY, "where"), may_open(NOBODY, "")
    (True, False, False)
    """
    asked = page or FIRST
    return asked in PAGES and (person.alone or asked in ROLES[person.role].pages)


def may(person: Person, action: str) -> bool:
    """
    Whether a person may do something of `ACTIONS`.

    Where nobody signs in, the one person at the machine does everything.

    Examples
    --------
    >>> may(Person("PC Green", OFFICER), "patrol"), may(Person("PC Green", OFFICER), "import")
    (True, False)
    """
    return action in ACTIONS and (person.alone or action in ROLES[person.role].actions)


def may_see_plan(person: Person, agencies: Iterable[str]) -> bool:
    """
    Whether a person may see a plan that some agencies have tasks in.

    Examples
    --------
    >>> crewe = Person("A. Clerk", PARTNER, "Crewe council")
    >>> may_see_plan(crewe, ["Crewe council", "Weaver Homes"]), may_see_plan(crewe, ["Others"])
    (True, False)
    """
    plans = ROLES[person.role].plans
    return plans == "all" or (plans == "its own" and person.agency in set(agencies))


def check_open(person: Person, page: str) -> None:
    """
    Let a person into a page, or say in one sentence why not.

    Raises
    ------
    DeniedError
        When their role has no such page.
    """
    if not may_open(person, page):
        name = PAGES.get(page or FIRST, page)
        raise DeniedError(f"The page {name} is not for you as {person.words}.")


def check(person: Person, action: str) -> None:
    """
    Let a person do something, or say in one sentence why not.

    Raises
    ------
    DeniedError
        When their role may not.
    """
    if not may(person, action):
        raise DeniedError(f"As {person.words} you may not {ACTIONS[action]}.")


def sight(person: Person, shared: Iterable[Grant] = ()) -> Sight:
    """
    What a person may see of the reports.

    Parameters
    ----------
    person
        Who is asking.
    shared
        For a partner: what agreements in force allow its agency to see.
    """
    role = ROLES[person.role]
    if role.reports == "open data":
        return OPEN_DATA
    if role.reports == "all":
        if not role.hidden:
            return EVERYTHING
        return Sight((Grant(OPEN_SOURCES), Grant(hidden=role.hidden)))
    own = Grant(OPEN_SOURCES | {person.agency})
    return Sight((own, *shared))
