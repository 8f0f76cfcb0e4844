"""Reports whose easting and northing may have been exchanged, as far as that can be told."""

from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis.areas import NEAREST_M, within
from hotspots.tables.incidents import Incidents, coordinates
from hotspots.tables.wards import Wards

# Reports that lie far off, and the share of them that the exchange brings home.
LEAST_FAR: Final = 5
LEAST_SHARE: Final = 0.5
COLUMNS: Final = ("source", "force", "first", "last", "home", "far")


def exchanged(reports: Incidents, ward: pd.Series, wards: Wards) -> pd.DataFrame:
    """
    Suppliers of whom many reports lie far from every ward, and in one when exchanged.

    A report that lies in a ward either way cannot be told from a sound one, and one just
    outside is an ordinary border case; neither is counted. What is left is far from
    home as it stands and at home once its two numbers change places, which half of the far
    ones seldom are by chance.

    Parameters
    ----------
    reports
        Located reports.
    ward
        Code of the ward each lies in, on the same index; missing where none.
    wards
        The wards loaded.

    Returns
    -------
    suppliers
        One row each: `source`, `force`, `first` and `last` month, `home` (reports far off
        that the exchange brings into a ward), `far` (all that lie more than 5 km from
        any); only where there are five or more, and half or more.
    """
    lost = reports.loc[ward.loc[reports.index].isna().to_numpy()]
    xy = coordinates(Incidents(lost))
    far = _far(xy, wards)
    home = np.zeros(len(xy), dtype=np.bool_)
    home[within(_points(xy[:, ::-1]), wards.geometry.to_numpy())[0]] = True
    table = pd.DataFrame(
        {
            "source": lost["source"].astype("str").to_numpy(),
            "force": lost["force"].astype("str").to_numpy(),
            "month": lost["month"].array,
            "far": far,
            "home": far & home,
        }
    )
    table = table.loc[table["far"]]
    tally = table.groupby(["source", "force"], as_index=False).agg(
        first=("month", "min"), last=("month", "max"), home=("home", "sum"), far=("far", "sum")
    )
    many = (tally["home"] >= LEAST_FAR) & (tally["home"] >= LEAST_SHARE * tally["far"])
    return tally.loc[many, list(COLUMNS)].reset_index(drop=True)


def _far(xy: NDArray[np.float64], wards: Wards) -> NDArray[np.bool_]:
    near = np.zeros(len(xy), dtype=np.bool_)
    shapes = wards.geometry.to_numpy()
    _, point = shapely.STRtree(_points(xy)).query(shapes, predicate="dwithin", distance=NEAREST_M)
    near[point] = True
    return ~near


def _points(xy: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.points(xy), dtype=object)
