"""The table of roles, and what it answers."""

import ast
from pathlib import Path

import pytest

from hotspots.action import roles
from hotspots.action.roles import (
    ACTIONS,
    ADMINISTRATOR,
    ANALYST,
    NOBODY,
    OFFICER,
    PAGES,
    PARTNER,
    PUBLIC,
    RESIDENT,
    ROLES,
    SUPERVISOR,
    Person,
)
from hotspots.errors import DeniedError
from hotspots.study.sight import EVERYTHING, FIELDS, OPEN_DATA, Grant
from hotspots.views import role_words

PROJECT = Path(__file__).parent.parent.parent


def person(role):
    return Person("A. Person", role, "Crewe council" if role == PARTNER else "")


@pytest.mark.parametrize("role", ROLES)
def test_the_table_names_only_what_there_is(role):
    entry = ROLES[role]
    assert set(entry.pages) <= set(PAGES)
    assert entry.actions <= set(ACTIONS)
    assert entry.hidden <= set(FIELDS)


@pytest.mark.parametrize(
    ("role", "first", "denied"),
    [
        (PUBLIC, "assembly", "where"),
        (RESIDENT, "evidence", "when"),
        (PARTNER, "partners", "patrol"),
        (OFFICER, "patrol", "data"),
        (SUPERVISOR, "patrol", "records"),
        (ANALYST, "data", "records"),
    ],
)
def test_pages_open_or_say_in_one_sentence_why_not(role, first, denied):
    roles.check_open(person(role), first)
    with pytest.raises(DeniedError, match=r"^The page \w+ is not for you as [^.]+\.$"):
        roles.check_open(person(role), denied)


def test_a_page_the_table_does_not_name_is_for_nobody():
    assert not any(roles.may_open(person(role), "new") for role in ROLES)


@pytest.mark.parametrize("action", ACTIONS)
def test_what_may_be_done_is_refused_in_one_sentence(action):
    for role in ROLES:
        if action in ROLES[role].actions:
            roles.check(person(role), action)
        else:
            with pytest.raises(DeniedError, match=rf"you may not {ACTIONS[action]}\.$"):
                roles.check(person(role), action)
    assert roles.may(Person("", ANALYST, alone=True), action)


def test_an_action_nobody_wrote_down_is_for_nobody():
    assert not roles.may(Person("", ADMINISTRATOR, alone=True), "delete everything")


@pytest.mark.parametrize(
    ("role", "alone", "theirs", "others"),
    [
        (PUBLIC, False, False, False),
        (RESIDENT, False, False, False),
        (PARTNER, False, True, False),
        (OFFICER, False, True, True),
        (ANALYST, True, True, True),
    ],
)
def test_partners_see_plans_they_have_a_part_in(role, alone, theirs, others):
    asking = Person("A", role, "Crewe council" if role == PARTNER else "", alone)
    assert roles.may_see_plan(asking, ["Crewe council", "Weaver Homes"]) == theirs
    assert roles.may_see_plan(asking, ["Weaver Homes"]) == others
    assert not roles.may_see_plan(NOBODY, [""])


def test_sight_grows_with_the_role():
    assert roles.sight(NOBODY) == roles.sight(person(RESIDENT)) == OPEN_DATA
    assert roles.sight(person(ANALYST)) == EVERYTHING
    (own,) = roles.sight(person(PARTNER)).grants
    assert own.sources == {"police.uk", "Crewe council"}
    assert own.whole
    shared = Grant(frozenset({"Cheshire calls"}), square_m=100)
    assert roles.sight(person(PARTNER), [shared]).grants == (own, shared)
    assert roles.sight(person(OFFICER), [shared]).grants[-1].hidden == ROLES[OFFICER].hidden


def test_two_partners_never_share_a_key():
    one, other = (Person("A", PARTNER, agency) for agency in ("Crewe council", "Weaver Homes"))
    assert one.key != other.key
    assert roles.sight(one).words != roles.sight(other).words


def test_every_page_of_the_dashboard_is_in_the_table():
    tree = ast.parse((PROJECT / "dashboard.py").read_text(encoding="utf-8"))
    paths = {
        node.elts[2].value or roles.FIRST
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple)
        and len(node.elts) == 3
        and isinstance(node.elts[2], ast.Constant)
        and isinstance(node.elts[2].value, str)
    }
    assert {"where", "when", "patrol", "evidence", "data"} <= paths
    assert paths <= set(PAGES)


def test_the_readme_holds_the_table():
    assert role_words.markdown() in (PROJECT / "README.md").read_text(encoding="utf-8")
