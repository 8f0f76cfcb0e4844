"""A map on a page: drawn without a jump, and what is clicked on it as a number."""

from collections.abc import Callable
from typing import Any, Final

import folium
import streamlit as st
from streamlit_folium import st_folium

from hotspots.app import server
from hotspots.views.context import MapContext
from hotspots.views.maps import base_map
from hotspots.views.outlines import AREA, HOTSPOT, PLAN

HEIGHT: Final = 560
_MOST_CORNERS: Final = 200


def show(
    context: MapContext,
    layers: folium.FeatureGroup,
    *,
    key: str = "map",
    height: int = HEIGHT,
    on_select: Callable[[int], None] | None = None,
) -> int | None:
    """
    Draw the map.

    Parameters
    ----------
    context, layers
        From `views.context` and `views.maps.layers`.
    key
        Names the map; two on one page need two.
    height
        In pixels.
    on_select
        Called with a hotspot's, patrol area's or plan's number when one is clicked, before the page
        is run again: the place to set the state of other widgets.

    Returns
    -------
    clicked
        Number of what was clicked since the last run; nothing when the run has any
        other cause. Panning and zooming never cause a run.
    """
    seen = f"{key}: last click"

    def changed() -> None:
        click = st.session_state.get(key) or {}
        number = _number(click)
        if number is not None and on_select is not None:
            on_select(number)

    click = _drawn(context, layers, key=key, height=height, on_change=changed)
    if not click or click.get("at") == st.session_state.get(seen):
        return None
    st.session_state[seen] = click.get("at")
    return _number(click)


def _number(click: dict[str, Any]) -> int | None:
    number = click.get(HOTSPOT, click.get(AREA, click.get(PLAN)))
    return number if isinstance(number, int) and number > 0 else None


def draw_on(
    context: MapContext, layers: folium.FeatureGroup, *, key: str, height: int = HEIGHT
) -> None:
    """
    Draw a map on which the reader draws an outline; `outline_of` says which.

    Parameters
    ----------
    context, layers, key, height
        As for `show`; the layers with `drawing=outline_of(key)`.
    """
    kept = _kept(key)

    def changed() -> None:
        drawn: Any = (st.session_state.get(key) or {}).get("drawn")
        try:
            corners = [(float(north), float(east)) for north, east in drawn[:_MOST_CORNERS]]
        except (TypeError, ValueError):  # a browser may send anything
            return
        st.session_state[kept] = corners

    _drawn(context, layers, key=key, height=height, on_change=changed)


def outline_of(key: str) -> list[tuple[float, float]]:
    """Corners (latitude, longitude) that were drawn on a map; empty before it is closed."""
    corners: list[tuple[float, float]] = st.session_state.get(_kept(key), [])
    return corners


def _kept(key: str) -> str:
    return f"{key}: outline"


def _drawn(
    context: MapContext,
    layers: folium.FeatureGroup,
    *,
    key: str,
    height: int,
    on_change: Callable[[], None],
) -> dict[str, Any]:
    server.publish(context)
    answer: dict[str, Any] | None = st_folium(
        base_map(context),
        feature_group_to_add=layers,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        on_change=on_change,
    )
    return answer or {}
