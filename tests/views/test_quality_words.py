"""Every kind of finding has its sentences, with figures in them and nothing left open."""

import pandas as pd
import pytest

from hotspots.analysis import finding_kinds as kinds
from hotspots.views import quality_words

KINDS = [
    value
    for name, value in vars(kinds).items()
    if name.isupper() and isinstance(value, str) and value not in {*kinds.SEVERITIES, "instant"}
]


def finding(kind, **changed):
    month = pd.Period("2025-03", "M")
    row = {
        "severity": kinds.WATCH, "kind": kind, "source": "council", "force": "Cheshire",
        "first": month, "last": month + 1, "count": 30, "of": 120, "share": 0.25,
        "before": 0.02, "place": "=Desk", "east": 1.0, "north": 2.0, "key": "k",
    }  # fmt: skip
    return row | changed


def table(*rows):
    return pd.DataFrame(list(rows), columns=list(kinds.COLUMNS)).astype(kinds.COLUMNS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_does_and_what_to_do(kind):
    for said in quality_words.sentences(table(finding(kind)).iloc[0]):
        assert said.endswith(".")
        assert "{" not in said
        assert "nan" not in said
    unknown = table(finding(kind, before=float("nan"), share=float("nan"))).iloc[0]
    assert "nan" not in quality_words.sentences(unknown)[0]


def test_the_table_and_the_file_hold_every_finding_in_order():
    both = table(finding(kinds.UNPLACED), finding(kinds.DEFAULT_PLACE))
    shown = quality_words.shown(both)
    assert shown.index.tolist() == ["council"] * 2
    assert shown["Months"].tolist() == ["March to April 2025"] * 2
    file = quality_words.for_file(both)
    assert file["found"].tolist() == shown["What was found"].tolist()
    assert file["share"].tolist() == [0.25, 0.25]
    assert quality_words.shown(both.iloc[:0]).empty


def test_the_headline_counts_what_it_lists():
    months = pd.DataFrame(
        {"asb": [1, 2]},
        index=pd.MultiIndex.from_tuples(
            [("a", "f", pd.Period("2025-01")), ("b", "f", pd.Period("2025-01"))],
            names=["source", "force", "month"],
        ),
    )
    grave = table(finding(kinds.UNPLACED, severity=kinds.SERIOUS))
    said = quality_words.headline(grave, months)
    assert said == "2 months of 2 suppliers looked at: 1 serious fault, no things to keep in mind."
    assert "nothing that would mislead" in quality_words.headline(grave.iloc[:0], months)
    assert quality_words.headline(grave.iloc[:0], months.iloc[:0]).startswith("Nothing is loaded")
