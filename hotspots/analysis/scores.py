"""How good a choice of areas was, in the measures the field reports."""

_NONE = float("nan")


def hit_rate(caught: float, later: float) -> float:
    """
    Share of later incidents that fell inside the areas.

    Parameters
    ----------
    caught, later
        Later incidents inside the areas, and in the whole study area.

    Returns
    -------
    share
        Between 0 and 1; not a number when there were no later incidents.

    References
    ----------
    S. Chainey, L. Tompson & S. Uhlig (2008), The utility of hotspot mapping for
    predicting spatial patterns of crime, Security Journal 21.

    Examples
    --------
    >>> hit_rate(25, 100)
    0.25
    """
    return caught / later if later else _NONE


def pai(caught: float, later: float, area_m2: float, study_area_m2: float) -> float:
    """
    Predictive accuracy index: hit rate over the share of the ground that was chosen.

    PAI = (n / N) / (a / A)

    Parameters
    ----------
    caught, later
        Later incidents inside the areas, n, and in the whole study area, N.
    area_m2, study_area_m2
        Ground of the areas, a, and of the study area, A; m².

    Returns
    -------
    index
        1 = as good as any ground of that size; it rises as areas shrink, so compare
        only choices of the same number and size. Not a number when nothing was chosen,
        or nothing came later.

    References
    ----------
    S. Chainey, L. Tompson & S. Uhlig (2008), Security Journal 21.

    Examples
    --------
    >>> pai(25, 100, area_m2=1e6, study_area_m2=50e6)
    12.5
    >>> pai(100, 100, area_m2=50e6, study_area_m2=50e6)
    1.0
    """
    ground = area_m2 / study_area_m2 if study_area_m2 else 0.0
    return hit_rate(caught, later) / ground if ground else _NONE


def pei(caught: float, best: float) -> float:
    """
    Prediction efficiency index: incidents caught, of those that the best choice would have.

    PEI* = n / n_best, with the best choice of the same number of areas of the same size.

    Parameters
    ----------
    caught, best
        Later incidents inside the areas, and inside the best areas with hindsight.

    Returns
    -------
    share
        1 = as good as hindsight; not a number when hindsight caught nothing.

    References
    ----------
    J. Hunt (2016), Do crime hot spots move? Exploring the effects of the modifiable
    areal unit problem and modifiable temporal unit problem on crime hot spot stability,
    American University.

    Examples
    --------
    >>> pei(60, 80)
    0.75
    """
    return caught / best if best else _NONE
