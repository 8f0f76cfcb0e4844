"""
Which role each person has: `roles.toml` in the data folder, written by an administrator.

    claim = "groups"

    [people]
    "a.green@police.example" = "officer"
    "b.clerk@crewe.example" = { role = "partner", agency = "Crewe council" }

    [groups]
    "asb-analysts" = "analyst"

A person is known by the e-mail address of the sign-in, once the provider says that it
checked it; a group by a value of the claim named. A person's own line goes before a group,
and an earlier group before a later one.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hotspots.action.roles import NOBODY, PARTNER, PUBLIC, ROLES, Person
from hotspots.errors import LibraryError

FILE: Final = "roles.toml"
_KNOWN: Final = {"claim", "people", "groups", "unchecked_addresses"}
_MOST_LETTERS: Final = 120


@dataclass(frozen=True)
class People:
    """
    Roles by address and by group.

    Attributes
    ----------
    people, groups
        Role and agency by address (in lower case) and by value of the claim.
    claim
        Name of the claim that holds groups.
    unchecked
        Whether an address counts that the provider does not say it checked.
    """

    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    claim: str = "groups"
    unchecked: bool = False


def read_people(folder: Path) -> People | None:
    """
    The list of a data folder; None when there is none.

    Raises
    ------
    LibraryError
        Naming everything in it that cannot be used: then nobody has a role.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryError(f"{FILE} cannot be read: nobody has a role until it can.") from error
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LibraryError(f"{FILE} is not sound TOML ({error}): nobody has a role.") from error
    return _checked(found)


def _checked(found: Mapping[str, Any]) -> People:
    wrong = [f"“{name}” is not known" for name in sorted(set(found) - _KNOWN)]
    roles: dict[str, dict[str, tuple[str, str]]] = {}
    for part in ("people", "groups"):
        given = found.get(part, {})
        if not isinstance(given, dict):
            wrong.append(f"{part} is not a table")
            given = {}
        roles[part] = {}
        for name, value in given.items():
            entry = value if isinstance(value, dict) else {"role": value}
            role, agency = entry.get("role"), entry.get("agency", "")
            if role not in ROLES:
                wrong.append(f"{name} has the role “{role}”, which is none of {', '.join(ROLES)}")
            elif (role == PARTNER) != bool(agency) or not isinstance(agency, str):
                wrong.append(f"{name}: a partner, and nobody else, needs an agency")
            else:
                roles[part][name.casefold() if part == "people" else name] = (role, agency)
    claim = found.get("claim", "groups")
    if not isinstance(claim, str):
        wrong.append("claim is not a name")
    if not isinstance(unchecked := found.get("unchecked_addresses", False), bool):
        wrong.append("unchecked_addresses is neither true nor false")
    if wrong:
        raise LibraryError(f"{FILE} cannot be used, and nobody has a role: {'; '.join(wrong)}.")
    return People(roles["people"], roles["groups"], str(claim), unchecked)


def person_of(claims: Mapping[str, Any], people: People) -> Person:
    """
    Person that a sign-in stands for, with the role the list gives them.

    Parameters
    ----------
    claims
        Of an identity token that was checked.
    people
        The list.

    Examples
    --------
    >>> people = People({"a@b.example": ("officer", "")})
    >>> person_of({"email": "A@b.example", "email_verified": True}, people).role
    'officer'
    >>> person_of({"email": "A@b.example"}, people).role
    'public'
    """
    address = str(claims.get("email") or "")
    checked = claims.get("email_verified") is True or people.unchecked
    name = str(claims.get("name") or address or claims.get("sub") or "")[:_MOST_LETTERS]
    if address:
        name = name if name == address else f"{name} ({address})"
    found = people.people.get(address.casefold()) if address and checked else None
    if found is None:
        held = claims.get(people.claim)
        listed = held if isinstance(held, list | tuple) else [held]
        values = {value for value in listed if isinstance(value, str)}
        found = next((role for group, role in people.groups.items() if group in values), None)
    if found is None:
        return Person(name, PUBLIC) if name else NOBODY
    return Person(name, *found)
