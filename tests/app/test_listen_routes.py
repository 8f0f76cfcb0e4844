"""The page that residents answer on, as phones and as hostile machines meet it."""

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from hotspots.action import listening
from hotspots.action.assembly_result import heard
from hotspots.action.records import open_records
from hotspots.app import listen_routes
from hotspots.publish.words import Words

HEXAGONS = {"H974-540": "Crewe, <b>the middle</b>", "H975-541": "Crewe, north side"}


@pytest.fixture
def records(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    monkeypatch.setattr(listen_routes, "_gate", listen_routes.Gate())
    return open_records(tmp_path)


@pytest.fixture
def meeting(records):
    return listening.open_meeting(
        records,
        name="Crewe <script>",
        area="E05",
        hexagons=HEXAGONS,
        picture="<svg></svg>",
        by="Ann",
    )


@pytest.fixture
def phone(records):
    with TestClient(Starlette(routes=listen_routes.routes(""))) as client:
        yield client


def passed(page):
    return re.search(r'name="pass" value="([^"]+)"', page.text)[1]


def waiting(records, meeting):
    return listening.answers(records, meeting, listening.WAITING)


def test_an_answer_is_kept_and_waits(phone, records, meeting):
    page = phone.get(f"/say/{meeting}")
    assert page.status_code == 200
    assert "Crewe &lt;script&gt;" in page.text
    assert "<script>" not in page.text.replace('<script src="', "")
    assert "the middle&lt;/b&gt;" in page.text
    sent = {
        "pass": passed(page),
        "mark": ["H974-540", "H975-541"],
        "priority": ["noise"],
        "words": "<script>alert(1)</script>",
    }
    answer = phone.post(f"/say/{meeting}", data=sent)
    assert answer.status_code == 200
    assert "Thank you" in answer.text
    assert "alert(1)" not in answer.text
    kept = waiting(records, meeting)
    assert kept["marks"].tolist() == [["H974-540", "H975-541"]]
    assert heard(records, meeting).people == 0


def test_the_same_form_sent_again_is_one_answer(phone, records, meeting):
    sent = {"pass": passed(phone.get(f"/say/{meeting}")), "words": "once"}
    for _ in range(3):
        answer = phone.post(f"/say/{meeting}", data=sent)
    assert "sent before" in answer.text
    assert len(waiting(records, meeting)) == 1


@pytest.mark.parametrize("given", ["", "x", "0" * 32, f"{'0' * 32}-1-{'0' * 32}"])
def test_a_form_that_is_not_ours_is_refused(phone, records, meeting, given):
    answer = phone.post(f"/say/{meeting}", data={"pass": given, "words": "spam"})
    assert answer.status_code == 400
    assert "not ours" in answer.text
    assert waiting(records, meeting).empty


def test_what_is_wrong_is_said_on_the_form(phone, records, meeting):
    sent = {"pass": passed(phone.get(f"/say/{meeting}")), "mark": ["H1-1"]}
    answer = phone.post(f"/say/{meeting}", data=sent)
    assert answer.status_code == 400
    assert "not on this map" in answer.text
    assert passed(answer) != sent["pass"]


def test_giant_and_broken_bodies_are_refused(phone, records, meeting):
    def endless():
        for _ in range(1_000):
            yield b"words=" + b"x" * 10_000

    assert phone.post(f"/say/{meeting}", content=b"x" * 9_000).status_code == 413
    assert phone.post(f"/say/{meeting}", content=endless()).status_code == 413
    assert phone.post(f"/say/{meeting}", content=b"\xff\xfe\x00").status_code == 400
    many = "&".join(f"mark=H{i}-{i}" for i in range(400)).encode()
    assert phone.post(f"/say/{meeting}", content=many).status_code == 400
    assert waiting(records, meeting).empty


def test_a_flood_is_held_back_and_a_room_is_not(phone, records, meeting):
    statuses = []
    for number in range(140):
        sent = {"pass": passed(phone.get(f"/say/{meeting}")), "words": f"answer {number}"}
        statuses.append(phone.post(f"/say/{meeting}", data=sent).status_code)
    assert statuses[:100] == [200] * 100
    assert 429 in statuses[100:]
    assert len(waiting(records, meeting)) == statuses.count(200)


def test_the_gate_opens_again_and_forgets():
    gate = listen_routes.Gate(burst=2, a_second=1)
    assert [gate.lets_in("a", 0.0) for _ in range(3)] == [True, True, False]
    assert gate.lets_in("b", 0.0)
    assert gate.lets_in("a", 1.5)
    for number in range(3_000):
        gate.lets_in(str(number), 2.0)
    assert len(gate._held) <= 2_000


@pytest.mark.parametrize("name", ["nothing", "0" * 32, "%3Cscript%3E"])
def test_a_meeting_that_is_not_there(phone, records, name):
    assert phone.get(f"/say/{name}").status_code == 404
    answer = phone.post(f"/say/{name}", data={"words": "x"})
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_a_meeting_that_ended(phone, records, meeting):
    sent = {"pass": passed(phone.get(f"/say/{meeting}")), "words": "late"}
    version = int(listening.meetings(records)["version"][meeting])
    listening.close(records, meeting, by="Ann", version=version)
    assert phone.get(f"/say/{meeting}").status_code == 410
    assert "has ended" in phone.post(f"/say/{meeting}", data=sent).text
    assert waiting(records, meeting).empty


def test_the_page_speaks_another_language_where_there_is_one(
    phone, records, meeting, tmp_path, monkeypatch
):
    (tmp_path / "cy.toml").write_text(
        '[listen]\nsend = "Anfon"\nnot_ours = "Nid ein ffurflen ni"\n', encoding="utf-8"
    )
    monkeypatch.setattr(listen_routes, "languages", lambda: {"en": "English", "cy": "Cymraeg"})
    monkeypatch.setattr(
        listen_routes,
        "Words",
        lambda code: Words(code, folder=tmp_path) if code == "cy" else Words(),
    )
    page = phone.get(f"/say/{meeting}?language=cy")
    assert "Anfon" in page.text
    assert 'lang="cy"' in page.text
    answer = phone.post(f"/say/{meeting}?language=cy", data={"words": "x"})
    assert "Nid ein ffurflen ni" in answer.text
    assert "Send" in phone.get(f"/say/{meeting}?language=../../x").text


def test_the_script_is_served_for_good(phone):
    found = phone.get(f"/say/{listen_routes._SCRIPT}")
    assert found.headers["content-type"].startswith("text/javascript")
    assert "immutable" in found.headers["cache-control"]
