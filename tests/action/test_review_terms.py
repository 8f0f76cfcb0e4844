"""The words that ship are sound; changed ones are checked before they are kept."""

import pytest

from hotspots.action import review_terms
from hotspots.errors import SelectionError

SOUND = '[[question]]\nkey = "crime"\nasks = "Crime?"\nterms = ["hit", "threat*"]\n'


def test_what_ships_is_sound_and_covers_the_three_questions(tmp_path):
    found = review_terms.questions(tmp_path)
    assert [one.key for one in found] == ["crime", "qualifier", "risk"]


def test_a_changed_file_is_kept_with_the_data(tmp_path):
    review_terms.keep(tmp_path, SOUND)
    (one,) = review_terms.questions(tmp_path)
    assert one.terms == ("hit", "threat*")
    with pytest.raises(SelectionError):
        review_terms.keep(tmp_path, "[[question]]")
    assert review_terms.text(tmp_path) == SOUND


@pytest.mark.parametrize(
    "written",
    [
        "", "= =", "question = 3", "question = [3]", SOUND + SOUND, "x" * 20_001,
        SOUND.replace('"crime"', '"a b"'), SOUND.replace('"hit"', '"*"'),
        SOUND.replace('"hit"', "3"), SOUND + 'lacks = "name"\n', SOUND + "any_text = true\n",
        SOUND.replace('["hit", "threat*"]', "[]"), SOUND.replace('"Crime?"', '" "'),
        SOUND.replace('"hit"', '"h*t"'), SOUND + "more = " + "[" * 3_000,
    ],
)  # fmt: skip
def test_what_is_unsound_is_refused_in_a_sentence(written):
    with pytest.raises(SelectionError, match=r"\.$"):
        review_terms.parse(written)
