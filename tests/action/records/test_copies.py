from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text, update
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action import records as package
from hotspots.action import visits
from hotspots.action.records import Audit, copies, engines, migrating
from hotspots.action.records.everything import tables
from hotspots.errors import RecordsError
from tests import postgres
from tests.action.records.log_visits import entry

ODD = "“quotes”, 😀, =1+1, '); DROP TABLE visits; --"


def contents(records):
    """Every row of every table, in order."""
    with records.reading() as session:
        return {
            table.name: session.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in tables().sorted_tables
        }


def filled(records, many=7):
    told = [entry(n, seen=ODD, arrests=n % 3, outline="POLYGON EMPTY") for n in range(many)]
    ids = [visits.new_id() for _ in told]
    visits.log(records, told, by="PC Green", ids=ids)
    visits.change(records, ids[0], 1, by="Sgt Hall", why="miscounted", officers=2)
    visits.withdraw(records, ids[1], 1, by="Sgt Hall", why="another area")
    return contents(records)


def test_a_restored_backup_equals_the_original(records, tmp_path):
    original = filled(records)
    copy = copies.backup(records, tmp_path / "backup.sqlite")
    visits.log(records, [entry(50)], by="PC Later")
    before = copies.restore(records, copy, by="Admin")
    after = contents(records)
    line = after["audit"].pop()
    assert after == original
    assert (line.who, line.what) == ("Admin", "Records restored from backup.sqlite")
    assert copies.check(records) == []
    # What stood before can be had back too.
    copies.restore(records, before, by="Admin")
    assert "PC Later" in set(visits.visits(records)["logged_by"])
    assert visits.log(records, [entry(51)], by="PC Green") == 1


def test_a_backup_moves_from_file_to_server_and_back(server, tmp_path):
    file = package.open_records(tmp_path / "one")
    original = filled(file)
    first = copies.backup(file, tmp_path / "first.sqlite")
    with postgres.database(server) as address:
        shared = package.open_records(tmp_path / "two", address)
        copies.restore(shared, first, by="Admin")
        moved = contents(shared)
        assert moved["audit"].pop().who == "Admin"
        assert moved == original
        assert copies.check(shared) == []
        with pytest.raises(Exception, match="only be added to"), shared.session() as session:
            session.execute(text("DELETE FROM audit"))
        second = copies.backup(shared, tmp_path / "second.sqlite")
        shared.engine.dispose()
    other = package.open_records(tmp_path / "three")
    copies.restore(other, second, by="Admin")
    back = contents(other)
    assert {**back, "audit": back["audit"][:-2]} == original


def test_a_backup_while_others_write_is_one_state(tmp_path):
    from tests.action.records.test_many_at_once import start

    process = start(tmp_path, None, "busy", threads=4, each=50)
    process.stdout.readline()
    records = package.open_records(tmp_path)
    copy = copies.backup(records, tmp_path / "backup.sqlite")
    assert process.communicate(timeout=60)[1] == b""
    other = package.open_records(tmp_path / "other")
    copies.restore(other, copy, by="Admin")
    held = contents(other)
    assert 0 < len(held["visits"]) == len(held["audit"]) - 1
    assert len(visits.visits(records)) == 200


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, "other"])
def test_what_is_no_backup_changes_nothing(records, tmp_path, content):
    original = filled(records)
    path = tmp_path / "backup.sqlite"
    if content == "other":
        import sqlite3

        sqlite3.connect(path).execute("CREATE TABLE other (a)").connection.close()
    else:
        path.write_bytes(content)
    with pytest.raises(RecordsError, match="not a whole backup"):
        copies.restore(records, path, by="Admin")
    with pytest.raises(RecordsError, match="is not there"):
        copies.restore(records, tmp_path / "none", by="Admin")
    assert contents(records) == original


def test_a_backup_never_overwrites(records, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("mine")
    with pytest.raises(RecordsError, match="exists"):
        copies.backup(records, path)
    assert path.read_text() == "mine"


def test_steps_down_and_up_again_keep_what_they_do_not_touch(records):
    original = filled(records)
    for step in list(migrating.steps().walk_revisions())[:-1]:  # newest first, to the trail
        with engines.changing_shape(records.engine) as connection:
            migrating.downgrade(connection, step.down_revision)
    with records.reading() as session:
        assert session.scalars(select(Audit).order_by(Audit.id)).all()
        assert package.broken_at(session) is None
    with engines.changing_shape(records.engine) as connection:
        migrating.upgrade(connection)
    after = contents(records)
    assert after["audit"] == original["audit"]
    assert after["visits"] == []
    assert visits.log(records, [entry(60)], by="PC Green") == 1


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path):
    records = package.open_records(tmp_path / "old")
    filled(records)
    with engines.changing_shape(records.engine) as connection:
        migrating.downgrade(connection, "r001")
    copy = tmp_path / "old.sqlite"
    copies._copy_pages(records.path, copy)
    other = package.open_records(tmp_path / "new")
    copies.restore(other, copy, by="Admin")
    assert visits.visits(other).empty
    assert len(contents(other)["audit"]) == 9 + 1


def run(*arguments, code=0):
    done = CliRunner().invoke(app, ["records", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_commands_back_up_restore_and_check(tmp_path):
    data, copy = tmp_path / "data", tmp_path / "copy.sqlite"
    assert "no records yet" in run("check", "--data", data)
    assert "nothing to back up" in run("backup", copy, "--data", data, code=1)
    assert not data.exists()
    records = package.open_records(data)
    original = filled(records)
    assert "backed up" in run("backup", copy, "--data", data)
    visits.log(records, [entry(80)], by="PC Later")
    run("restore", copy, "--data", data, "--by", "Insp Bell", "--yes")
    after = contents(records)
    assert after["audit"].pop().who == "Insp Bell"
    assert after == original
    assert run("check", "--data", data) == "The records are whole.\n"
    with records.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_refuses_update"))
        connection.execute(text("UPDATE audit SET who = 'x' WHERE id = 3"))
    assert "line 3" in run("check", "--data", data, code=1)


def test_a_damaged_file_is_found(tmp_path):
    records = package.open_records(tmp_path)
    visits.log(records, [entry(n, seen="x" * 900) for n in range(60)], by="PC Green")
    records.engine.dispose()
    text_ = records.path.read_bytes()
    middle = len(text_) // 2
    records.path.write_bytes(text_[:middle] + b"\xff" * 8192 + text_[middle + 8192 :])
    (said,) = copies.check(records)
    assert "damaged" in said


def test_visits_keep_their_minutes(records):
    filled(records, many=3)
    held = visits.visits(records, withdrawn=True)
    assert (held["ended"] - held["started"] == timedelta(minutes=15)).all()


def sample(column, number):
    """A value that a column takes."""
    if column.nullable:
        return None
    values = {
        "INTEGER": number,
        "DATETIME": datetime(2025, 6, 1, tzinfo=UTC),
        "DATE": date(2025, 6, 1),
        "JSON": {"a": [number]},
    }
    return values.get(str(column.type), f"x{number}")


def test_rows_that_name_later_rows_move_between_databases(server, tmp_path):
    task = tables().tables["task"]
    file = package.open_records(tmp_path / "one")
    with file.session() as session:
        for table in (tables().tables["plan"], task):
            for number in (1, 2):
                row = {column.name: sample(column, number) for column in table.columns}
                row |= {"plan_id": 1} if table is task else {}
                session.execute(insert(table), [row])
        session.execute(update(task).where(task.c.id == 1).values(after=2))
    first = copies.backup(file, tmp_path / "first.sqlite")
    with postgres.database(server) as address:
        shared = package.open_records(tmp_path / "two", address)
        copies.restore(shared, first, by="Admin")
        assert contents(shared)["task"] == contents(file)["task"]
        second = copies.backup(shared, tmp_path / "second.sqlite")
        with shared.session() as session:
            row = {column.name: sample(column, 1) for column in task.columns if column.name != "id"}
            session.execute(insert(task).values(row | {"plan_id": 1}))
        assert [row.id for row in contents(shared)["task"]] == [1, 2, 3]
        shared.engine.dispose()
    other = package.open_records(tmp_path / "three")
    copies.restore(other, second, by="Admin")
    assert contents(other)["task"] == contents(file)["task"]
