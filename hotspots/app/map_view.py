"""A map on a page: drawn without a jump, and what is clicked on it as a number."""

from collections.abc import Callable
from typing import Any, Final

import folium
import streamlit as st
from streamlit_folium import st_folium

from hotspots.app import server
from hotspots.views.context import MapContext
from hotspots.views.maps import base_map
from hotspots.views.outlines import AREA, HOTSPOT

HEIGHT: Final = 560


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
        Called with a hotspot's or patrol area's number when one is clicked, before the page
        is run again: the place to set the state of other widgets.

    Returns
    -------
    clicked
        Number of what was clicked since the last run; nothing when the run has any
        other cause. Panning and zooming never cause a run.
    """
    server.publish(context)
    seen = f"{key}: last click"

    def changed() -> None:
        click = st.session_state.get(key) or {}
        number = _number(click)
        if number is not None and on_select is not None:
            on_select(number)

    click: dict[str, Any] = (
        st_folium(
            base_map(context),
            feature_group_to_add=layers,
            key=key,
            height=height,
            use_container_width=True,
            returned_objects=[],
            on_change=changed,
        )
        or {}
    )
    if not click or click.get("at") == st.session_state.get(seen):
        return None
    st.session_state[seen] = click.get("at")
    return _number(click)


def _number(click: dict[str, Any]) -> int | None:
    number = click.get(HOTSPOT, click.get(AREA))
    return number if isinstance(number, int) and number > 0 else None
