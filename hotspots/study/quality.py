"""How good the records of a dataset are, and where a person's word on them belongs."""

from collections.abc import Mapping

import pandas as pd

from hotspots.analysis.finding_kinds import NAMEABLE
from hotspots.analysis.quality_findings import quality as judge
from hotspots.settings import OPEN_SOURCES
from hotspots.study.dataset import Dataset, slug


def quality(
    dataset: Dataset, arrivals: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Every finding on the records of a dataset, and the counts by supplier and month.

    Both as of `analysis.quality_findings.quality`; arrivals as of `Library.arrivals`.
    """
    return judge(dataset.incidents, dataset.ward, arrivals, wards=dataset.wards)


def area_of(dataset: Dataset, finding: pd.Series) -> str:
    """
    Code of what a name for a finding stands for, as `action.named_breaks` keeps it.

    Open data is named by force; a partner's by source, which touches nothing that is compared
    without its reports.
    """
    if finding["source"] in OPEN_SOURCES:
        return f"force:{slug(str(finding['force']))}"
    codes = {name: code for code, name in dataset.sources.items()}
    return f"source:{codes.get(str(finding['source']), slug(str(finding['source'])))}"


def nameable(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings that may be a change of recording, which a person can name."""
    return findings.loc[findings["kind"].isin(NAMEABLE)]


def with_names(
    dataset: Dataset, findings: pd.DataFrame, said: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """
    Findings with what people said they were.

    Parameters
    ----------
    dataset
        What was judged.
    findings
        From `quality`.
    said
        Code of the area, and first month as 2022-07 → what it was.

    Returns
    -------
    findings
        The same rows, with `named`: empty where nobody said anything.
    """
    may_be = findings["kind"].isin(NAMEABLE)
    named = [
        said.get((area_of(dataset, row), str(row["first"])), "") if can else ""
        for can, (_, row) in zip(may_be, findings.iterrows(), strict=True)
    ]
    return findings.assign(named=pd.Series(named, index=findings.index, dtype="str"))
