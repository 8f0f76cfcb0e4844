"""The menu of responses: every entry stands on a source."""

import re

import pytest

from hotspots.action import responses
from hotspots.action.responses import KINDS, STRENGTHS, bundled, open_menu, read_menu
from hotspots.errors import LibraryError

ENTRIES = bundled().responses
NAMES = [entry.key for entry in ENTRIES]

GOOD = """
version = "1"
[[response]]
key = "a"
name = "A"
kind = "early"
who = "Anyone"
needs = "Nothing"
strength = "unknown"
evidence = "None"
record = "Dates"
source = "A book"
url = "https://example.org/"
"""


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_every_entry_has_a_source_and_says_how_sure_it_is(entry):
    assert entry.url.startswith("https://")
    assert len(entry.source) > 15
    assert entry.strength in STRENGTHS
    # What is not known is said to be so, and nothing else is.
    assert ("No evaluation" in entry.evidence or "raises" in entry.evidence) == (
        entry.strength == "unknown"
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_no_entry_promises_an_effect(entry):
    said = f"{entry.name} {entry.evidence}".lower()
    assert not re.search(r"\bwill (cut|reduce|lower|prevent)|guarantee|proven", said)


def test_every_power_names_its_act():
    for entry in ENTRIES:
        if entry.kind in {"power", "licensing", "housing"}:
            assert re.search(r"Act \d{4}", entry.source)
            assert "legislation.gov.uk" in entry.url


def test_every_kind_is_offered():
    assert {entry.kind for entry in ENTRIES} == set(KINDS)
    assert "closure" in bundled()
    assert bundled()["closure"].kind == "power"
    assert "nothing" not in bundled()


def test_the_order_is_not_shown_as_one_to_follow():
    assert "not an order to follow" in responses.BUNDLED.read_text(encoding="utf-8")


def test_a_force_may_keep_its_own(tmp_path):
    assert open_menu(tmp_path) is bundled()
    (tmp_path / "responses.toml").write_text(GOOD, encoding="utf-8")
    assert [entry.key for entry in open_menu(tmp_path).responses] == ["a"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('source = "A book"', ""), "entry 1 (a) lacks source"),
        (('url = "https:', 'url = "http:'), "does not begin with https://"),
        (('kind = "early"', 'kind = "x"'), "no known kind"),
        (('strength = "unknown"', 'strength = "proven"'), "no known strength"),
        (('version = "1"', ""), "no version"),
        (('who = "Anyone"', 'who = "Anyone"\ncost = "1"'), "has cost, which mean nothing"),
        (("[[response]]", "[[answer]]"), "no [[response]]"),
        (('key = "a"', "key = "), "cannot be read"),
    ],
)
def test_faults_are_named(tmp_path, change, said):
    path = tmp_path / "responses.toml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(LibraryError, match=re.escape(said)):
        read_menu(path)


def test_every_fault_at_once_and_keys_once(tmp_path):
    path = tmp_path / "responses.toml"
    twice = GOOD + GOOD.split('version = "1"')[1].replace('who = "Anyone"', "")
    path.write_text(twice, encoding="utf-8")
    with pytest.raises(LibraryError, match="lacks who; a stands twice"):
        read_menu(path)
