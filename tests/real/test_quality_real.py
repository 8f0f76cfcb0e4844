"""What is known to be wrong with real files is found, and nothing is made up beside it."""

import pytest

from hotspots.analysis import finding_kinds as kinds
from hotspots.analysis.areas import assign
from hotspots.analysis.quality_findings import quality
from hotspots.views import quality_words
from tests.real import load

pytestmark = load.real


def judged(incidents):
    return quality(incidents, assign(incidents, load.wards()).code)


def test_cheshire_2025_has_nothing_that_misleads():
    findings, months = judged(load.cheshire())
    assert set(findings["severity"]) == {kinds.NOTE}
    assert months["asb"].sum() == 7248
    assert months["outside"].sum() == 23
    assert quality_words.headline(findings, months).endswith("was found.")


def test_northumbria_s_known_faults_are_found():
    findings, _ = judged(load.northumbria())
    by_kind = findings.set_index("kind")
    assert str(by_kind.loc[kinds.NEW_POINTS, "first"]) == "2022-07"  # the list was rebuilt
    assert by_kind.loc[kinds.NEW_POINTS, "share"] > 0.9
    assert str(by_kind.loc[kinds.MISSING, "first"]) == "2022-01"
    assert str(by_kind.loc[kinds.ODD, "first"]) == "2020-07"
    assert kinds.LEVEL in by_kind.index
    assert len(findings.loc[findings["severity"] != kinds.NOTE]) <= 6


def test_the_whole_country_is_judged_without_crying_wolf():
    findings, months = judged(load.national())
    forces = months.reset_index()["force"].nunique()
    serious = findings.loc[findings["severity"] == kinds.SERIOUS]
    print(findings.groupby(["severity", "kind"]).size())
    assert len(serious) < forces


@pytest.mark.parametrize("kind", sorted(quality_words._SAID))
def test_every_kind_is_a_kind(kind):
    assert kind in {value for value in vars(kinds).values() if isinstance(value, str)}
