"""Everything loaded, as one value: incidents, their wards, and what may be asked of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

import pandas as pd

from hotspots.analysis.areas import ELSEWHERE, IN_NONE, ON_BORDER, WardAssignment, assign
from hotspots.errors import SelectionError
from hotspots.library import Library
from hotspots.library.sample import sample_library
from hotspots.periods import Period
from hotspots.selection import EVERYWHERE, Choices
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.study import sources
from hotspots.study.doubles import Pair, counted_once
from hotspots.tables.incidents import Incidents, located
from hotspots.tables.wards import Wards


@dataclass(frozen=True, eq=False)
class Dataset:
    """
    Everything loaded, with each incident's ward of one vintage.

    Attributes
    ----------
    identity
        12 characters that change when the data change.
    made_up
        Whether this is the illustrative sample.
    incidents
        Every incident held, of every category; what a person said to be one event of two
        sources, once.
    held
        The same, with both rows of such an event.
    wards, vintages
        Wards of the vintage in use, and the years of all vintages held.
    assignment
        Ward of each incident, and what lay in none or on a border.
    catalogue, holdings
        What was read from where, one row a source, force and month; and the same by
        source and force, with the months missing between.
    """

    identity: str
    made_up: bool
    incidents: Incidents
    held: Incidents
    wards: Wards
    vintages: tuple[int, ...]
    assignment: WardAssignment
    catalogue: pd.DataFrame
    holdings: pd.DataFrame

    @cached_property
    def ward(self) -> pd.Series:
        """Code of each incident's ward, on the incidents' index; missing where none."""
        return self.assignment.code

    @cached_property
    def force_of_authority(self) -> pd.Series:
        """Force with most incidents in each local authority, by authority code."""
        authority = self.ward.map(self.wards["authority"])
        frame = pd.DataFrame({"authority": authority, "force": self.incidents["force"]})
        tally = frame.dropna().groupby(["authority", "force"], observed=True).size()
        busiest = tally.reset_index(name="rows").sort_values(["rows", "force"])
        return busiest.drop_duplicates("authority", keep="last").set_index("authority")["force"]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the wards, or of the incidents without any, metres."""
        ground = self.wards if len(self.wards) else located(self.incidents)
        west, south, east, north = ground.total_bounds.tolist()
        return west, south, east, north

    @property
    def grid(self) -> str:
        """Metric grid of every place: the National Grid, unless all data is from elsewhere."""
        grids = set(self.catalogue["grid"])
        return str(grids.pop()) if len(grids) == 1 else BRITISH_NATIONAL_GRID

    @property
    def boundaries(self) -> dict[str, int]:
        """Vintage of the wards in use, how many, in how many authorities, with residents."""
        return {
            "vintage": int(self.wards["vintage"].iloc[0]) if len(self.wards) else 0,
            "wards": len(self.wards),
            "authorities": int(self.wards["authority"].nunique()),
            "residents": int(self.wards["residents"].notna().sum()),
        }

    @property
    def unassigned(self) -> dict[str, int]:
        """Rows that have a place, and of these how many a ward could not be given plainly."""
        return {
            "located": self.assignment.located,
            "in_none": self.assignment.count(IN_NONE),
            "elsewhere": self.assignment.count(ELSEWHERE),
            "on_border": self.assignment.count(ON_BORDER),
        }

    @cached_property
    def choices(self) -> Choices:
        """What a reader may ask of these data."""
        months = self.incidents["month"]
        several = len(self.sources) > 1
        usual = sources.usual(self.sources)
        return Choices(
            data=self.identity,
            areas=self._areas(),
            period=Period(months.min(), months.max()),
            vintages=self.vintages,
            sources=self.sources if several else {},
            usual=usual if several else (),
            usual_period=self.period_of(usual),
            qualifiers=sources.qualifiers(self.incidents),
        )

    @cached_property
    def sources(self) -> dict[str, str]:
        """Code and name of each source, the police's open data first."""
        return sources.codes(self.incidents)

    @cached_property
    def _periods(self) -> dict[str, Period]:
        return sources.periods(self.incidents)

    def period_of(self, chosen: Iterable[str] = ()) -> Period:
        """First to last month held by some sources, by code; none named = the usual ones."""
        codes = tuple(chosen) or sources.usual(self.sources)
        held = [self._periods[self.sources[code]] for code in codes if code in self.sources]
        if not held:
            months = self.incidents["month"]
            return Period(months.min(), months.max())
        return Period(min(one.first for one in held), max(one.last for one in held))

    def only(self, chosen: Iterable[str] = ()) -> "Dataset":
        """
        The same data without the rows of other sources.

        Every study area, ward and vintage stays; each row keeps its number.

        Parameters
        ----------
        chosen
            Codes of sources; none named = the usual ones.
        """
        codes = tuple(chosen) or sources.usual(self.sources)
        if set(codes) >= set(self.sources):
            return self
        rows = sources.rows_of(self.incidents, [self.sources.get(code, "") for code in codes])
        code = self.assignment.code.loc[rows]
        kept = self.incidents.loc[rows]
        kept = Incidents(kept.assign(force=kept["force"].cat.remove_unused_categories()))
        return replace(
            self,
            incidents=kept,
            assignment=replace(self.assignment, code=code, located=len(located(kept))),
        )

    def _areas(self) -> dict[str, str]:
        usual = set(self.only().incidents["force"].cat.categories)
        names = sorted(self.incidents["force"].cat.categories, key=lambda name: name not in usual)
        forces = {"force:" + slug(name): name for name in names}
        if len(forces) > 1:
            everywhere = {EVERYWHERE: "All forces loaded"}
            forces = everywhere | forces if len(usual) > 1 else forces | everywhere
        authorities = self.wards.drop_duplicates("authority").sort_values("authority_name")
        wards = self.wards.sort_values(["name", "authority_name"])
        return (
            forces
            | {
                "authority:" + code: f"{name} (local authority)"
                for code, name in zip(
                    authorities["authority"], authorities["authority_name"], strict=True
                )
            }
            | {
                "ward:" + str(code): f"{name} (ward in {authority})"
                for code, name, authority in zip(
                    wards.index, wards["name"], wards["authority_name"], strict=True
                )
            }
        )


def open_dataset(
    library: Library | None = None,
    *,
    vintage: int | None = None,
    same: Iterable[Pair] = (),
) -> Dataset:
    """
    Everything that has been imported, or the illustrative sample when nothing has.

    Parameters
    ----------
    library
        Where imported data is kept; None = the library of the data folder.
    vintage
        Year of the ward boundaries; None = the newest held.
    same
        Pairs of reports that a person said are one event, by their keys.

    Raises
    ------
    LibraryError
        When the library cannot be read.
    """
    library = Library() if library is None else library
    made_up = library.catalogue().empty
    held = sample_library() if made_up else library
    both, said = held.incidents(), sorted(same)
    wards = held.wards(vintage)
    both = sources.in_forces(both, wards, held.forces_named())
    incidents = counted_once(both, said)
    return Dataset(
        identity=_identity(held.identity(), said),
        made_up=made_up,
        incidents=incidents,
        held=both,
        wards=wards,
        vintages=tuple(held.vintages()),
        assignment=assign(incidents, wards),
        catalogue=held.catalogue(),
        holdings=held.holdings(),
    )


def _identity(library: str, same: list[Pair]) -> str:
    """Identity of what is counted: of what is held, and of what is counted once."""
    return sha256(f"{library} {same}".encode()).hexdigest()[:12] if same else library


def named_area(text: str, areas: Mapping[str, str]) -> str:
    """
    Code of a study area that a person named by code or by name.

    Parameters
    ----------
    text
        A code ("ward:E05008610"), a bare ONS code, or a name ("Crewe Central"),
        letters of either case.
    areas
        Codes and names, from `Choices`.

    Raises
    ------
    SelectionError
        When no area, or more than one, is meant.

    Examples
    --------
    >>> areas = {"force:cheshire": "Cheshire", "ward:E05": "Upton (ward in Chester)"}
    >>> named_area("upton", areas)
    'ward:E05'
    """
    if text in areas:
        return text
    wanted = text.casefold().strip()
    for meant in (
        [c for c in areas if c.split(":")[-1].casefold() == wanted],
        [c for c, name in areas.items() if name.casefold() == wanted],
        [c for c, name in areas.items() if name.split(" (")[0].casefold() == wanted],
    ):
        if len(meant) == 1:
            return meant[0]
        if meant:
            listed = "; ".join(f"{c} = {areas[c]}" for c in meant[:6])
            raise SelectionError(f"“{text}” may mean several areas; name one by code: {listed}.")
    raise SelectionError(
        f"“{text}” is not a study area of the loaded data; `python -m hotspots areas` lists them."
    )


def slug(name: str) -> str:
    """
    Name as it stands in a link and in a folder.

    Examples
    --------
    >>> slug("Devon & Cornwall Police")
    'devon-cornwall-police'
    """
    kept = "".join(letter if letter.isalnum() else " " for letter in name.casefold())
    return "-".join(kept.split())
