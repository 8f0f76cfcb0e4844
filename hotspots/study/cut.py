"""The part of a dataset that one selection is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from hotspots.analysis import counts
from hotspots.errors import SelectionError
from hotspots.selection import EVERYWHERE, Selection
from hotspots.settings import ASB
from hotspots.study.dataset import Dataset, slug
from hotspots.study.sources import about
from hotspots.tables.incidents import Incidents, asb, located
from hotspots.tables.wards import Wards


@dataclass(frozen=True, eq=False)
class Study:
    """
    The part of the data that one selection is about.

    Attributes
    ----------
    selection
        The question.
    crime, asb
        Incidents of every category, and of antisocial behaviour, in the study area
        and period; rows without a place only where the area is a whole force.
    wards
        Wards of the study area.
    ward
        Code of each incident's ward.
    forces
        Forces the study area lies in.
    status
        What was supplied, by month.
    """

    selection: Selection
    crime: Incidents
    asb: Incidents
    wards: Wards
    ward: pd.Series
    forces: tuple[str, ...]
    status: pd.Series

    @property
    def wider(self) -> tuple[str, ...]:
        """Code of the study area and what it is part of, and of the sources that are counted."""
        forces = (f"force:{slug(force)}" for force in self.forces)
        sources = (f"source:{code}" for code in self.selection.sources)
        return tuple(dict.fromkeys((self.selection.area, EVERYWHERE, *forces, *sources)))

    @property
    def months_held(self) -> int:
        """Months of the period with any supply."""
        return int((self.status != counts.MISSING).sum())

    @property
    def ground_m2(self) -> float:
        """Area of the study area's wards, m²; not a number when none are loaded."""
        return float(self.wards.area.sum()) if len(self.wards) else float("nan")

    @cached_property
    def without_place(self) -> int:
        """ASB incidents that have no place, and so are in no hotspot and no ward."""
        return len(self.asb) - len(self.located)

    @cached_property
    def in_no_ward(self) -> int:
        """Located ASB incidents that lie in no loaded ward."""
        return int(self.ward.loc[self.located.index].isna().sum())

    @cached_property
    def other(self) -> Incidents:
        """Incidents of every other category."""
        return Incidents(self.crime.loc[self.crime["category"] != ASB])

    @cached_property
    def located(self) -> Incidents:
        """ASB incidents that have a place: what is clustered."""
        return located(self.asb)


def study(dataset: Dataset, selection: Selection) -> Study:
    """
    The part of a dataset that a selection is about.

    Raises
    ------
    SelectionError
        When the study area is not among the loaded ones.
    """
    areas = dataset.choices.areas
    dataset = dataset.only(selection.sources)
    rows, wards, forces = _area(dataset, selection.area, areas)
    return _cut(dataset, selection, inside=rows, wards=wards, forces=forces)


def inside(dataset: Dataset, area: str) -> pd.Series:
    """
    Rows of a dataset that lie in a study area.

    Raises
    ------
    SelectionError
        When the study area is not among the loaded ones.
    """
    return _area(dataset, area, dataset.choices.areas)[0]


def _cut(
    dataset: Dataset,
    selection: Selection,
    *,
    inside: pd.Series,
    wards: Wards,
    forces: tuple[str, ...],
) -> Study:
    month = dataset.incidents["month"]
    in_period = (month >= selection.period.first) & (month <= selection.period.last)
    if selection.qualifiers:
        in_period &= about(dataset.incidents, selection.qualifiers)
    crime = Incidents(dataset.incidents.loc[inside & in_period])
    return Study(
        selection=selection,
        crime=crime,
        asb=asb(crime),
        wards=wards,
        ward=dataset.ward,
        forces=forces,
        status=counts.supply(dataset.incidents, selection.period, forces=forces),
    )


def _area(
    dataset: Dataset, area: str, areas: Mapping[str, str]
) -> tuple[pd.Series, Wards, tuple[str, ...]]:
    """Rows inside, wards inside, and forces of a study area."""
    incidents, wards = dataset.incidents, dataset.wards
    if area not in areas:
        raise SelectionError(
            f"“{area}” is not a study area of the loaded data; "
            "`python -m hotspots areas` lists them."
        )
    if area == EVERYWHERE:
        everyone = tuple(incidents["force"].cat.categories)
        return pd.Series(data=True, index=incidents.index), wards, everyone
    if area.startswith("force:"):
        force = areas[area]
        own = wards["authority"].map(dataset.force_of_authority) == force
        return incidents["force"] == force, Wards(wards.loc[own]), (force,)
    column, code = area.split(":", 1)
    chosen = wards["authority"] == code if column == "authority" else wards.index == code
    part = Wards(wards.loc[chosen])
    forces = part["authority"].map(dataset.force_of_authority).dropna().unique()
    return dataset.ward.isin(part.index), part, tuple(forces)
