"""The quality report on the Data page, and the command that says the same."""

from typer.testing import CliRunner

from hotspots.__main__ import app as command_line
from hotspots.action.named_breaks import NamedBreak, named_breaks
from hotspots.action.records import open_records
from tests.app.test_dashboard import empty_library, opened, words

__all__ = ["empty_library"]


def test_the_page_says_how_good_the_records_are():
    app = opened("data")
    assert not app.exception
    assert "How good the records are" in words(app)
    assert "36 months of 1 supplier looked at" in words(app)
    tables = " ".join(table.value.to_string() for table in app.get("arrow_data_frame") or app.table)
    assert "What rises or falls across this month may be recording" in tables


def test_the_command_says_the_same_and_writes_it(tmp_path):
    out = tmp_path / "quality.csv"
    said = CliRunner().invoke(command_line, ["quality", "--out", str(out)])
    assert said.exit_code == 0, said.output
    assert "36 months of 1 supplier looked at" in said.output
    text = out.read_text(encoding="utf-8-sig")
    assert "what_to_do" in text
    assert "every record loaded" in text
    wrong = CliRunner().invoke(command_line, ["quality", "--out", str(tmp_path / "a.exe")])
    assert wrong.exit_code == 1
    assert "ending in .csv" in wrong.output


def test_a_change_found_here_is_named_here_and_stands_on_charts_and_in_files(empty_library):
    app = opened("data")
    which = next(one for one in app.selectbox if one.label == "What was found")
    assert which.options
    month = which.value
    next(one for one in app.text_input if one.label == "In a few words").set_value("New <b>form")
    next(one for one in app.text_input if one.label == "Your name").set_value("A. Clerk")
    next(one for one in app.button if one.label == "Name it").click()
    app.run()
    assert not app.exception
    assert not app.error
    (named,) = store_of(empty_library)
    assert named.area.startswith("force:")
    assert f"{named.month:%B %Y}" in month
    tables = " ".join(table.value.to_string() for table in app.get("arrow_data_frame") or app.table)
    assert "Named" in tables
    when = opened("when")
    assert "1 step named" in " ".join(one.label for one in when.expander)
    out = empty_library / "quality.csv"
    said = CliRunner().invoke(
        command_line, ["quality", "--data", str(empty_library), "--out", str(out)]
    )
    assert said.exit_code == 0, said.output
    assert "Named: New <b>form" in said.output
    assert "New <b>form (a recording rule changed)" in out.read_text(encoding="utf-8-sig")


def store_of(folder):
    with open_records(folder).reading() as session:
        areas = [one.area for one in session.query(NamedBreak)]
    return named_breaks(open_records(folder), areas)
