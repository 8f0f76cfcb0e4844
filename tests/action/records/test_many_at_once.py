"""Many people at once, and a process killed while it writes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotspots.action import records as package
from hotspots.action import visits
from hotspots.action.records import Audit
from hotspots.action.records.copies import check
from hotspots.action.visits import Visit
from hotspots.errors import ChangedMeanwhileError
from tests.action.records.log_visits import entry

PROJECT = Path(__file__).parent.parent.parent.parent
PROCESSES, THREADS, EACH = 2, 50, 4


def start(folder, url, name, threads=THREADS, each=EACH):
    script = Path(__file__).with_name("log_visits.py")
    arguments = [str(folder), url or "", name, str(threads), str(each)]
    return subprocess.Popen(
        [sys.executable, str(script), *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_two_processes_of_fifty_threads_lose_nothing_and_double_nothing(tmp_path, url):
    # Neither finds a database made: both make it, and neither harms the other.
    running = [start(tmp_path, url, name) for name in ("one", "two")]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    told = [line for out, _ in said for line in out.decode().split()]
    assert len(set(told)) == len(told) == PROCESSES * THREADS * EACH
    records = package.open_records(tmp_path, url)
    with records.reading() as session:
        assert set(session.scalars(select(Visit.id))) == set(told)
        lines = session.scalars(select(Audit).order_by(Audit.id)).all()
        assert package.broken_at(session) is None
    assert sorted(line.details["visit"] for line in lines) == sorted(told)


def test_the_same_form_sent_by_everybody_is_one_visit(tmp_path, url):
    from concurrent.futures import ThreadPoolExecutor

    from hotspots.errors import RecordsError

    records = package.open_records(tmp_path, url)
    name = visits.new_id()

    def send(_):
        try:
            return visits.log(records, [entry(0)], by="PC Green", ids=[name])
        except RecordsError:
            return 0  # told that it was recorded a moment ago

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(send, range(10))) == 1
    with records.reading() as session:
        assert session.scalar(select(func.count(Audit.id))) == 1


def test_a_process_killed_while_it_writes_leaves_nothing_half_written(tmp_path, url):
    process = start(tmp_path, url, "killed", threads=8, each=100_000)
    first = process.stdout.readline()
    assert first, process.stderr.read()
    time.sleep(0.7)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    whole = [line for line in (first + rest).decode().splitlines() if len(line) == 36]
    records = package.open_records(tmp_path, url)
    assert check(records) == []
    with records.reading() as session:
        held = set(session.scalars(select(Visit.id)))
        noted = [line.details["visit"] for line in session.scalars(select(Audit))]
    assert set(whole) <= held  # what was said to be saved is saved
    assert sorted(noted) == sorted(held)  # a visit and its line, both or neither
    assert len(held) > 3
    assert visits.log(records, [entry(1)], by="PC Green") == 1


def test_of_two_who_edit_one_visit_the_second_is_told(records):
    name = visits.new_id()
    visits.log(records, [entry(0)], by="PC Green", ids=[name])
    seen = int(visits.visits(records).loc[name, "version"])
    visits.change(records, name, seen, by="PC Green", why="slip", officers=2)
    with pytest.raises(ChangedMeanwhileError, match="Somebody else changed this"):
        visits.change(records, name, seen, by="Sgt Hall", why="better", officers=3)
    with pytest.raises(ChangedMeanwhileError):
        visits.withdraw(records, name, seen, by="Sgt Hall", why="never was")
    assert visits.visits(records).loc[name, "officers"] == 2


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_of_two_who_save_at_the_same_instant_the_second_is_told(records):
    name = visits.new_id()
    visits.log(records, [entry(0)], by="PC Green", ids=[name])
    with pytest.raises(ChangedMeanwhileError), records.session() as second:  # noqa: PT012
        row = second.get(Visit, name)
        visits.change(records, name, row.version, by="PC Green", why="slip", officers=2)
        row.officers = 3
    assert visits.visits(records).loc[name, "officers"] == 2
