"""Sentences about what is loaded, and what could not be placed."""

import pandas as pd

from hotspots.views.wording import count


def loaded(sources: pd.DataFrame, *, made_up: bool) -> str:
    """
    What is loaded, as the title of the Data page.

    Parameters
    ----------
    sources
        From `study.sources`.
    made_up
        Whether it is the illustrative sample.
    """
    rows, asb = int(sources["rows"].sum()), int(sources["asb_rows"].sum())
    partner = sources["force"] == sources["source"]
    suppliers = [
        count(number, noun)
        for number, noun in (((~partner).sum(), "force"), (partner.sum(), "partner"))
        if number or (noun == "force" and not partner.any())
    ]
    said = (
        f"{rows:,} records of {' and '.join(suppliers)} are loaded, {asb:,} of them antisocial "
        "behaviour"
    )
    return f"Made-up data: {said}" if made_up else said


def boundaries(vintage: int, wards: int, authorities: int, residents: int) -> str:
    """
    Which ward boundaries are in use.

    Examples
    --------
    >>> boundaries(2025, 137, 4, 137)
    '137 wards of 2025 in 4 local authorities; residents are loaded for 137 of them.'
    >>> boundaries(0, 0, 0, 0)
    'No ward boundaries are loaded: there are no ward names, outlines or rates.'
    """
    if not wards:
        return "No ward boundaries are loaded: there are no ward names, outlines or rates."
    known = f"residents are loaded for {residents:,} of them" if residents else "no residents"
    return (
        f"{count(wards, 'ward')} of {vintage} in "
        f"{count(authorities, 'local authority', 'local authorities')}; {known}."
    )


def unassigned(*, in_none: int, elsewhere: int, on_border: int, located: int) -> str:
    """
    How many rows a ward could not be given plainly.

    Examples
    --------
    >>> unassigned(in_none=23, elsewhere=0, on_border=2, located=7248)
    'Of 7,248 rows with a place, 23 lie in no ward and 2 on the border of two wards.'
    """
    said = [f"{in_none:,} lie in no ward", f"{on_border:,} on the border of two wards"]
    if elsewhere:
        said.insert(1, f"{elsewhere:,} in another force’s area")
    return f"Of {located:,} rows with a place, {', '.join(said[:-1])} and {said[-1]}."
