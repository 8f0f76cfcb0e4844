"""What an assembly says: kept once, shown to nobody before it was looked at, erased in time."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from hotspots.action import assembly_result, listening, retention
from hotspots.action.form_passes import new_pass, used_pass
from hotspots.action.records import Audit, open_records
from hotspots.action.resident_answer import Answer, read_paper
from hotspots.errors import ChangedMeanwhileError, SelectionError

HEXAGONS = {"H974-540": "Crewe, the middle", "H975-541": "Crewe, north side"}


@pytest.fixture
def records(tmp_path):
    return open_records(tmp_path)


@pytest.fixture
def meeting(records):
    return listening.open_meeting(
        records, name="Crewe", area="E05", hexagons=HEXAGONS, picture="<svg/>", by="Ann"
    )


def key(number):
    return f"{number:032x}"


def take(records, meeting, *answers, start=0):
    return listening.take(
        records,
        meeting,
        {key(start + i): answer for i, answer in enumerate(answers)},
        way="phone",
    )


def test_nothing_is_shown_before_it_was_looked_at(records, meeting):
    answer = Answer(("H974-540",), ("noise",), "It is loud")
    assert take(records, meeting, *[answer] * 5) == 5
    assert assembly_result.heard(records, meeting).people == 0
    waiting = listening.answers(records, meeting, "waiting")
    listening.moderate(records, meeting, list(waiting.index[:4]), show=True, by="Ann")
    listening.moderate(records, meeting, list(waiting.index[4:]), show=False, by="Ann", why="name")
    heard = assembly_result.heard(records, meeting)
    assert heard.people == 4
    assert heard.marks.to_dict() == {"H974-540": 4}
    assert heard.priorities["noise"] == 4
    assert heard.words == ("It is loud",) * 4


def test_a_mark_of_one_or_two_people_is_not_shown(records, meeting):
    take(records, meeting, *[Answer(("H974-540",))] * 2, *[Answer(("H975-541",))] * 3)
    ids = list(listening.answers(records, meeting, "waiting").index)
    listening.moderate(records, meeting, ids, show=True, by="Ann")
    heard = assembly_result.heard(records, meeting)
    assert heard.marks.to_dict() == {"H975-541": 3}
    assert heard.few == 1


def test_an_answer_sent_again_is_one_answer(records, meeting):
    assert take(records, meeting, Answer(words="once")) == 1
    assert take(records, meeting, Answer(words="twice")) == 0
    assert list(listening.answers(records, meeting, "waiting")["words"]) == ["once"]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(), "Nothing was marked"),
        (Answer(("H1-1",)), "not on this map"),
        (Answer(("<script>",)), "not on this map"),
        (Answer(("H974-540",) * 9), None),
        (Answer(tuple(f"H{i}-{i}" for i in range(6))), "5 places at most"),
        (Answer(priorities=("noise", "dogs", "lights", "young")), "3 things at most"),
        (Answer(priorities=("'; DROP TABLE meeting; --",)), "not on the list"),
        (Answer(words="x" * 141), "140 letters"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_kept(records, meeting, answer, says):
    if says is None:
        assert take(records, meeting, answer) == 1
        return
    with pytest.raises(SelectionError, match=says):
        take(records, meeting, Answer(words="good"), answer)
    assert listening.answers(records, meeting, "waiting").empty


def test_a_meeting_that_ended_takes_no_more(records, meeting):
    version = int(listening.meetings(records)["version"][meeting])
    listening.close(records, meeting, by="Ann", version=version)
    with pytest.raises(SelectionError, match="has ended"):
        take(records, meeting, Answer(words="late"))
    with pytest.raises(ChangedMeanwhileError):
        listening.close(records, meeting, by="Bob", version=version)


@pytest.mark.parametrize("name", ["", "nothing", "0" * 32, "../../etc"])
def test_a_meeting_that_is_not_there_is_one_sentence(records, name):
    with pytest.raises(SelectionError, match="no such meeting"):
        take(records, name, Answer(words="x"))


def test_answers_are_erased_when_their_time_is_up(records, meeting, tmp_path):
    take(records, meeting, Answer(words="a"), Answer(words="b"))
    keep = listening.meetings(records)["keep_until"][meeting]
    assert retention.promised(records, tmp_path, keep) == []
    said = retention.promised(records, tmp_path, keep + timedelta(days=1))
    assert said[0].startswith("Erased: 2 answers")
    assert listening.answers(records, meeting, "waiting").empty
    with records.reading() as session:
        kinds = [line.kind for line in session.scalars(select(Audit).order_by(Audit.id))]
    assert kinds == ["collection", "collection", "erasure", "erasure"]


def test_a_pass_is_ours_fresh_and_of_its_meeting(records, meeting):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    other = listening.open_meeting(
        records, name="Other", area="E05", hexagons=HEXAGONS, picture="", by="Ann"
    )
    with records.reading() as session:
        held, elsewhere = (listening.find(session, one) for one in (meeting, other))
        given = new_pass(held, now)
        assert used_pass(held, given, now + timedelta(hours=11)) == given[:32]
        for bad, at, says in (
            (given, now + timedelta(hours=13), "too old"),
            (given, now - timedelta(hours=1), "too old"),
            (given[:-1] + ("0" if given[-1] != "0" else "1"), now, "not ours"),
            ("", now, "not ours"),
        ):
            with pytest.raises(SelectionError, match=says):
                used_pass(held, bad, at)
        with pytest.raises(SelectionError, match="not ours"):
            used_pass(elsewhere, given, now)


def test_a_table_from_paper_is_read_once_however_often_it_is_sent(records, meeting):
    table = pd.DataFrame(
        {
            "marks": ["h974-540 H975-541", None],
            "priorities": ["Noise dogs", ""],
            "words": [None, "Please mend the lights"],
        }
    )
    found = read_paper(table)
    assert [answer.marks for answer in found.values()] == [("H974-540", "H975-541"), ()]
    assert listening.take(records, meeting, found, way="paper", by="Ann") == 2
    assert listening.take(records, meeting, found, way="paper", by="Ann") == 0
    with pytest.raises(SelectionError, match="no column words"):
        read_paper(table.drop(columns="words"))


def test_no_column_could_hold_who_somebody_is():
    columns = set(listening.MeetingAnswer.__table__.columns.keys())
    assert columns == {"id", "meeting_id", "at", "way", "state", "marks", "priorities", "words"}


def test_the_day_of_erasure_is_known_from_the_start(records, meeting):
    keep = listening.meetings(records)["keep_until"][meeting]
    assert keep - date.today() in {timedelta(days=d) for d in (89, 90, 91)}
