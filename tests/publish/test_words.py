"""The words the public reads: complete, plain enough for a child of eleven, and replaceable."""

import re
import string
import tomllib

import pytest
import textstat

from hotspots.errors import SelectionError
from hotspots.publish.words import FOLDER, Words, languages

CATALOGUE = tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))
NAMES = {"sheet", "language", "table", "side", "quarter"}
FILLED = {"area": "Crewe", "ward": "Crewe", "most": "July", "least": "March", "authority": "Halton"}
# A sixth-year reader is eleven: grade is age less five.
GRADE = 11 - 5


def sentences(section):
    """Whole sentences of a section; headings, names and sources are not read as prose."""
    found = []
    for key, text in CATALOGUE[section].items():
        filled = re.sub(r"\{(\w+)\}", lambda name: FILLED.get(name[1], "ten"), text)
        if not key.endswith("source") and filled.endswith((".", "?")):
            found.append(filled)
    return found


SECTIONS = [
    section for section in CATALOGUE if section not in NAMES and len(sentences(section)) > 1
]


def test_the_whole_text_reads_at_eleven():
    text = " ".join(sentence for section in SECTIONS for sentence in sentences(section))
    assert len(text.split()) > 600
    assert textstat.automated_readability_index(text) <= GRADE
    assert textstat.flesch_kincaid_grade(text) <= GRADE
    assert textstat.coleman_liau_index(text) <= GRADE + 1


@pytest.mark.parametrize("section", [s for s in SECTIONS if s != "steps"])
def test_no_part_is_much_harder(section):
    text = " ".join(sentences(section))
    assert textstat.automated_readability_index(text) <= GRADE + 1, text
    longest = max(sentences(section), key=lambda one: len(one.split()))
    for sentence in re.split(r"(?<=[.?!]) ", longest):
        assert len(sentence.split()) <= 24, sentence


def test_the_measure_tells_hard_words_from_plain_ones():
    hard = (
        "Notwithstanding methodological limitations, disaggregated administrative statistics "
        "necessitate circumspect interpretation by organisational stakeholders."
    )
    assert textstat.automated_readability_index(hard) > 2 * GRADE


def test_another_language_is_a_file(tmp_path):
    """A pseudo-language of reversed letters: every sentence can be said in it."""

    def backwards(text):
        parts = re.split(r"(\{\w+\})", text)
        return "".join(p if p.startswith("{") else p[::-1] for p in reversed(parts))

    lines = ['[language]\ncode = "xx"\nname = "Backwards"\n']
    for section, entries in CATALOGUE.items():
        if section == "language":
            continue
        lines.append(f"[{section}]")
        for key, text in entries.items():
            said = backwards(text).replace("\\", "").replace('"', '\\"')
            lines.append(f'{key} = "{said}"')
    (tmp_path / "xx.toml").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "yy.toml").write_text('[page]\nnext = "Nesaf"\n', encoding="utf-8")
    assert languages(tmp_path) == {"xx": "Backwards", "yy": "yy"}
    other = Words("xx", folder=tmp_path)
    for section, entries in CATALOGUE.items():
        for key, text in entries.items():
            fields = [name for _, name, _, _ in string.Formatter().parse(text) if name]
            said = other(f"{section}.{key}", **dict.fromkeys(fields, "Crewe"))
            assert said.count("Crewe") == len(fields)
    assert other("page.next") == "txeN"


def test_what_is_not_translated_is_said_in_english(tmp_path):
    (tmp_path / "yy.toml").write_text('[page]\nnext = "Nesaf"\n', encoding="utf-8")
    words = Words("yy", folder=tmp_path)
    assert words("page.next") == "Nesaf"
    assert words("page.back") == "Back"


@pytest.mark.parametrize("language", ["fr", "../en", "en.toml", ""])
def test_a_language_that_is_not_there_is_one_sentence(language):
    with pytest.raises(SelectionError, match="There are no words in"):
        Words(language)


def test_a_broken_file_is_one_sentence(tmp_path):
    (tmp_path / "zz.toml").write_text("[page\n", encoding="utf-8")
    with pytest.raises(SelectionError, match=r"zz.toml cannot be read as words"):
        Words("zz", folder=tmp_path)
