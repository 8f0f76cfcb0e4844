"""A part of a page that is drawn again on its own, and says in a sentence what it cannot do."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

import streamlit as st

from hotspots.app import who
from hotspots.errors import DeniedError, HotspotsError
from hotspots.selection import Selection
from hotspots.views import wording

P = ParamSpec("P")
Draw = Callable[Concatenate[Selection, P], None]
_ONCE: Final = "drawn anew after a refusal"


def part(
    draw: Callable[Concatenate[Selection, P], None],
) -> Callable[Concatenate[Selection, P], None]:
    """
    Part of a page; a click in it draws only it again, so that nothing jumps.

    Whoever signed out, or lost their role, since the page was drawn has the whole page drawn
    anew: what stood around the part is not theirs any more either.
    """

    @st.fragment
    @wraps(draw)
    def drawn(selection: Selection, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            who.still(selection.role)
            draw(selection, *args, **kwargs)
        except DeniedError:
            if st.session_state.get(_ONCE):
                raise
            st.session_state[_ONCE] = True
            st.rerun()
        except HotspotsError as error:
            st.error(wording.plain(str(error)), icon=":material/error:")
        st.session_state.pop(_ONCE, None)

    return drawn
