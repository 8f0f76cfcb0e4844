import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from hotspots.action import records as package
from hotspots.action.records import Audit, database, engines, migrating
from hotspots.errors import RecordsError, SelectionError
from tests import postgres


def trail(records):
    with records.reading() as session:
        return [(line.who, line.what) for line in session.scalars(select(Audit).order_by("id"))]


def whole(records):
    with records.reading() as session:
        return package.broken_at(session) is None


def test_what_is_noted_is_kept_with_its_commit(records):
    with records.session() as session:
        package.note(session, "collection", " PC Green ", "visit", "on the plan", area="SJ 1 2")
    with records.reading() as session:
        (line,) = session.scalars(select(Audit))
    assert (line.id, line.who, line.kind, line.what) == (1, "PC Green", "collection", "visit")
    assert (line.why, line.details) == ("on the plan", {"area": "SJ 1 2"})
    assert abs(line.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert line.prev_hash == package.BEGINNING
    assert whole(records)


def test_what_fails_leaves_nothing(records):
    with pytest.raises(ZeroDivisionError), records.session() as session:  # noqa: PT012
        package.note(session, "erasure", "PC Green", "all of it")
        raise ZeroDivisionError
    with records.session() as session:
        package.note(session, "erasure", "PC Green", "undone in the block")
        session.rollback()
    assert trail(records) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
        "TRUNCATE audit",
        "UPDATE audit SET hash = hash WHERE id = 1",
    ],
)
def test_the_trail_can_only_be_added_to(records, change):
    with records.session() as session:
        package.note(session, "collection", "PC Green", "one")
    with pytest.raises((DBAPIError, RecordsError)), records.session() as session:
        session.execute(text(change))
    assert trail(records) == [("PC Green", "one")]
    assert whole(records)


def off_guard(connection, change):
    """What somebody with the file, or the database's password, can do behind our back."""
    if connection.dialect.name == "sqlite":
        for name in ("update", "delete", "replace"):
            connection.execute(text(f"DROP TRIGGER audit_refuses_{name}"))
    else:
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    connection.execute(text(change))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE audit SET why = 'a better reason' WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("UPDATE audit SET hash = '0' WHERE id = 3", 3),
        ("UPDATE audit SET id = 9 WHERE id = 4", 4),
        ("UPDATE audit SET details = '{\"a\": 2}' WHERE id = 1", 1),
    ],
)
def test_a_change_behind_its_back_breaks_the_chain_there(records, change, place):
    for who in "abcd":
        with records.session() as session:
            package.note(session, "alteration", who, "a change", a=1)
    assert whole(records)
    with records.engine.begin() as connection:
        off_guard(connection, change)
    with records.reading() as session:
        assert package.broken_at(session) == place


def test_odd_text_is_kept_and_chained(records):
    said = "a\x00b\x1b\u202e \ud800 “quotes” 😀 '); DROP TABLE audit; --"
    with records.session() as session:
        package.note(session, "disclosure", said, said, said, odd=[said[:1], 1.5, None, True])
    with records.reading() as session:
        (line,) = session.scalars(select(Audit))
        assert line.what == "ab ? “quotes” 😀 '); DROP TABLE audit; --"
        assert package.broken_at(session) is None


@pytest.mark.parametrize(
    ("who", "what", "said"), [(" ", "x", "Give your name"), ("a", "x" * 2001, "2,001 letters")]
)
def test_a_nameless_or_endless_line_is_refused(records, who, what, said):
    with pytest.raises(SelectionError, match=said), records.session() as session:
        package.note(session, "collection", who, what)
    assert trail(records) == []


def test_instants_keep_their_moment(records):
    local = datetime(2025, 7, 1, 23, 30, tzinfo=timezone(timedelta(hours=1)))
    row = {"id": 1, "at": local, "who": "a", "kind": "collection", "what": "", "why": ""}
    with records.session() as session:
        session.execute(insert(Audit).values(**row, details={}, prev_hash="", hash=""))
    with records.reading() as session:
        at = session.scalar(select(Audit.at))
    assert at == local
    assert at.utcoffset() == timedelta(0)


def test_opening_again_is_the_same_and_a_file_replaced_is_opened_anew(tmp_path):
    first = package.open_records(tmp_path)
    assert package.open_records(tmp_path) is first
    path = tmp_path / "records" / "records.sqlite"
    first.engine.dispose()
    for left in path.parent.glob("records.sqlite*"):
        left.rename(left.with_name("old-" + left.name))
    assert not package.exist(tmp_path)
    second = package.open_records(tmp_path)
    assert second is not first
    assert trail(second) == []


def test_every_step_goes_back_and_forth(records):
    with engines.changing_shape(records.engine) as connection:
        migrating.downgrade(connection, migrating.EMPTY)
    assert set(inspect(records.engine).get_table_names()) <= {"alembic_version"}
    with engines.changing_shape(records.engine) as connection:
        migrating.upgrade(connection)
        assert migrating.reached(connection) == migrating.steps().get_current_head()
    assert trail(records) == []


def test_the_steps_stand_in_one_line():
    assert len(migrating.steps().get_heads()) == 1


def test_the_steps_lead_to_the_tables_as_they_are_declared(records):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from hotspots.action.records.everything import tables

    with records.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables()) == []


def test_records_of_a_newer_version_are_left_alone(records, tmp_path, url):
    with records.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r999'"))
    database._opened.popitem()[1].engine.dispose()
    with pytest.raises(RecordsError, match="newer version"):
        package.open_records(tmp_path, url)


def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path):
    path = tmp_path / "records" / "records.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(RecordsError, match="damaged; restore it from a backup"):
        package.open_records(tmp_path)
    assert path.read_bytes().startswith(b"not a database")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "not a database address"),
        ("mysql://a:secret@b/c", "names mysql"),
        ("postgresql://a:secret@127.0.0.1:1/c", "cannot be reached"),
    ],
)
def test_a_wrong_address_is_said_without_its_password(tmp_path, monkeypatch, url, said):
    monkeypatch.setenv(engines.VARIABLE, url)
    with pytest.raises(RecordsError, match=said) as caught:
        package.open_records(tmp_path)
    assert "secret" not in str(caught.value)


def test_readers_do_not_wait_for_a_writer(records):
    with records.session() as writing:
        package.note(writing, "collection", "a", "one")
        writing.flush()
        assert trail(records) == []


def test_a_reading_session_refuses_to_write(records):
    row = Audit(id=1, at=datetime.now(UTC), who="a", kind="collection", what="", why="")
    with pytest.raises(RuntimeError, match="only reads"), records.reading() as session:  # noqa: PT012
        session.add(row)
        session.commit()


def test_a_busy_database_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "PATIENCE_S", 0.05)
    records = package.open_records(tmp_path)
    other = sqlite3.connect(records.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="busy"), records.session() as session:
        package.note(session, "collection", "a", "one")
    other.close()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("53100", "the disk is full. Nothing was saved"),
        ("40001", "were busy"),
        ("40P01", "were busy"),
        ("53300", "were busy"),
        ("55P03", "were busy"),
        ("57P01", "cannot be reached"),
    ],
)
def test_what_a_server_calls_by_number_is_said_in_words(server, tmp_path, state, said):
    with postgres.database(server) as address:
        records = package.open_records(tmp_path, address)
        with pytest.raises(RecordsError, match=said), records.session() as session:  # noqa: PT012
            package.note(session, "collection", "a", "one")
            session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
        assert trail(records) == []


def test_a_session_inside_a_session_is_a_fault_of_ours_and_not_a_minute_s_wait(tmp_path):
    records = package.open_records(tmp_path)
    with (
        pytest.raises(RuntimeError, match="inside another"),
        records.session(),
        records.session(),
    ):
        pass
    with records.session() as session:  # the turn was given back
        package.note(session, "collection", "a", "one")
    assert trail(records) == [("a", "one")]
