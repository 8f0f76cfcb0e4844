"""Wards in up to five shades, few to many: values in, classes and a legend's words out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

MOST_CLASSES: Final = 5


@dataclass(frozen=True)
class Shade:
    """
    A figure for each ward, to be shown as shading.

    Attributes
    ----------
    title
        What the figure is, with its unit: "Reports per 1,000 residents".
    values
        The figure by ward code; wards that have none are left unshaded.
    decimals
        Digits after the point, in the legend and beside a ward's name.
    """

    title: str
    values: Mapping[str, float]
    decimals: int = 0

    def as_data(self) -> dict[str, object]:
        """Class, and figure as text, of each ward, with the legend's labels."""
        known = {code: float(v) for code, v in self.values.items() if math.isfinite(v)}
        uppers = class_bounds(list(known.values()), decimals=self.decimals)
        return {
            "title": self.title,
            "labels": class_labels(list(known.values()), uppers, decimals=self.decimals),
            "classes": {
                code: int(np.searchsorted(uppers, round(value, self.decimals)))
                for code, value in known.items()
            },
            "texts": {code: f"{value:,.{self.decimals}f}" for code, value in known.items()},
        }


def class_bounds(values: list[float], *, decimals: int) -> list[float]:
    """
    Upper bounds of at most five classes that hold about equally many wards.

    Examples
    --------
    >>> class_bounds([1, 2, 3, 4, 5, 6, 7, 8, 9, 100], decimals=0)
    [2.0, 4.0, 6.0, 8.0, 100.0]
    >>> class_bounds([], decimals=0)
    []
    """
    if not values:
        return []
    rounded = np.round(np.asarray(values, dtype=float), decimals)
    shares = np.arange(1, MOST_CLASSES + 1) / MOST_CLASSES
    cuts = np.quantile(rounded, shares, method="inverted_cdf")
    return [float(cut) for cut in np.unique(cuts)]


def class_labels(values: list[float], uppers: list[float], *, decimals: int) -> list[str]:
    """
    What each class spans, as the values in it do.

    Examples
    --------
    >>> class_labels([1, 2, 5, 9], [2.0, 9.0], decimals=0)
    ['1 to 2', '5 to 9']
    """
    rounded = np.round(np.asarray(values, dtype=float), decimals)
    step = np.searchsorted(np.asarray(uppers), rounded)
    labels = []
    for number in range(len(uppers)):
        inside = rounded[step == number]
        low, high = f"{inside.min():,.{decimals}f}", f"{inside.max():,.{decimals}f}"
        labels.append(low if low == high else f"{low} to {high}")
    return labels
