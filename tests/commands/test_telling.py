"""What changed as a message: the page's words, as text and as HTML that cannot be made to run."""

import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action.named_breaks import KINDS, name_break
from hotspots.action.records import open_records
from hotspots.library import Library
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.study import news, open_dataset, study
from hotspots.study.early_warning import early_warning
from hotspots.views import morning, when_words


@pytest.fixture
def dataset(tmp_path):
    return open_dataset(Library(tmp_path))


def run(*words):
    return CliRunner().invoke(app, [*map(str, words)])


def test_the_command_says_what_the_page_says(dataset, tmp_path):
    asked = study(dataset, Selection.default(dataset.choices))
    done = run("news", "--data", tmp_path)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(when_words.changed(news(dataset, asked)))
    assert "Early warning" in done.stdout
    assert "**" not in done.stdout
    assert f"data {dataset.choices.data}" in done.stdout


def test_a_named_step_is_in_the_message(dataset, tmp_path):
    month = str(dataset.choices.period.last - 5)
    name_break(
        open_records(tmp_path), area="all", month=month, kind=KINDS[0], name="new rule", who="A"
    )
    out = tmp_path / "told.txt"
    assert run("news", "--data", tmp_path, "--out", out).exit_code == 0
    assert "(new rule)" in out.read_text(encoding="utf-8")


def test_what_is_written_is_a_page_of_its_own(dataset, tmp_path):
    out = tmp_path / "told.html"
    assert run("news", "--data", tmp_path, "--out", out).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<script|<img|<link|http", page)
    refused = run("news", "--data", tmp_path, "--out", tmp_path / "told.pdf")
    assert refused.exit_code == 1
    assert ".txt or .html" in refused.output


def test_names_from_data_are_text(dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    found, warned = news(dataset, asked), early_warning(dataset, asked)
    hostile = "<script>alert(1)</script>"
    place = {
        "street": hostile, "ward_name": "A & B", "count": 9, "radius_m": 100.0, "expected": 1.0,
        "recurrence": 500.0, "first": asked.selection.period.last,
        "last": asked.selection.period.last,
    }  # fmt: skip
    warned = type(warned)(warned.scan, pd.DataFrame([place]), warned.used)
    stamp = Stamp.of(asked.selection, dataset.choices, note="x")
    told = morning.message(found, warned, stamp)
    assert hostile in told.as_text()
    assert "<script" not in told.as_html()
    assert "A &amp; B" in told.as_html()
