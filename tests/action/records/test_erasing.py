"""What a line of the trail said is erased: the chain holds, and the disk holds it no longer."""

import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hotspots.action import records as package
from hotspots.action import visits
from hotspots.action.records import Audit, blank, engines, migrating, note
from hotspots.action.records.scrubbing import held_files, scrub, windows
from hotspots.errors import RecordsError
from tests.action.records.log_visits import entry

CANARY = "Kestrel-7319 said “the lad from No. 4” did it, three nights in a row"


def written(records, *whys):
    for number, why in enumerate(whys, 1):
        with records.session() as session:
            note(session, "alteration", f"PC {number}", f"did {number}", why, a=number)


def blanked(records, *numbers, noted=True):
    with records.session() as session:
        erased = blank(session, [session.get(Audit, number) for number in numbers])
        if noted:
            note(session, "erasure", "Admin", "Erased", "rule", erased=erased)
    return erased


def whole(records):
    with records.reading() as session:
        return package.broken_at(session)


def test_the_words_of_a_line_go_and_the_chain_holds(records):
    written(records, "one", CANARY, "three")
    with records.reading() as session:
        before = session.get(Audit, 2)
    assert set(blanked(records, 2)) == {"2"}
    with records.reading() as session:
        line = session.get(Audit, 2)
    assert package.is_blank(line)
    same = ("id", "at", "who", "kind", "prev_hash", "hash", "seal")
    assert [getattr(line, name) for name in same] == [getattr(before, name) for name in same]
    assert whole(records) is None
    # The same again is nothing, and what shows that it was erased stays.
    assert blanked(records, 2, 4) == {}
    assert whole(records) is None


def test_words_that_go_without_a_line_of_erasure_break_the_chain(records):
    written(records, "one", "two", "three")
    blanked(records, 2, noted=False)
    assert whole(records) == 2
    with records.session() as session:  # a line that names it, and not as it was
        note(session, "erasure", "Admin", "Erased", erased={"2": "0" * 64})
    assert whole(records) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET what = '', why = '', details = '{}', salt = '', who = 'x' WHERE id = 1",
        "UPDATE audit SET what = '', why = '', details = '{}' WHERE id = 1",
        "UPDATE audit SET what = '', why = '', details = '{}', salt = '', seal = '' WHERE id = 1",
        "UPDATE audit SET what = '', why = '', details = '{}', salt = '' WHERE id = 2",
    ],
)
def test_the_database_lets_words_go_and_nothing_else(records, change):
    written(records, "one")
    blanked(records)  # a line of erasure, which is never blanked
    with pytest.raises((DBAPIError, RecordsError)), records.session() as session:
        session.execute(text(change))
    assert whole(records) is None


def of_old(number, before, why):
    """A line as it was written before there were seals."""
    facts = {
        "id": number,
        "at": datetime(2025, 1, number, tzinfo=UTC).isoformat(timespec="microseconds"),
        "who": "PC Old",
        "kind": "alteration",
        "what": "did",
        "why": why,
        "details": {"visit": "a"},
        "prev_hash": before,
    }
    said = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return facts | {"hash": hashlib.sha256(said.encode()).hexdigest()}


def test_a_chain_from_before_there_were_seals_goes_on_and_its_words_can_go(records):
    with engines.changing_shape(records.engine) as connection:
        migrating.downgrade(connection, migrating.EMPTY)
        migrating.upgrade(connection, "r110")
        before = package.BEGINNING
        for number, why in enumerate(("one", CANARY, "three"), 1):
            line = of_old(number, before, why)
            before = line["hash"]
            row = line | {"details": json.dumps(line["details"])}
            if connection.dialect.name == "sqlite":
                row |= {"at": f"2025-01-0{number} 00:00:00.000000"}
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO audit ({names}) VALUES ({values})"), row)
        migrating.upgrade(connection)
    assert whole(records) is None
    written(records, "new")
    assert whole(records) is None
    blanked(records, 2)
    assert whole(records) is None
    with records.reading() as session:
        assert session.get(Audit, 2).why == ""
    # What is left of such a line is held fast by the line that names it.
    with records.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_refuses_update"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit SET who = 'PC Other' WHERE id = 2"))
    assert whole(records) == 2


def test_a_file_holds_no_byte_of_what_was_erased_from_it(tmp_path):
    records = package.open_records(tmp_path)
    ids = [visits.new_id() for _ in range(40)]
    told = [entry(n, seen=f"{CANARY} {n}") for n in range(40)]
    visits.log(records, told, by="PC Green", ids=ids)
    held = b"".join(path.read_bytes() for path in held_files(records.path))
    assert windows(CANARY)[0] in held
    with records.session() as session:
        lines = [session.get(Audit, number) for number in range(1, 41)]
        erased = blank(session, lines)
        session.execute(text("DELETE FROM visits"))
        note(session, "erasure", "Admin", "Erased", "rule", erased=erased)
    proof = scrub(records, {f"{CANARY} {n}" for n in range(40)})
    held = b"".join(path.read_bytes() for path in held_files(records.path))
    assert not any(piece in held for piece in windows(CANARY))
    assert (proof.searched, proof.found, proof.size) == (40, 0, len(held))
    assert "searched for 40 erased texts: none" in proof.sentence()
    assert whole(records) is None


def test_a_text_that_stands_elsewhere_is_said_to(tmp_path):
    records = package.open_records(tmp_path)
    written(records, CANARY)
    assert "still stand" in scrub(records, {CANARY}).sentence()


def test_while_somebody_reads_the_erasure_is_not_called_done(tmp_path, monkeypatch):
    monkeypatch.setattr("hotspots.action.records.scrubbing.PATIENCE_S", 0.05)
    records = package.open_records(tmp_path)
    written(records, CANARY)
    reader = sqlite3.connect(records.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM audit").fetchone()
    with pytest.raises(RecordsError, match="others are reading"):
        scrub(records, {CANARY})
    reader.close()
    scrub(records, {CANARY})


def test_a_database_of_a_server_is_written_anew(server, tmp_path):
    from tests import postgres

    with postgres.database(server) as address:
        records = package.open_records(tmp_path, address)
        with records.reading() as session:
            folder = Path(session.scalar(text("SHOW data_directory")), "base")
            folder /= str(
                session.scalar(
                    text("SELECT oid FROM pg_database WHERE datname = :name"),
                    {"name": records.engine.url.database},
                )
            )
        visits.log(records, [entry(n, seen=f"{CANARY} {n}") for n in range(40)], by="PC Green")

        def tables():
            with records.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.execute(text("CHECKPOINT"))
            files = folder.glob("[0-9]*")
            return b"".join(path.read_bytes() for path in files)

        assert windows(CANARY)[0] in tables()
        with records.session() as session:
            erased = blank(session, [session.get(Audit, number) for number in range(1, 41)])
            session.execute(text("DELETE FROM visits"))
            note(session, "erasure", "Admin", "Erased", "rule", erased=erased)
        assert "written anew" in scrub(records, {CANARY}).sentence()
        assert not any(piece in tables() for piece in windows(CANARY))
        assert whole(records) is None
        records.engine.dispose()
