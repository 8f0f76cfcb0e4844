"""Who may see what, as a table."""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from hotspots.action.roles import ACTIONS, PAGES, ROLES, Role

_FIELDS: Final = {"repeat_key": "repeat keys", "vulnerable": "vulnerability"}


def table() -> pd.DataFrame:
    """One row a role: the pages it is offered, what it sees and what it may do."""
    rows = [
        (role.name, _pages(role), _reports(role), role.plans, _list(_done(role)))
        for role in ROLES.values()
    ]
    return pd.DataFrame(rows, columns=["Role", "Pages", "Reports", "Plans", "May"]).set_index(
        "Role"
    )


def _pages(role: Role) -> str:
    return "all" if set(role.pages) == set(PAGES) else _list(PAGES[page] for page in role.pages)


def _reports(role: Role) -> str:
    hidden = " and ".join(_FIELDS[name] for name in sorted(role.hidden))
    return f"{role.reports}, without {hidden}" if hidden else role.reports


def _done(role: Role) -> Iterable[str]:
    if role.actions == frozenset(ACTIONS):
        return ("all of these",)
    return (said for action, said in ACTIONS.items() if action in role.actions)


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "–"


def markdown() -> str:
    """The table as the README holds it."""
    shown = table().reset_index()
    lines = [shown.columns, ["---"] * len(shown.columns), *shown.to_numpy()]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
