"""
Who recorded the reports: which sources there are, and how they share study areas.

The police's open data says which force recorded a row. A partner's row belongs to the
police force in whose area it lies, by its ward, so that sources combine in one study
area. No figure changes when a partner's data is added: unasked, only the police's open
data is counted, over its own months.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from hotspots.analysis.areas import assign
from hotspots.analysis.places import gather_incidents
from hotspots.periods import Period
from hotspots.selection import QUALIFIERS
from hotspots.settings import ASB
from hotspots.tables.incidents import Incidents, coordinates, located
from hotspots.tables.wards import Wards

POLICE: Final = "police.uk"
NEAR_M: Final = 5_000
_UNSAID: Final = "unsaid"


def codes(incidents: Incidents) -> dict[str, str]:
    """Code and name of each source, the police's open data first, then by name."""
    names = [str(name) for name in incidents["source"].cat.categories]
    held = incidents["source"].cat.codes.to_numpy()
    present = [name for number, name in enumerate(names) if (held == number).any()]
    return {code(name): name for name in sorted(present, key=lambda each: (each != POLICE, each))}


def code(name: str) -> str:
    """
    Source's name as it stands in a link.

    Examples
    --------
    >>> code("police.uk"), code("Crewe Town Council")
    ('police-uk', 'crewe-town-council')
    """
    kept = "".join(letter if letter.isalnum() else " " for letter in name.casefold())
    return "-".join(kept.split())


def usual(sources: Mapping[str, str]) -> tuple[str, ...]:
    """Codes of the sources that are counted unasked: the police's open data, or else all."""
    police = tuple(each for each, name in sources.items() if name == POLICE)
    return police or tuple(sources)


def periods(incidents: Incidents) -> dict[str, Period]:
    """First to last month of each source, by its name."""
    held = incidents.groupby("source", observed=True)["month"].agg(["min", "max"])
    return {str(name): Period(row["min"], row["max"]) for name, row in held.iterrows()}


def qualifiers(incidents: Incidents) -> tuple[str, ...]:
    """What reports are said to be about, where any source says it."""
    held = incidents["qualifier"].cat.codes.to_numpy()
    if not (held >= 0).any():
        return ()
    return tuple(QUALIFIERS)


def rows_of(incidents: Incidents, names: Iterable[str]) -> pd.Series:
    """Which rows are of some sources, by name."""
    return incidents["source"].isin(list(names))


def about(incidents: Incidents, chosen: Iterable[str]) -> pd.Series:
    """
    Which rows are counted when reports are asked for by qualifier.

    Rows that are no antisocial behaviour carry none, and are never left away by it.
    """
    wanted = set(chosen)
    said = incidents["qualifier"].isin(wanted)
    if _UNSAID in wanted:
        said |= incidents["qualifier"].isna()
    return said | (incidents["category"] != ASB)


def in_forces(incidents: Incidents, wards: Wards, named: Mapping[str, str]) -> Incidents:
    """
    Incidents whose every row knows its police force.

    Parameters
    ----------
    incidents
        Of the library: a partner's rows have the source's own name instead of a force.
    wards
        Wards that say where a row lies.
    named
        Source → police force that its mapping names.

    Returns
    -------
    incidents
        A partner's row has the force that most of the police's rows in its local
        authority have; without a ward, that of the nearest police row within `NEAR_M`; then
        the force its mapping names, the one that most of the partner's other rows have or,
        failing all, the partner's own name.
    """
    partner = (incidents["source"] != POLICE).to_numpy()
    if not partner.any():
        return incidents
    force = incidents["force"].astype("str").to_numpy(dtype=object).copy()
    theirs, police = Incidents(incidents.loc[partner]), Incidents(incidents.loc[~partner])
    found = pd.Series(np.nan, index=theirs.index, dtype="object")
    if len(wards) and len(police):
        authority = assign(theirs, wards).code.astype("str").map(wards["authority"])
        found = authority.map(_force_of_authority(police, wards)).astype("object")
    _nearest(theirs, police, found)
    source = theirs["source"].astype("str")
    for name in source.unique():
        mine = source == name
        known = found[mine].dropna()
        most = known.value_counts().index[0] if len(known) else name
        found[mine] = found[mine].fillna(named.get(name, most))
    force[partner] = found.to_numpy()
    frame = gpd.GeoDataFrame(incidents.assign(force=pd.Categorical(force)))
    return Incidents(frame)


def _nearest(theirs: Incidents, police: Incidents, found: pd.Series) -> None:
    """Fill in the force of the nearest police row, where there is one near enough."""
    lost = Incidents(theirs.loc[found.isna() & theirs.geometry.notna()])
    known = located(police)
    if not len(lost) or not len(known):
        return
    places = gather_incidents(known)
    first = np.empty(len(places), dtype=np.intp)
    first[places.of_incident] = np.arange(len(known))
    far, nearest = KDTree(places.xy).query(coordinates(lost), distance_upper_bound=NEAR_M)
    near = np.isfinite(far)
    force = known["force"].astype("str").to_numpy()[first[np.asarray(nearest)[near]]]
    found.loc[lost.index[near]] = force


def _force_of_authority(police: Incidents, wards: Wards) -> pd.Series:
    """Force with most of the police's rows in each local authority."""
    authority = assign(police, wards).code.astype("str").map(wards["authority"])
    frame = pd.DataFrame({"authority": authority, "force": police["force"].astype("str")})
    tally = frame.dropna().groupby(["authority", "force"]).size().reset_index(name="rows")
    busiest = tally.sort_values(["rows", "force"])
    return busiest.drop_duplicates("authority", keep="last").set_index("authority")["force"]
