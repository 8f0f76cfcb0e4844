"""
A selection joined to the data it asks about: where the page, the command line and
Python all begin, so that they cannot disagree.
"""

from hotspots.study.answers import (
    Found,
    certainty,
    find,
    in_its_ward,
    monthly_points,
    months,
    part,
    points,
    ward_months,
)
from hotspots.study.changes import News, news
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset, named_area, open_dataset, slug
from hotspots.study.patrol import Wanted, patrol

__all__ = [
    "Dataset",
    "Found",
    "News",
    "Study",
    "Wanted",
    "certainty",
    "find",
    "in_its_ward",
    "monthly_points",
    "months",
    "named_area",
    "news",
    "open_dataset",
    "part",
    "patrol",
    "points",
    "slug",
    "study",
    "ward_months",
]
