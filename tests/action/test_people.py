"""Who has which role: the list, and what a sign-in makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.action.people import FILE, People, person_of, read_people
from hotspots.action.roles import NOBODY
from hotspots.errors import LibraryError

LIST = """
claim = "teams"
[people]
"A.Green@police.example" = "officer"
"b.clerk@crewe.example" = { role = "partner", agency = "Crewe council" }
[groups]
"leads" = "supervisor"
"analysts" = "analyst"
"""


@pytest.fixture
def people(tmp_path):
    (tmp_path / FILE).write_text(LIST, encoding="utf-8")
    return read_people(tmp_path)


def signed_in(address="a.green@police.example", checked=True, **claims):
    return {"email": address, "email_verified": checked, "name": "A. Green"} | claims


def test_no_list_is_no_list(tmp_path):
    assert read_people(tmp_path) is None


def test_a_person_is_known_by_address_in_letters_of_either_case(people):
    found = person_of(signed_in("A.GREEN@police.example"), people)
    assert (found.role, found.name) == ("officer", "A. Green (A.GREEN@police.example)")
    assert person_of(signed_in("b.clerk@crewe.example"), people).agency == "Crewe council"


@pytest.mark.parametrize("checked", [False, None, "true", 1])
def test_an_address_nobody_checked_gives_no_role(people, checked):
    found = person_of(signed_in(checked=checked), people)
    assert found.role == "public"
    assert found.name


def test_unless_the_list_says_that_addresses_need_no_check(tmp_path):
    (tmp_path / FILE).write_text("unchecked_addresses = true\n" + LIST, encoding="utf-8")
    assert person_of(signed_in(checked=False), read_people(tmp_path)).role == "officer"


def test_groups_count_in_the_order_of_the_list_and_after_the_person(people):
    other = "c@police.example"
    assert person_of(signed_in(other, teams=["analysts", "leads"]), people).role == "supervisor"
    assert person_of(signed_in(other, teams="analysts"), people).role == "analyst"
    assert person_of(signed_in(other, groups=["analysts"]), people).role == "public"
    assert person_of(signed_in(teams=["analysts"]), people).role == "officer"


@given(
    st.dictionaries(
        st.sampled_from(["email", "email_verified", "name", "sub", "teams", "role", "agency"]),
        st.one_of(st.none(), st.booleans(), st.text(max_size=20), st.lists(st.text(max_size=5))),
    )
)
def test_no_claim_but_the_named_ones_gives_a_role(claims):
    people = People({"a@b.example": ("administrator", "")}, {"leads": ("supervisor", "")}, "teams")
    found = person_of(claims, people)
    if claims.get("email_verified") is not True and "leads" not in str(claims.get("teams")):
        assert found == NOBODY or found.role == "public"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[people]\na = 'chief'", "the role “chief”"),
        ("[people]\na = 'partner'", "needs an agency"),
        ("[people]\na = { role = 'officer', agency = 'X' }", "needs an agency"),
        ("people = 3", "people is not a table"),
        ("[persons]\na = 'officer'", "“persons” is not known"),
        ("[people", "not sound TOML"),
        ("claim = 3\nunchecked_addresses = 'yes'", "claim is not a name; unchecked_addresses"),
    ],
)
def test_a_list_that_cannot_be_used_gives_nobody_a_role(tmp_path, text, said):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match="nobody has a role") as raised:
        read_people(tmp_path)
    assert said in str(raised.value)
