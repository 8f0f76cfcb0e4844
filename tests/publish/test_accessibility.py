"""The accessibility statement says what the last run found."""

from datetime import date

from hotspots.publish import accessibility
from hotspots.publish.words import Words

WORDS = Words()
PAGE = {"name": "A “page”", "rules": 40, "faults": [], "reflows": True, "axe": "4.12"}


def test_nothing_tried_is_said_to_be_nothing(tmp_path):
    assert accessibility.statement(WORDS, tmp_path / "none.toml") == (WORDS("access.none"),)


def test_what_was_found_is_said(tmp_path):
    path = tmp_path / "run.toml"
    accessibility.write([PAGE, PAGE], date(2026, 1, 5), path)
    said = " ".join(accessibility.statement(WORDS, path))
    assert "2 pages on 5 January 2026 with axe-core 4.12" in said
    assert WORDS("access.no_faults") in said
    bad = PAGE | {"faults": ['color-contrast: "too" faint'], "reflows": False}
    accessibility.write([PAGE, bad], date(2026, 1, 5), path)
    said = " ".join(accessibility.statement(WORDS, path))
    assert 'color-contrast: "too" faint' in said
    assert "do not fit when made four times as big: A “page”" in said
    assert WORDS("access.no_faults") not in said


def test_the_statement_that_comes_along_is_of_a_run_over_every_public_page():
    text = accessibility.FILE.read_text(encoding="utf-8")
    for name in (*(f"Assembly, step {n}" for n in range(1, 6)), "Page to answer on"):
        assert f'name = "{name}"' in text
    assert 'name = "Page to take home"' in text
