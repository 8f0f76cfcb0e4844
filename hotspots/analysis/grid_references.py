"""Names of places on the National Grid, as printed on maps and said over the radio."""

import re
from typing import Final

# Grid letters of the 500 km and 100 km squares; I is left out.
_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_SQUARE_CM: Final = 10_000_000
_EAST_SQUARES: Final = 7
_NORTH_SQUARES: Final = 13
_TEN_METRES: Final = re.compile(r"([A-HJ-Z])([A-HJ-Z])(\d{4})(\d{4})")


def grid_reference(easting: float, northing: float, *, digits: int = 4) -> str:
    """
    National Grid reference of the square that a point lies in.

    Parameters
    ----------
    easting, northing
        Metres on the British National Grid.
    digits
        Figures of each part, to 7: 4 name a square of 10 m, 5 of 1 m, 7 of 1 cm.

    Returns
    -------
    reference
        Two letters and two numbers without spaces; "E…N…" in whole metres for a point
        beyond the lettered squares.

    References
    ----------
    Ordnance Survey, A guide to coordinate systems in Great Britain, section 7.3.

    Examples
    --------
    >>> grid_reference(438700, 114800, digits=5)
    'SU3870014800'
    >>> grid_reference(370452.5, 355600)
    'SJ70455560'
    >>> grid_reference(-1, 2)
    'EM1N2'
    """
    step = 10 ** (7 - digits)
    east, across = divmod(round(easting * 100), _SQUARE_CM)
    north, up = divmod(round(northing * 100), _SQUARE_CM)
    if not (0 <= east < _EAST_SQUARES and 0 <= north < _NORTH_SQUARES):
        metre = min(step, 100)
        far = (round(metres * 100) // metre for metres in (easting, northing))
        return "E{}N{}".format(*far).replace("-", "M")
    # The false origin stands in square SV: two 500 km squares east of A, and three down.
    large = (3 - north // 5) * 5 + 2 + east // 5
    small = (4 - north % 5) * 5 + east % 5
    numbers = f"{across // step:0{digits}d}{up // step:0{digits}d}"
    return _LETTERS[large] + _LETTERS[small] + numbers


def coordinates(reference: str) -> tuple[float, float] | None:
    """
    Middle of the 10 m square that a grid reference names; nothing when it names none.

    Parameters
    ----------
    reference
        Two letters and two numbers of four figures, as `grid_reference` gives them.

    Examples
    --------
    >>> coordinates("SJ70455560"), coordinates("SU38701480"), coordinates("nowhere")
    ((370455.0, 355605.0), (438705.0, 114805.0), None)
    """
    read = _TEN_METRES.fullmatch(reference)
    if read is None:
        return None
    large, small = _LETTERS.index(read[1]), _LETTERS.index(read[2])
    east = (large % 5 - 2) * 5 + small % 5
    north = (3 - large // 5) * 5 + 4 - small // 5
    if not (0 <= east < _EAST_SQUARES and 0 <= north < _NORTH_SQUARES):
        return None
    return east * 100_000 + int(read[3]) * 10 + 5.0, north * 100_000 + int(read[4]) * 10 + 5.0
