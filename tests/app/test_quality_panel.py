"""The quality report on the Data page, and the command that says the same."""

from typer.testing import CliRunner

from hotspots.__main__ import app as command_line
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
