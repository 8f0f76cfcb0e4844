"""What the caches of the app are keyed by: the question asked and the sight of who asks."""

from collections.abc import Callable
from typing import Any, Final

from hotspots.analysis.patrol_edits import Edit
from hotspots.app import who
from hotspots.selection import Selection
from hotspots.study import Wanted
from hotspots.study.sight import Sight

# Wide enough for a meeting that compares a few views, small enough for a laptop.
QUESTIONS: Final = 32


def key(selection: Selection) -> str:
    """Text that differs exactly when the analysis does; of the reader's own role alone."""
    who.still(selection.role)
    return repr((selection.role, sorted(selection.question().to_query().items())))


_Functions = dict[str | type[Any], Callable[[Any], Any]]
BY_QUESTION: Final[_Functions] = {Selection: key}
BY_SIGHT: Final[_Functions] = {Sight: lambda sight: sight.words}
BY_CHANGE: Final[_Functions] = {
    Selection: key,
    Wanted: repr,
    Edit: lambda edit: (edit.kind, edit.geometry.wkb, edit.offset_m),
}
