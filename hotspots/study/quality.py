"""How good the records of a dataset are."""

import pandas as pd

from hotspots.analysis.quality_findings import quality as judge
from hotspots.study.dataset import Dataset


def quality(dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Every finding on the records of a dataset, and the counts by supplier and month.

    Both as of `analysis.quality_findings.quality`.
    """
    return judge(dataset.incidents, dataset.ward)
