"""Minutes of a partnership meeting."""

from collections.abc import Sequence
from datetime import date

from hotspots.publish.papers import Paper, Part


def minutes(held_on: date, place: str, parts: Sequence[Part], note: str) -> Paper:
    """
    What a meeting looked at and decided, as a paper.

    Parameters
    ----------
    held_on
        The day.
    place
        Name of the study area.
    parts
        In the order of the agenda.
    note
        What it was made from: selection, data, version.
    """
    title = f"Partnership meeting, {place}, {held_on.day} {held_on:%B %Y}"
    return Paper(title, held_on, parts, note)
