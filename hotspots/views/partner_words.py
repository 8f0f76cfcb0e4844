"""Sentences about partners' reports: how they are added, and what the others do not see."""

from typing import Final

ADDING: Final = (
    "Each month in a file replaces that partner’s month, whole. No police figure changes: "
    "unasked, only the police’s open data is counted, and the sidebar says whose else. A "
    "partner’s report belongs to the force of the ward it lies in. Callers and addresses are "
    "kept as a keyed hash only; the first rows are shown so that you can check the columns."
)


def postcodes(loaded: int) -> str:
    """
    Whether postcodes are loaded, and what for.

    Examples
    --------
    >>> postcodes(31_556)
    '31,556 postcodes are loaded; they place reports that have no better place.'
    """
    if not loaded:
        return "None are loaded: reports that have only a postcode cannot be put on the map."
    return f"{loaded:,} postcodes are loaded; they place reports that have no better place."
