"""The record of changes keeps every whole decision, in any weather, from any number of hands."""

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotspots.action import patrol_log
from hotspots.action.records import Audit, broken_at, clean, open_records
from hotspots.analysis.patrol_edits import Edit
from hotspots.errors import LibraryError, RecordsError, SelectionError
from hotspots.publish.formats import Stamp, table_csv

AREA = "force:cheshire"
AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
LAKE = shapely.box(341_000, 366_000, 341_200, 366_150)


def pin(reason="a bus station", by="Sgt Ames"):
    return Edit("pin", shapely.Point(340_500.25, 366_100), reason, by, AT)


def nudge(east=50.0, north=-20.0):
    place = shapely.Point(340_500, 366_100)
    return Edit("nudge", place, "across the road", "Sgt Ames", AT, (east, north))


def exclude():
    return Edit("exclude", LAKE, "a lake", "Insp Bell", AT)


def log_of(folder):
    return folder / "records" / "patrol-edits.jsonl"


def line_of(number, edit, area=AREA):
    """A decision as an earlier version wrote it."""
    fact = {
        "id": number,
        "kind": edit.kind,
        "geometry": shapely.to_wkt(edit.geometry, rounding_precision=2),
        "offset": list(edit.offset_m),
        "reason": edit.reason,
        "by": edit.by,
        "at": edit.at.isoformat(),
        "area": area,
    }
    return json.dumps(fact).encode() + b"\n"


def undone(number, reason, by):
    fact = {"revert": number, "reason": reason, "by": by, "at": AT.isoformat()}
    return json.dumps(fact).encode() + b"\n"


def keep(folder, *lines):
    log_of(folder).parent.mkdir(parents=True, exist_ok=True)
    log_of(folder).write_bytes(b"".join(lines))


def trail(folder):
    with open_records(folder).reading() as session:
        assert broken_at(session) is None
        return [(line.who, line.what) for line in session.scalars(select(Audit).order_by("id"))]


def test_nothing_recorded_is_nothing(tmp_path):
    assert patrol_log.active(tmp_path, AREA) == ()
    assert patrol_log.history(tmp_path, AREA).empty
    assert list(tmp_path.iterdir()) == [], "reading makes no file"


def test_what_is_recorded_comes_back_in_order_for_its_area_only(tmp_path):
    made = [pin(), nudge(), exclude()]
    assert [patrol_log.record(tmp_path, AREA, edit) for edit in made] == [1, 2, 3]
    patrol_log.record(tmp_path, "ward:E1", pin("elsewhere"))
    assert patrol_log.active(tmp_path, AREA) == tuple(made)
    assert trail(tmp_path)[0] == ("Sgt Ames", "Patrol areas changed by hand: pin")


def test_an_undone_change_no_longer_counts_and_stays_in_the_record(tmp_path):
    for edit in (pin(), exclude()):
        patrol_log.record(tmp_path, AREA, edit)
    patrol_log.revert(tmp_path, 1, reason="it closed", by="Insp Bell", at=AT)
    assert trail(tmp_path)[-1] == ("Insp Bell", "Change 1 of patrol areas undone")
    assert patrol_log.active(tmp_path, AREA) == (exclude(),)
    history = patrol_log.history(tmp_path, AREA)
    assert history.index.tolist() == [2, 1]
    assert history.loc[1, "undone_by"] == "Insp Bell"
    assert history.loc[1, "undone_reason"] == "it closed"
    assert history.loc[2, "undone_at"] == ""
    assert history.loc[2, "area_ha"] == pytest.approx(3)


@pytest.mark.parametrize(
    ("number", "reason", "by", "said"),
    [
        (9, "x", "y", "no change 9"),
        (1, " ", "y", "a reason and a name"),
        (1, "x", "", "a reason and a name"),
    ],
)
def test_what_cannot_be_undone_is_said(tmp_path, number, reason, by, said):
    patrol_log.record(tmp_path, AREA, pin())
    with pytest.raises(SelectionError, match=said):
        patrol_log.revert(tmp_path, number, reason=reason, by=by)
    assert len(patrol_log.active(tmp_path, AREA)) == 1


def test_a_change_is_undone_once(tmp_path):
    patrol_log.record(tmp_path, AREA, pin())
    patrol_log.revert(tmp_path, 1, reason="x", by="Insp Bell")
    with pytest.raises(SelectionError, match="undone already, by Insp Bell"):
        patrol_log.revert(tmp_path, 1, reason="x", by="y")


def test_a_record_holds_what_a_person_can_type_and_no_more(tmp_path):
    with pytest.raises(SelectionError, match="under 500 letters"):
        patrol_log.record(tmp_path, AREA, pin("x" * 501))
    fine = shapely.Point(0, 0).buffer(100, quad_segs=600)
    with pytest.raises(SelectionError, match="2,000 corners"):
        patrol_log.record(tmp_path, AREA, Edit("exclude", fine, "x", "y", AT))
    assert list(tmp_path.iterdir()) == []


def test_what_a_file_of_an_earlier_version_holds_is_taken_over_once(tmp_path):
    keep(
        tmp_path,
        line_of(1, pin()),
        line_of(2, nudge()),
        undone(1, "it closed", "Insp Bell"),
        line_of(3, exclude(), "ward:E1"),
    )
    before = log_of(tmp_path).read_bytes()
    assert patrol_log.active(tmp_path, AREA) == (nudge(),)
    assert patrol_log.active(tmp_path, "ward:E1") == (exclude(),)
    history = patrol_log.history(tmp_path, AREA)
    assert history.index.tolist() == [2, 1]
    assert history.loc[1, "undone_reason"] == "it closed"
    assert not log_of(tmp_path).exists()
    assert log_of(tmp_path).with_name("patrol-edits.jsonl.imported").read_bytes() == before
    # A crash before the file was set aside: all of it is there, and none of it twice.
    log_of(tmp_path).write_bytes(before)
    assert patrol_log.active(tmp_path, AREA) == (nudge(),)
    assert len(trail(tmp_path)) == 1
    assert patrol_log.record(tmp_path, AREA, pin("another")) == 4


def test_numbers_that_are_taken_are_given_anew(tmp_path):
    assert patrol_log.record(tmp_path, AREA, exclude()) == 1
    keep(tmp_path, line_of(1, pin()), undone(1, "it closed", "Insp Bell"), line_of(2, nudge()))
    assert patrol_log.active(tmp_path, AREA) == (exclude(), nudge())
    assert sorted(patrol_log.history(tmp_path, AREA).index) == [1, 2, 3]


@settings(deadline=None, max_examples=20)  # a disk may take its time
@given(cut=st.integers(1, 400), ends=st.booleans())
def test_a_power_cut_cost_no_more_than_the_line_it_cut(tmp_path_factory, cut, ends):
    folder = tmp_path_factory.mktemp("log")
    torn = line_of(2, exclude())
    keep(folder, line_of(1, pin()), torn[: min(cut, len(torn) - 2)], b"\n" if ends else b"")
    assert patrol_log.active(folder, AREA) == (pin(),)
    assert patrol_log.record(folder, AREA, nudge()) == 2
    assert patrol_log.active(folder, AREA) == (pin(), nudge())


def test_a_line_that_was_closed_off_or_lacks_only_its_end_is_no_damage(tmp_path):
    closed = json.dumps({"closed": [2], "at": AT.isoformat()}).encode() + b"\n"
    keep(tmp_path, line_of(1, pin()), b'{"id": 2, "ki\n', closed, line_of(2, exclude())[:-1])
    assert patrol_log.active(tmp_path, AREA) == (pin(), exclude())


@pytest.mark.parametrize(
    "damaged",
    [
        b"\xff\xfe nonsense\n",
        b'{"id": 1, "kind": "teleport", "geometry": "POINT (1 1)", "offset": [0, 0]}\n',
        b'{"id": 1, "kind": "pin", "geometry": "POINT (", "offset": [0, 0]}\n',
    ],
)
def test_a_damaged_record_is_named_and_never_taken_for_an_empty_one(tmp_path, damaged):
    good = line_of(1, pin())
    keep(tmp_path, damaged, good)
    with pytest.raises(LibraryError, match="line 1 is damaged"):
        patrol_log.active(tmp_path, AREA)
    with pytest.raises(LibraryError, match="line 1 is damaged"):
        patrol_log.record(tmp_path, AREA, exclude())
    assert log_of(tmp_path).read_bytes() == damaged + good


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path):
    (tmp_path / "records").write_text("a file stands in the way")
    with pytest.raises(RecordsError, match="cannot be opened"):
        patrol_log.record(tmp_path, AREA, pin())


def record_many(folder, name, count):
    for number in range(count):
        patrol_log.record(Path(folder), AREA, pin(f"{name} {number}", name))


def test_two_processes_at_once_lose_nothing(tmp_path):
    fresh = multiprocessing.get_context("spawn")
    names = ("one", "two")
    hands = [fresh.Process(target=record_many, args=(tmp_path, name, 25)) for name in names]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
        assert hand.exitcode == 0
    history = patrol_log.history(tmp_path, AREA)
    assert sorted(history.index) == list(range(1, 51)), "every change has a number of its own"
    for name in names:
        own = history.loc[history["by"] == name, "reason"].tolist()
        assert own == [f"{name} {number}" for number in reversed(range(25))]


def test_a_reason_is_text_in_a_spreadsheet_too(tmp_path):
    patrol_log.record(tmp_path, AREA, pin('=HYPERLINK("http://evil","x")', "@SUM(A1)"))
    history = patrol_log.history(tmp_path, AREA)
    text = table_csv(history, Stamp("", "", "0", "1", "")).decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'@SUM" in text


@settings(deadline=None, max_examples=20)  # a disk may take its time
@given(reason=st.text(min_size=1, max_size=40), by=st.text(min_size=1, max_size=20))
@example(reason="0", by="0\x1b")
@example(reason="0", by="\x1b")
@example(reason="\x1b", by="0")
def test_any_text_survives_but_for_what_is_unseen(tmp_path_factory, reason, by):
    def seen(text):
        return "".join(filter(str.isprintable, text)).strip()

    folder = tmp_path_factory.mktemp("log")
    if not reason.strip() or not by.strip():
        return
    if not clean(reason) or not clean(by):
        with pytest.raises(SelectionError, match="needs a reason and a name"):
            patrol_log.record(folder, AREA, pin(reason, by))
        assert patrol_log.active(folder, AREA) == ()
        return
    patrol_log.record(folder, AREA, pin(reason, by))
    (edit,) = patrol_log.active(folder, AREA)
    assert (edit.reason, edit.by) == (clean(reason), clean(by))
    assert (seen(edit.reason), seen(edit.by)) == (seen(reason), seen(by))
