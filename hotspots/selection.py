"""
What a reader asked, as one frozen value.

A `Selection` drives every page, cache key, link, export caption and command line.
`Choices` is what the loaded data can answer; a selection never leaves it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self

from hotspots.errors import SelectionError
from hotspots.links import Link
from hotspots.periods import Period
from hotspots.settings import MIN_INCIDENTS, RADIUS_M

Shade = Literal["none", "count", "rate"]
SHADES: Final[dict[str, Shade]] = {"none": "none", "count": "count", "rate": "rate"}
EVERYWHERE: Final = "all"
# What a report is about, in a link, and as a reader sees it.
QUALIFIERS: Final = {
    "personal": "Personal",
    "nuisance": "Nuisance",
    "environmental": "Environmental",
    "unsaid": "Not said",
}


@dataclass(frozen=True)
class Choices:
    """
    What the loaded data can answer.

    Attributes
    ----------
    data
        Identity of the loaded data: 12 characters that change when it changes.
    areas
        Study areas by code ("all", "force:…", "authority:…", "ward:…"), each with
        the name a reader sees.
    period
        First to last month held by any source.
    vintages
        Years of the ward boundaries held, newest first; may be empty.
    sources
        Who recorded the reports, by code, each with the name a reader sees; empty when
        there is only one.
    usual
        Codes of the sources that are counted unasked: the police's open data where it is
        held, so that no figure changes when a partner's data is added.
    usual_period
        First to last month held by these; None = the same as `period`.
    qualifiers
        Words that reports carry (`QUALIFIERS`), where any source has them.
    """

    data: str
    areas: Mapping[str, str]
    period: Period
    vintages: tuple[int, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    usual: tuple[str, ...] = ()
    usual_period: Period | None = None
    qualifiers: tuple[str, ...] = ()

    def counting(
        self, sources: Iterable[str] | None, about: Iterable[str] | None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """
        Codes of sources and qualifiers that a person named, as a selection keeps them.

        Raises
        ------
        SelectionError
            Naming those that there are.
        """
        known = {name.casefold(): code for code, name in self.sources.items()}
        codes = {known.get(each.casefold(), each) for each in sources or ()}
        if unknown := sorted(codes - set(self.sources)):
            names = ", ".join(self.sources.values()) or "only one"
            raise SelectionError(f"“{unknown[0]}” is not a loaded source; there is {names}.")
        words = set(about or ())
        if wrong := sorted(words - set(self.qualifiers)):
            there = ", ".join(self.qualifiers) or "none in the loaded data"
            raise SelectionError(f"“{wrong[0]}” is no qualifier of the loaded reports: {there}.")
        chosen = tuple(code for code in self.sources if code in codes)
        kinds = tuple(word for word in self.qualifiers if word in words)
        return (
            () if set(chosen) == set(self.usual) else chosen,
            () if set(kinds) == set(self.qualifiers) else kinds,
        )

    def within(self, period: Period) -> Period:
        """
        Period, once it is known to lie within the months held.

        Raises
        ------
        SelectionError
            Naming the months that are held.
        """
        if period.first not in self.period or period.last not in self.period:
            raise SelectionError(f"{period} is asked for, but {self.period} is what is loaded.")
        return period


@dataclass(frozen=True, kw_only=True)
class Selection:
    """
    One question: where, when, at what walking radius, how many make a hotspot.

    Attributes
    ----------
    data, role
        Identity of the data and role of the reader; they make a cache key safe
        to share between sessions.
    area
        Code of the study area, as in `Choices.areas`.
    period
        Months, both ends included.
    radius_m
        Walking radius, metres.
    min_incidents
        Incidents within the radius that make a hotspot; None = chosen from the data.
    vintage
        Year of the ward boundaries; None when none are loaded.
    hotspot
        Grid reference of the hotspot that is picked out; None when none is.
    shade
        What wards are shaded by.
    heat, points
        Whether the heat layer and the snap points are drawn.
    sources
        Codes of the sources that are counted; none named = the usual ones.
    qualifiers
        Of antisocial behaviour, the kinds that are counted (`QUALIFIERS`); none named =
        all.
    """

    data: str
    role: str = "analyst"
    area: str = EVERYWHERE
    period: Period
    radius_m: int = RADIUS_M.default
    min_incidents: int | None = None
    vintage: int | None = None
    hotspot: str | None = field(default=None)
    shade: Shade = "none"
    heat: bool = False
    points: bool = True
    sources: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()

    @classmethod
    def default(cls, choices: Choices) -> Self:
        """
        What is shown unasked: everything, over the newest twelve months held.

        Examples
        --------
        >>> choices = Choices("0", {"all": "All"}, Period.parse("2023-01", "2025-12"))
        >>> str(Selection.default(choices).period)
        '2025-01 to 2025-12'
        """
        held = choices.usual_period or choices.period
        last = held.last
        return cls(
            data=choices.data,
            area=next(iter(choices.areas)),
            period=Period(max(held.first, last - 11), last),
            vintage=choices.vintages[0] if choices.vintages else None,
        )

    @classmethod
    def from_query(cls, query: Mapping[str, str], choices: Choices) -> tuple[Self, list[str]]:
        """
        Selection of a link, kept within what the data holds.

        Parameters
        ----------
        query
            Names and values of a link; anything may stand in it.
        choices
            What the loaded data can answer.

        Returns
        -------
        selection, notices
            What will be shown, and one sentence for each part that fell back.
        """
        asked = Link(query)
        default = cls.default(choices)
        selection = replace(
            default,
            area=asked.one_of("area", choices.areas, default.area),
            period=asked.period(default.period, choices.period),
            radius_m=asked.number("radius", RADIUS_M) or RADIUS_M.default,
            min_incidents=asked.number("min", MIN_INCIDENTS),
            vintage=asked.vintage(choices.vintages),
            hotspot=asked.key("hotspot"),
            shade=SHADES[asked.one_of("shade", SHADES, default.shade)],
            heat="heat" in asked.shown(default="points"),
            points="points" in asked.shown(default="points"),
            sources=asked.some_of("sources", choices.sources, choices.usual),
            qualifiers=asked.some_of("about", choices.qualifiers, choices.qualifiers),
        )
        if asked.text("data") not in {"", choices.data}:
            asked.notices.append(
                "The data has changed since this link was made, so its figures may differ."
            )
        return selection, asked.notices

    def to_query(self) -> dict[str, str]:
        """Plain text of a link that reproduces this view; the role is never in it."""
        query = {
            "area": self.area,
            "from": str(self.period.first),
            "to": str(self.period.last),
            "radius": str(self.radius_m),
            "min": "" if self.min_incidents is None else str(self.min_incidents),
            "wards": "" if self.vintage is None else str(self.vintage),
            "hotspot": self.hotspot or "",
            "shade": "" if self.shade == "none" else self.shade,
            "show": " ".join(n for n in ("points", "heat") if getattr(self, n)) or "neither",
            "sources": " ".join(self.sources),
            "about": " ".join(self.qualifiers),
            "data": self.data,
        }
        return {name: value for name, value in query.items() if value}

    def in_words(self, choices: Choices, *, chosen: int | None = None) -> str:
        """
        Caption that says what a picture, a table or a file was made from.

        Parameters
        ----------
        choices
            Names of the study areas.
        chosen
            The number that was chosen from the data, once it is known.
        """
        if self.min_incidents is not None:
            least = f"at least {self.min_incidents} reports"
        elif chosen is not None:
            least = f"at least {chosen} reports (chosen from the data)"
        else:
            least = "a number of reports chosen from the data"
        wards = f", {self.vintage} wards" if self.vintage else ""
        return (
            f"{choices.areas.get(self.area, self.area)}, {self.period.in_words()}, "
            f"{self.counted(choices)}{least} within {self.radius_m} m{wards}"
        )

    def counted(self, choices: Choices) -> str:
        """
        What is counted, where there is a choice: "police.uk and Crewe Council, ".

        Examples
        --------
        >>> both = {"police-uk": "police.uk", "crewe-council": "Crewe Council"}
        >>> choices = Choices("0", {"all": "All"}, Period.parse("2025-01", "2025-12"), (), both)
        >>> asked = replace(Selection.default(choices), sources=tuple(both))
        >>> asked.counted(choices)
        'police.uk and Crewe Council, '
        """
        said = ""
        if len(choices.sources) > 1:
            names = [choices.sources.get(code, code) for code in self.sources or choices.usual]
            said = f"{' and '.join(filter(None, [', '.join(names[:-1]), *names[-1:]]))}, "
        if self.qualifiers:
            about = " or ".join(QUALIFIERS.get(word, word).lower() for word in self.qualifiers)
            said += f"{about} only, "
        return said

    def question(self) -> Self:
        """Same selection without what only changes the drawing: the key of an analysis."""
        return replace(self, hotspot=None, shade="none", heat=False, points=True)
