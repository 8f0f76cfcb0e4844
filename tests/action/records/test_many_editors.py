"""Fifty people edit one plan; a process is killed, the disk fills, the clock goes back."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from hotspots.action import plans
from hotspots.action import records as package
from hotspots.action.plan_tables import Comment, Plan
from hotspots.action.records import Audit, audit, copies
from hotspots.errors import RecordsError
from tests.action.records import edit_plans
from tests.action.test_plans import begin

PROJECT = Path(__file__).parent.parent.parent.parent
PROCESSES, THREADS = 2, 25


@pytest.fixture
def plan(records):
    """One plan that everybody edits."""
    with records.session() as session:
        assert begin(session).id == 1
    return records


def start(folder, url, name, threads=THREADS, each=1):
    arguments = [str(folder), url or "", name, str(threads), str(each)]
    return subprocess.Popen(
        [sys.executable, edit_plans.__file__, *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def agree(records):
    """Tokens that are saved: the plan, its comments, its version and its trail say the same."""
    assert copies.check(records) == []
    with records.reading() as session:
        held = session.get(Plan, 1)
        said = list(session.scalars(select(Comment.text).order_by(Comment.id)))
        noted = list(session.execute(select(Audit.who, Audit.what).order_by(Audit.id)))
    tokens = held.asked_of.split()
    assert sorted(said) == sorted(tokens)
    assert len(set(tokens)) == len(tokens) == held.version - 1
    for what in ("plan 1 changed: asked_of", f"plan 1: {plans.SAID}"):
        assert [who for who, done in noted if done == what] == said
    return tokens


def test_fifty_editors_of_one_plan_lose_nothing(plan, tmp_path, url):
    running = [start(tmp_path, url, name) for name in "ab"]
    said = [process.communicate(timeout=240) for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES, said
    told = dict(line.split() for out, _ in said for line in out.decode().splitlines())
    assert sorted(agree(plan)) == sorted(told)
    assert len(told) == PROCESSES * THREADS == 50
    # They did get in each other's way, and were told.
    assert sum(int(times) for times in told.values()) > 0


def test_an_editor_killed_while_it_saves_leaves_nothing_half_done(plan, tmp_path, url):
    process = start(tmp_path, url, "k", threads=6, each=40)
    first = process.stdout.readline()
    assert first, process.stderr.read()
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    whole = [line.split() for line in (first + rest).decode().splitlines(keepends=True)]
    saved = agree(plan)
    assert {line[0] for line in whole if len(line) == 2} <= set(saved)
    edit_plans.add(plan, 1, "after")
    assert agree(plan)[-1] == "after"


@contextmanager
def small_disk(folder):
    """A disk of two megabytes of its own, where the tests may mount one."""
    made = shutil.which("mount") and os.geteuid() == 0
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    folder.mkdir()
    if not made or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only who may mount can have a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def until_full(records):
    """Tokens saved until the disk said no."""
    saved = []
    with pytest.raises(RecordsError, match=r"[Dd]isk is full") as caught:  # noqa: PT012
        for number in range(5_000):
            with records.session() as session:
                plans.say(session, 1, who="PC Green", text=f"{number} " + "x" * 1_900)
            saved.append(number)
    assert "Nothing was saved" in str(caught.value)
    return saved


def comments(records):
    with records.reading() as session:
        return [int(text.split()[0]) for text in session.scalars(select(Comment.text))]


def test_a_disk_that_is_full_loses_nothing_that_was_saved(tmp_path):
    with small_disk(tmp_path / "disk") as folder:
        records = package.open_records(folder)
        with records.session() as session:
            begin(session)
        saved = until_full(records)
        assert len(saved) > 20
        assert sorted(comments(records)) == saved
        assert copies.check(records) == []
        # Room is made, and the same people go on.
        subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True)
        with records.session() as session:
            plans.say(session, 1, who="PC Green", text="9999")
        assert sorted(comments(records)) == [*saved, 9999]
        assert copies.check(records) == []
        records.engine.dispose()


def test_a_file_that_may_grow_no_further_loses_nothing_that_was_saved(tmp_path):
    records = package.open_records(tmp_path)
    with records.session() as session:
        begin(session)

    @event.listens_for(records.engine, "checkout")
    def limited(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {limit}")

    limit = 120
    saved = until_full(records)
    limit = 1_000_000
    with records.session() as session:
        plans.say(session, 1, who="PC Green", text="9999")
    assert sorted(comments(records)) == [*saved, 9999]
    assert copies.check(records) == []


def test_a_clock_that_goes_back_changes_no_order_and_breaks_no_chain(plan, monkeypatch):
    began = datetime.now(UTC)

    class Clock(datetime):
        past = timedelta(0)

        @classmethod
        def now(cls, tz=None):
            return began - cls.past if tz else began.replace(tzinfo=None) - cls.past

    for module in (audit, plans):
        monkeypatch.setattr(module, "datetime", Clock)
    for hours in (0, 1, 30, 24 * 400):
        Clock.past = timedelta(hours=hours)
        edit_plans.add(plan, 1, f"t{hours}")
    assert agree(plan) == ["t0", "t1", "t30", "t9600"]
    with plan.reading() as session:
        (*older, last) = session.scalars(select(Audit).order_by(Audit.id))
        newest = package.newest(session, most=2)
    assert last.at == began - timedelta(days=400)
    assert all(line.at > last.at for line in older[:-1])
    assert newest[0].id == last.id
