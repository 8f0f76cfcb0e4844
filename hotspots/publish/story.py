"""
What a resident is told, step by step: the one text behind the page, the sheet, the slides
and the file that needs no server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from hotspots.analysis.standing import changed, dispersion, rank_interval, rate_interval
from hotspots.publish.public_areas import Area
from hotspots.publish.release import PART, QUARTERS, Release, could_be
from hotspots.publish.words import Words

STEPS: Final = ("reported", "changed", "where", "doing", "unknown")
PER: Final = 1000


@dataclass(frozen=True)
class Work:
    """One piece of work for a place, as the public may know it: never a person's name."""

    what: str
    who: str
    when: str
    stands: str
    area: str


@dataclass(frozen=True)
class Step:
    """
    One thing at a time.

    Attributes
    ----------
    key
        One of `STEPS`.
    title
        The question.
    big
        The answer, in one line.
    sentences
        What it means and how far it goes.
    """

    key: str
    title: str
    big: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Story:
    """What is told of one area, from what is public and nothing else."""

    release: Release
    area: Area
    words: Words
    work: Sequence[Work] = ()

    @property
    def year(self) -> int | None:
        """Newest year that is shown for the area."""
        years = self.release.years
        if self.area.authority is not None:
            years = years.loc[years["authority"] == self.area.authority]
        return int(years["year"].max()) if len(years) else None

    @cached_property
    def wards(self) -> pd.DataFrame:
        """
        All wards of the year: figures, rates per 1,000, places in the list.

        The columns of `Release.of_wards` and `rate`, `rate_low`, `rate_high`, `first`,
        `last`, `change` (1, 0, -1; missing without a year before), `before`.
        """
        table = self.release.of_wards(self.year or 0)
        shown = table["reports"].notna() & (table["residents"] > 0)
        at = table.loc[shown]
        low, high = rate_interval(at["low"], at["high"], at["residents"] / PER)
        first, last = rank_interval(at["low"], at["high"], at["residents"])
        table["rate"] = PER * table["reports"] / table["residents"].where(table["residents"] > 0)
        for name, figures in (
            ("rate_low", low),
            ("rate_high", high),
            ("first", first),
            ("last", last),
        ):
            table[name] = pd.Series(figures, index=at.index, dtype="float64")
        before = self.release.of_wards((self.year or 0) - 1).reindex(table.index)
        table["before"] = before["reports"]
        step = changed((table["low"], table["high"]), (before["low"], before["high"]))
        known = table["reports"].notna() & table["before"].notna()
        table["change"] = pd.Series(step, index=table.index).where(known)
        return table

    @property
    def compared(self) -> pd.DataFrame:
        """Wards that have a place in the list, first place first."""
        listed = self.wards.loc[self.wards["first"].notna()]
        return listed.sort_values("rate", ascending=False)

    def total(self, year: int) -> tuple[float, float, float]:
        """Reports of the area in a year, least and most; not numbers where not shown."""
        if self.area.ward is not None:
            ward = self.release.of_wards(year).reindex([self.area.ward]).iloc[0]
            return float(ward["reports"]), float(ward["low"]), float(ward["high"])
        # The quarters are rounded four times a year, the cells once each: many more times.
        told = [
            table.loc[(table["year"] == year) & self._here(table)]
            for table in (self.release.quarters, self.release.cells)
        ]
        quarters, cells = told
        whole = set(quarters["authority"]) >= set(cells["authority"])
        counts = (quarters if whole else cells)["reports"].to_numpy(dtype=np.float64)
        if not len(counts):
            return float("nan"), float("nan"), float("nan")
        low, high = could_be(counts)
        return float(counts.sum()), float(low.sum()), float(high.sum())

    def _here(self, table: pd.DataFrame) -> pd.Series:
        """Rows of the council of the area, or all of them."""
        if self.area.authority is None:
            return pd.Series(data=True, index=table.index)
        return table["authority"] == self.area.authority

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Quarters of the council of the area, or of all of them: `year`, `quarter`, `reports`."""
        table = self.release.quarters.loc[self._here(self.release.quarters)]
        told = table["year"].isin([self.year, (self.year or 0) - 1])
        return table.loc[told].groupby(["year", "quarter"])["reports"].sum().reset_index()

    @property
    def quarters_area(self) -> str:
        """Name of what the quarters are of: a council, for a ward."""
        if self.area.authority is None:
            return self.area.name
        here = self.release.wards["authority"] == self.area.authority
        return str(self.release.wards.loc[here, "authority_name"].iloc[0])

    def steps(self) -> tuple[Step, ...]:
        """The five steps; one that says why when nothing may be shown."""
        if self.year is None:
            return (Step("unknown", self.words("steps.unknown"), self.words("page.nothing"), ()),)
        return tuple(
            Step(key, self.words(f"steps.{key}"), *getattr(self, f"_{key}")(self.year))
            for key in STEPS
        )

    def _reported(self, year: int) -> tuple[str, tuple[str, ...]]:
        w, name = self.words, self.area.name
        reports, low, high = self.total(year)
        if np.isnan(reports):
            return w("reported.hidden_big", area=name, year=year), (w("reported.hidden"),)
        said = []
        residents = self._residents()
        if residents > 0:
            least, most = rate_interval([low], [high], [residents / PER])
            said.append(
                w(
                    "reported.rate",
                    rate=PER * reports / residents,
                    low=float(least[0]),
                    high=float(most[0]),
                )
            )
        said += [w("reported.rounded"), w("reported.trust")]
        return w("reported.big", reports=int(reports), area=name, year=year), tuple(said)

    def _changed(self, year: int) -> tuple[str, tuple[str, ...]]:
        w, name, before = self.words, self.area.name, year - 1
        now, now_low, now_high = self.total(year)
        then, then_low, then_high = self.total(before)
        said: list[str] = []
        if np.isnan(now):
            big = w("changed.hidden", area=name)
        elif np.isnan(then):
            one = self.area.ward is None or self._held(before) == 0
            big = w("changed.none" if one else "changed.hidden", area=name)
        else:
            if self.area.ward is not None:
                step = int(self.wards["change"][self.area.ward])
            else:
                spread = dispersion(self.wards["reports"], self.wards["before"])
                years = ([now_low], [now_high]), ([then_low], [then_high])
                step = int(changed(*years, spread=spread)[0])
            key = {1: "up", -1: "down", 0: "same"}[step]
            big = w(f"changed.{key}", area=name, year=year, before=before)
            said.append(w("changed.counts", then=int(then), now=int(now)))
            said.append(w("changed.luck_up" if step else "changed.luck_same"))
        said += self._season(year)
        if self.area.ward is None and self.wards["change"].notna().any():
            steps = self.of_area()["change"].dropna()
            said.append(
                w(
                    "changed.wards",
                    looked=len(steps),
                    up=int((steps > 0).sum()),
                    down=int((steps < 0).sum()),
                )
            )
        return big, (*said, w("changed.records"))

    def _season(self, year: int) -> list[str]:
        table = self.quarters
        now = table.loc[table["year"] == year].set_index("quarter")["reports"]
        if len(now) < QUARTERS:
            return []
        w = self.words
        ordered = now.sort_values(kind="stable")
        said = [
            w(
                "changed.season_more",
                year=year,
                most=w(f"quarter.{ordered.index[-1]}"),
                least=w(f"quarter.{ordered.index[0]}"),
            )
        ]
        return said + ([] if len(set(table["year"])) > 1 else [w("changed.season_one")])

    def _where(self, year: int) -> tuple[str, tuple[str, ...]]:
        w, name = self.words, self.area.name
        listed = self.compared
        if self.area.ward is not None and self.area.ward in listed.index:
            first, last = (int(listed[place][self.area.ward]) for place in ("first", "last"))
            big = w(
                "where.big" if first < last else "where.big_one",
                area=name,
                first=ordinal(first),
                last=ordinal(last),
                of=len(listed),
            )
        elif self.area.ward is not None and np.isnan(self.total(year)[0]):
            return w("reported.hidden_big", area=name, year=year), (
                w("reported.hidden"),
                w("where.order"),
                w("where.town"),
            )
        else:
            cells = self.release.cells.loc[self._here(self.release.cells)]
            cells = cells.loc[cells["year"] == year]
            big = w(
                "where.big_count",
                area=name,
                wards=int(self.of_area()["reports"].notna().sum()),
                parts=int((cells["kind"] == PART).sum()),
            )
        doing, _ = self._doing(year)
        return big, (w("where.order"), w("where.town"), w("where.parts"), f"{doing}.")

    def _doing(self, _year: int) -> tuple[str, tuple[str, ...]]:
        w, here = self.words, len(self.work)
        if not here:
            return w("doing.none_big", area=self.area.name), (w("doing.none"), w("doing.ask"))
        key = "doing.big_one" if here == 1 else "doing.big"
        return w(key, count=here, area=self.area.name), (w("doing.ask"),)

    def _unknown(self, _year: int) -> tuple[str, tuple[str, ...]]:
        keys = ("reports", "small", "place", "month", "harm", "future", "people")
        return self.words("unknown.big"), tuple(self.words(f"unknown.{key}") for key in keys)

    def of_area(self) -> pd.DataFrame:
        """Wards of the council of the area, or all of them, with the figures of `wards`."""
        return self.wards.loc[self._here(self.wards)]

    def _held(self, year: int) -> int:
        years = self.release.years
        return int(((years["authority"] == self.area.authority) & (years["year"] == year)).sum())

    def _residents(self) -> float:
        if self.area.ward is not None:
            return float(self.release.wards["residents"][self.area.ward])
        return float(self.of_area()["residents"].sum(skipna=False))


def ordinal(number: int) -> str:
    """
    Place in a list, as people say it.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th']
    """
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
