"""
Longitude and latitude to British National Grid metres.

The conversion is pinned to Ordnance Survey's seven numbers (EPSG:1314, good to about
2 m) so that it gives the same metres on every machine, whatever grid files are
installed there, and never asks the network for one. Published street-level points are
rounded to places that lie 100 m apart; 2 m change no hotspot.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

_WGS84_TO_GRID: Final = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=446.448 +y=-125.157 "
    "+z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 +step +proj=tmerc +lat_0=49 "
    "+lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)

# Great Britain in degrees: Rockall's side of St Kilda to Lowestoft, Scilly to Shetland.
WEST: Final = -8.7
EAST: Final = 1.8
SOUTH: Final = 49.8
NORTH: Final = 60.9
# Nothing of Great Britain lies west of this between Land's End and Kintyre: Ireland does.
_IRISH_SEA: Final = -5.42
_IRELAND_SOUTH: Final = 51.2
_IRELAND_NORTH: Final = 55.25
# South of Dover and east of Hythe lies France.
_DOVER: Final = 51.1
_CALAIS: Final = 1.42

CENTIMETRE_DECIMALS: Final = 2


@cache
def _transformer() -> Transformer:
    return Transformer.from_pipeline(_WGS84_TO_GRID)


def to_grid(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Easting and northing in metres, to the centimetre.

    Examples
    --------
    >>> easting, northing = to_grid(np.array([-2.035057]), np.array([53.356089]))
    >>> float(easting[0]), float(northing[0])
    (397764.03, 384356.98)
    """
    easting, northing = _transformer().transform(longitude, latitude)
    return np.round(easting, CENTIMETRE_DECIMALS), np.round(northing, CENTIMETRE_DECIMALS)


def in_great_britain(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """
    Whether points in degrees can lie in England, Wales or Scotland.

    Examples
    --------
    >>> in_great_britain(np.array([-2.0, 0.0, 53.3, -5.9]), np.array([53.3, 0.0, -2.0, 54.6]))
    array([ True, False, False, False])
    """
    box = (longitude > WEST) & (longitude < EAST) & (latitude > SOUTH) & (latitude < NORTH)
    france = (latitude < _DOVER) & (longitude > _CALAIS)
    ireland = (longitude < _IRISH_SEA) & (latitude > _IRELAND_SOUTH) & (latitude < _IRELAND_NORTH)
    return box & ~france & ~ireland
