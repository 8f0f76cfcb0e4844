"""What plans of one kind have come to together: a random-effects mean of their outcomes."""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from hotspots.settings import INTERVAL


def pooled(plans: pd.DataFrame, *, by: str, coverage: float = INTERVAL) -> pd.DataFrame:
    """
    Mean outcome of each kind of plan, by DerSimonian and Laird's random effects.

    Plans of a kind need not share one effect: the mean is of the effects, and its
    interval widens by how far they differ. With few plans the t distribution is used.

    Parameters
    ----------
    plans
        Judged plans: `log`, `log_variance` (from `outcome.judge`) and a column to pool by.
    by
        That column, such as the kind of response.
    coverage
        Of the interval.

    Returns
    -------
    kinds
        Indexed by kind: `plans`; `ratio`, `low`, `high` (0.8 = 20% fewer reports than
        comparable places led to expect); `between` (standard deviation of the effects
        themselves, on the logarithm). Of one plan alone the interval is its own.

    References
    ----------
    R. DerSimonian and N. Laird (1986), Meta-analysis in clinical trials, Controlled
    Clinical Trials 7; `statsmodels.stats.meta_analysis.combine_effects`.

    Examples
    --------
    >>> plans = pd.DataFrame({"kind": ["lighting"] * 2, "log": [-0.2, -0.4],
    ...                       "log_variance": [0.01, 0.01]})
    >>> float(pooled(plans, by="kind")["ratio"].round(2).iloc[0])
    0.74
    """
    rows = {}
    known = plans.loc[plans["log"].notna() & (plans["log_variance"] > 0)]
    for kind, group in known.groupby(by, observed=True):
        rows[kind] = _pool(group["log"].to_numpy(), group["log_variance"].to_numpy(), coverage)
    columns = ["plans", "ratio", "low", "high", "between"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="float64")
    table.index.name = by
    return table.astype({"plans": "int64"})


def _pool(
    log: np.ndarray, variance: np.ndarray, coverage: float
) -> tuple[float, float, float, float, float]:
    n, tail = len(log), (1 - coverage) / 2
    if n == 1:
        mean, se, between = float(log[0]), float(np.sqrt(variance[0])), float("nan")
        reach = stats.norm.isf(tail) * se
    else:
        fit = combine_effects(log, variance, method_re="dl")
        mean, se = float(fit.mean_effect_re), float(fit.sd_eff_w_re)
        between = float(np.sqrt(max(0.0, fit.tau2)))
        reach = stats.t.isf(tail, n - 1) * se
    low, high = np.exp(mean - reach), np.exp(mean + reach)
    return n, float(np.exp(mean)), float(low), float(high), between
