"""How much more than Poisson counts many series vary, each by its own few months and by all."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hotspots.analysis.season import Floats, Labels

Flags = NDArray[np.bool_]
# Degrees of freedom that all series lend to the dispersion of each: at most so many, for
# real places are never as alike as those of one distribution.
LEAST_FREEDOM: Final = 4.0
MOST_FREEDOM: Final = 40.0
# Fewest series that a line of dispersion against mean count is drawn through.
LEAST_SERIES: Final = 20


def moderated_dispersion(counts: Floats, block: Labels) -> tuple[Floats, Floats]:
    """
    How much more than Poisson counts each series varies, and how surely that is known.

    Each series' own mean square is drawn towards a line through those of all (against
    their mean count), by as many degrees of freedom as make the scatter about the line no
    wider than chance: the moderated variances of G. K. Smyth (2004), Statistical Applications
    in Genetics and Molecular Biology 3.

    Parameters
    ----------
    counts
        Reports, months by series, none of them missing.
    block
        Label of each month, so that months of one label are taken for themselves; months of a
        negative one are left out.

    Returns
    -------
    dispersion, freedom
        φ of each series, 1 or more, and the degrees of freedom it rests on.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> counts = rng.negative_binomial(20, 1 / 3, (12, 200)).astype(float)
    >>> phi, _ = moderated_dispersion(counts, np.zeros(12, dtype=np.int64))
    >>> bool(2.5 < phi.mean() < 3.5)
    True
    """
    square, freedom, cells = (np.zeros(counts.shape[1]) for _ in range(3))
    for one in np.unique(block[block >= 0]):
        part = counts[block == one]
        total = part.sum()
        if len(part) < 2 or not total:  # noqa: PLR2004 - one month says nothing of spread
            continue
        share = part.sum(axis=0) / total
        expected = part.sum(axis=1)[:, None] * share
        off = np.where(expected > 0, (part - expected) ** 2 / np.maximum(expected, 1e-12), 0)
        square += off.sum(axis=0)
        freedom += np.where(share > 0, (len(part) - 1) * (1 - share), 0)
        cells += np.where(share > 0, len(part), 0)
    known = freedom > 0
    if not known.any():
        return np.ones(counts.shape[1]), np.full(counts.shape[1], MOST_FREEDOM)
    mean = counts[block >= 0].mean(axis=0)
    own = square[known] / freedom[known]
    prior = _line(mean, known, own, freedom[known])
    # Chance alone scatters a mean square by 2/d, and by 1/(d m) more where counts are few.
    chance = (2 + 1 / np.maximum(mean[known], 0.1)) / freedom[known]
    excess = np.average((own / prior[known] - 1) ** 2 - chance, weights=freedom[known])
    lent = float(np.clip(2 / excess, LEAST_FREEDOM, MOST_FREEDOM)) if excess > 0 else MOST_FREEDOM
    mixed = (lent * prior + square) / (lent + freedom)
    return np.maximum(mixed, 1.0), lent + freedom


def _line(mean: Floats, known: Flags, own: Floats, weight: Floats) -> Floats:
    """Dispersion to be expected of each series from its mean count: level or rising, from 1."""
    centre, middle = np.average(mean[known], weights=weight), np.average(own, weights=weight)
    spread = np.average((mean[known] - centre) ** 2, weights=weight)
    slope = 0.0
    if spread > 0 and known.sum() >= LEAST_SERIES:
        slope = np.average((mean[known] - centre) * (own - middle), weights=weight) / spread
    return np.asarray(np.maximum(middle + max(float(slope), 0.0) * (mean - centre), 1.0))


def widened(p: Floats, freedom: Floats) -> Floats:
    """Chances once it is counted in that the dispersion was estimated: Student's for normal."""
    score = stats.norm.isf(np.maximum(p, 1e-300) / 2)
    return np.asarray(2 * stats.t.sf(score, freedom))
