"""
Several roles on one server, asking in turn and at once: no restricted value crosses.

`CROSSINGS=1000` asks as often as that; unset, some thirty times.
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from hotspots.action.roles import PAGES
from hotspots.selection import Selection
from tests import oidc, planted
from tests.browser.conftest import free_port, serve
from tests.browser.test_sign_in import sign_in
from tests.planted import AGENCY, CANARY, MARKS
from tests.sessions import Reader

SCRIPT = Path(__file__).parent / "planted_dashboard.py"
ASKED = int(os.environ.get("CROSSINGS", "24"))
HAS = {
    "officer": '"officer"',
    "analyst": '"analyst"',
    "resident": '"resident"',
    "partner": '{ role = "partner", agency = "Crewe council" }',
    "theirs": f'{{ role = "partner", agency = "{AGENCY}" }}',
}
MAY_SEE = {
    "public": set(),
    "resident": set(),
    "partner": set(),
    "officer": set(MARKS) - {"repeat_key"},
    "analyst": set(MARKS),
    "theirs": set(MARKS),
}


@pytest.fixture(scope="module")
def readers(tmp_path_factory, chromium):
    """One reader a role, signed in by hand in chromium, and the public."""
    folder = tmp_path_factory.mktemp("apart")
    lines = [f'"{name}@a.example" = {role}' for name, role in HAS.items()]
    (folder / "roles.toml").write_text("[people]\n" + "\n".join(lines), encoding="utf-8")
    people = {n: {"email": f"{n}@a.example", "email_verified": True, "name": n} for n in HAS}
    port = free_port()
    with oidc.provider(people) as provider:
        options = ("--secrets.files", str(oidc.secrets_file(folder, provider, port)))
        log = folder / "server.log"
        with serve(SCRIPT, folder, log, port=port, options=options) as address:
            found = {"public": Reader(address)}
            for name in HAS:
                context = chromium.new_context()
                page = context.new_page()
                page.goto(address)
                signing_in(page, address, name)
                cookies = {c["name"]: c["value"] for c in context.cookies()}
                found[name] = Reader(address, cookies)
                context.close()
            yield found, log


def signing_in(page, address, name):
    class Watched:
        server = address

    Watched.page = page
    sign_in(Watched, name)
    page.get_by_text("Signed in as").first.wait_for(state="attached")


def _of_the_agency():
    """What shows the agency's reports to those who may see them."""
    whole = planted.dataset()
    return replace(
        Selection.default(whole.choices),
        area=f"ward:{whole.wards.index[0]}",
        min_incidents=10,
        sources=tuple(whole.sources),
    )


def links(chance):
    """Links of all kinds: of every page, the agency's own force and reports among them."""
    whole = planted.dataset()
    areas = [
        f"ward:{whole.wards.index[0]}",
        f"force:{CANARY}-force",
        next(iter(whole.choices.areas)),
    ]
    # The slow page is left out: it would take the time of all the others.
    pages = [page for page in PAGES if page != "evidence"]
    while True:
        selection = replace(
            Selection.default(whole.choices),
            area=chance.choice(areas),
            radius_m=chance.choice([80, 100]),
            min_incidents=chance.choice([10, 20]),
            sources=chance.choice([(), tuple(whole.sources)]),
        )
        yield urlencode({"page": chance.choice(pages), **selection.to_query()})


def test_not_one_restricted_value_crosses(readers):
    found, log = readers
    chance = random.Random(2025)
    link = links(chance)
    certain = urlencode({"page": "where", **_of_the_agency().to_query()})
    asked = [(name, certain) for name in found]
    asked += [(chance.choice(list(found)), next(link)) for _ in range(ASKED)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: found[one[0]].ask(one[1]), asked))
    for name, reader in found.items():
        held = bytes(reader.received).lower()
        assert len(held) > 10_000, name
        seen = {field for field, mark in MARKS.items() if mark.encode() in held}
        assert seen <= MAY_SEE[name], name
        # What nobody is sent would prove nothing.
        assert ("street" in seen) == ("street" in MAY_SEE[name]), name
    # The log names the partner who was refused a page, and nothing of its reports.
    said = log.read_text(encoding="utf-8").lower()
    assert not [mark for name, mark in MARKS.items() if name != "source" and mark in said]
