"""Coordinates that are hard on clustering: lattices at the radius itself, stacks and lines."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

RADII = (50.0, 75.0, 100.0, 150.0)


def _stacked(draw, xy):
    # Snapped points: incidents share places.
    if not len(xy):
        return xy
    rows = draw(st.lists(st.integers(0, len(xy) - 1), min_size=1, max_size=3 * len(xy)))
    return xy[rows]


@st.composite
def coordinates(draw, most=60):
    """Metres as published: to the centimetre, anywhere on the grid."""
    kind = draw(st.sampled_from(["lattice", "open", "line", "pythagoras"]))
    size = draw(st.integers(0, most))
    corner = np.array(
        draw(st.sampled_from([(0, 0), (370_000, 360_000), (655_999.99, 1_200_000.01)]))
    )
    if kind == "open":
        xy = draw(npst.arrays(np.int64, (size, 2), elements=st.integers(0, 60_000))) / 100
    elif kind == "line":
        xy = draw(npst.arrays(np.int64, (size, 2), elements=st.integers(0, 40))) * [25.0, 0.0]
    else:
        # Multiples of 5 m hold 3-4-5 triangles: many pairs at exactly 50, 75, 100 and 150 m.
        step = 25 if kind == "lattice" else 5
        xy = draw(npst.arrays(np.int64, (size, 2), elements=st.integers(0, 60))) * float(step)
    return _stacked(draw, np.round(xy + corner, 2))
