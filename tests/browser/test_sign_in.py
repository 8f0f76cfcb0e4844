"""Signing in with a provider that runs here: each person sees their role's pages and no more."""

import re
import time

import httpx
import pytest
from joserfc.jwk import RSAKey

from hotspots.action import roles
from hotspots.app.pages import PATHS
from tests import oidc
from tests.browser.conftest import PROJECT, free_port, serve

PEOPLE = {
    "green": {"email": "a.green@police.example", "email_verified": True, "name": "A. Green"},
    "clerk": {"email": "b.clerk@crewe.example", "email_verified": True, "name": "B. Clerk"},
    "analyst": {"email": "c@police.example", "groups": ["asb-analysts"], "name": "C. Count"},
    "stranger": {"email": "x@elsewhere.example", "email_verified": True, "name": "X"},
    "liar": {"email": "a.green@police.example", "email_verified": False, "name": "Liar"},
}
ROLES = """
[people]
"a.green@police.example" = "officer"
"b.clerk@crewe.example" = { role = "partner", agency = "Crewe council" }
[groups]
"asb-analysts" = "analyst"
"""
HAS = {"green": "officer", "clerk": "partner", "analyst": "analyst"}
# What is there, of what the table of roles offers them.
PAGES = {
    name: {roles.PAGES[page] for page in (roles.FIRST, *PATHS) if page in roles.ROLES[role].pages}
    for name, role in HAS.items()
}
NONE = (set(), {"Assembly"})
USER_COOKIE = "_streamlit_user"


@pytest.fixture(scope="module")
def provider():
    with oidc.provider(PEOPLE) as made:
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("signed")
    (folder / "roles.toml").write_text(ROLES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(folder, provider):
    port = free_port()
    options = ("--secrets.files", str(oidc.secrets_file(folder, provider, port)))
    log = folder / "server.log"
    with serve(PROJECT / "dashboard.py", folder, log, port=port, options=options) as address:
        yield address


@pytest.fixture(autouse=True)
def honest(provider):
    yield
    provider.lasts_s, provider.spoil, provider.key = 3600, dict, provider.published


def offered(watched):
    watched.settle()
    links = watched.page.get_by_test_id("stTopNavLink")
    return {re.sub(r"\s", "", text) for text in links.all_inner_texts()}


def sign_in(watched, name):
    watched.page.get_by_role("button", name="Sign in").click()
    watched.page.wait_for_url("**/authorize?**")
    watched.page.get_by_role("link", name=name, exact=True).click()
    watched.page.wait_for_url(f"{watched.server}/**")
    watched.page.get_by_test_id("stMain").wait_for()
    return watched


def is_the_public(watched):
    watched.page.get_by_role("button", name="Sign in").wait_for()
    watched.settle()
    return (
        offered(watched) in NONE
        and not watched.page.locator(
            "[data-testid=stDataFrame], iframe[src*=streamlit_folium]"
        ).count()
    )


def session_of(watched):
    return {c["name"]: c for c in watched.page.context.cookies() if USER_COOKIE in c["name"]}


def test_without_signing_in_even_this_machine_is_the_public(watch, server):
    watched = watch(server).open()
    assert is_the_public(watched)
    watched.open("/data")
    assert is_the_public(watched)


@pytest.mark.parametrize("name", PAGES)
def test_each_person_is_offered_the_pages_of_their_role(watch, server, name):
    watched = sign_in(watch(server).open(), name)
    watched.page.get_by_role("button", name="Sign out").wait_for()
    assert offered(watched) == PAGES[name]
    said = watched.page.get_by_text("Signed in as").inner_text().replace("\u2060", "")
    assert PEOPLE[name]["name"] in said


def test_another_agencys_link_is_refused_in_one_sentence(watch, server):
    watched = sign_in(watch(server).open(), "clerk")
    watched.page.get_by_role("button", name="Sign out").wait_for()
    watched.open("/patrol?area=all")
    refusal = watched.page.get_by_text("The page Patrol is not for you as partner of Crewe")
    refusal.wait_for()
    assert offered(watched) == PAGES["clerk"]


@pytest.mark.parametrize("name", ["stranger", "liar"])
def test_a_sign_in_without_a_role_is_the_public_and_is_told_so(watch, server, name):
    watched = sign_in(watch(server).open(), name)
    watched.page.get_by_text("has no role here").wait_for()
    assert offered(watched) in NONE


def test_signing_out_ends_the_session_here_and_at_the_provider(watch, server, provider):
    watched = sign_in(watch(server).open(), "green")
    before = len(provider.ended)
    watched.page.get_by_role("button", name="Sign out").click()
    assert is_the_public(watched)
    assert session_of(watched) == {}
    assert len(provider.ended) == before + 1
    assert provider.ended[-1]["client_id"] == oidc.CLIENT
    watched.page.reload()
    assert is_the_public(watched)


@pytest.mark.parametrize("click", ["another page", "a part of this one"])
def test_a_sign_in_that_ran_out_shows_nothing_at_the_next_click(watch, server, provider, click):
    provider.lasts_s = 20
    watched = sign_in(watch(server).open(), "green")
    watched.page.get_by_role("button", name="Sign out").wait_for()
    until = time.monotonic() + 21
    assert offered(watched) == PAGES["green"]
    hotspots = watched.page.get_by_role("combobox", name=re.compile("^Hotspot")).first
    hotspots.wait_for()
    watched.page.wait_for_timeout(max(0.0, until - time.monotonic()) * 1000)
    if click == "another page":
        watched.page.get_by_role("link", name="When", exact=True).click()
    else:
        hotspots.click()
        watched.page.get_by_role("option").first.click()
    watched.page.get_by_text("Your sign-in has run out").wait_for()
    assert is_the_public(watched)
    assert watched.page.locator("h3", has_text="1 · ").count() == 0


@pytest.mark.parametrize("change", ["letter", "role", "other"])
def test_a_cookie_that_was_changed_is_no_sign_in(watch, server, change):
    watched = sign_in(watch(server).open(), "clerk")
    watched.page.get_by_role("button", name="Sign out").wait_for()
    (cookie,) = (c for c in session_of(watched).values() if c["name"] == USER_COOKIE)
    value = cookie["value"]
    changed = {
        "letter": value[:-3] + ("A" if value[-3] != "A" else "B") + value[-2:],
        "role": "eyJpc19sb2dnZWRfaW4iOnRydWV9" + value[28:],
        "other": next(c["value"] for n, c in session_of(watched).items() if n != USER_COOKIE),
    }[change]
    watched.page.context.add_cookies([{**cookie, "value": changed}])
    watched.open()
    assert is_the_public(watched)


def spoilt(provider, **changes):
    provider.spoil = lambda claims: {**claims, **changes}


SPOILT = {
    "nonce": lambda p: spoilt(p, nonce="another"),
    "audience": lambda p: spoilt(p, aud="another application"),
    "issuer": lambda p: spoilt(p, iss="http://localhost:1"),
    "past": lambda p: spoilt(p, exp=int(time.time()) - 3600),
    "key": lambda p: setattr(p, "key", RSAKey.generate_key(2048, {"kid": "one"})),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_token_that_was_changed_signs_nobody_in(watch, server, provider, what):
    SPOILT[what](provider)
    watched = sign_in(watch(server).open(), "green")
    assert is_the_public(watched)
    assert USER_COOKIE not in session_of(watched)


def test_an_answer_of_the_provider_works_once_and_for_one_browser(server, provider):
    provider.codes["stolen"] = ("green", {"redirect_uri": f"{server}/oauth2callback"})
    with httpx.Client(follow_redirects=False) as client:
        answer = client.get(f"{server}/oauth2callback", params={"code": "stolen", "state": "x"})
    assert answer.status_code == 302
    assert not any(name.startswith(USER_COOKIE) for name in answer.cookies)
    assert provider.codes.pop("stolen")


def test_a_role_taken_away_ends_at_the_next_click(watch, server, folder):
    watched = sign_in(watch(server).open(), "green")
    watched.page.get_by_role("button", name="Sign out").wait_for()
    assert offered(watched) == PAGES["green"]
    try:
        (folder / "roles.toml").write_text("[people]\n", encoding="utf-8")
        watched.page.get_by_role("link", name="When", exact=True).click()
        watched.page.get_by_text("has no role here").wait_for()
        assert offered(watched) in NONE
    finally:
        (folder / "roles.toml").write_text(ROLES, encoding="utf-8")
