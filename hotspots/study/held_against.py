"""What a plan's place is compared with, settled when the plan is made and kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.comparison import LEAST_CONTROLS, Chosen, choose, tally
from hotspots.periods import Period
from hotspots.study.answers import Found
from hotspots.study.cut import Study

# Outlines are kept to the centimetre: counts never turn on less.
_DECIMALS: Final = 2


@dataclass(frozen=True)
class Draw:
    """
    The fair test that a plan's controls come from.

    Attributes
    ----------
    test
        Its identifier in the records.
    starts, ends
        First day, and the first day after it, that its areas wait.
    drawn_too
        Whether the plan's own place lies in an area that the draw let be visited, so that
        the draw, and nobody's choice, set it apart from its controls.
    """

    test: str
    starts: date
    ends: date
    drawn_too: bool


@dataclass(frozen=True, eq=False)
class Waiting:
    """
    Areas that a fair test holds back by the draw, for as long as it runs.

    Attributes
    ----------
    test, starts, ends
        As for `Draw`.
    shapes, names
        Of the areas that wait.
    visited
        Areas of the same draw that may be visited.
    """

    test: str
    starts: date
    ends: date
    shapes: NDArray[np.object_]
    names: tuple[str, ...]
    visited: NDArray[np.object_]

    def holds_back(self, place: shapely.Geometry) -> bool:
        """Whether a place lies in an area that waits: what is begun there breaks the test."""
        return bool(shapely.intersects(self.shapes, place).any())

    def drew(self, place: shapely.Geometry) -> bool:
        """Whether a place lies in an area that the draw let be visited."""
        return bool(shapely.intersects(self.visited, place).any())


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    A place and what it is held against, as they were when the plan was made.

    Attributes
    ----------
    area
        Code of the study area.
    before
        Months that the place was found in.
    shapes
        Footprints: the place first, then all others found by the same rule, then the
        areas that a fair test holds back, where those are its controls.
    names
        A name for each.
    reports
        Reports of each in those months, as counted then.
    chosen
        Which of them are its controls, and which are comparable.
    draw
        The fair test that held its controls back; None where they were chosen by likeness.
    """

    area: str
    before: Period
    shapes: NDArray[np.object_]
    names: tuple[str, ...]
    reports: tuple[int, ...]
    chosen: Chosen
    draw: Draw | None = None

    def as_data(self) -> dict[str, Any]:
        """The same as text and numbers, to be kept."""
        draw = self.draw and {
            "test": self.draw.test,
            "starts": self.draw.starts.isoformat(),
            "ends": self.draw.ends.isoformat(),
            "drawn_too": self.draw.drawn_too,
        }
        return ({"draw": draw} if draw else {}) | {
            "area": self.area,
            "before": [str(self.before.first), str(self.before.last)],
            "shapes": shapely.to_wkt(self.shapes, rounding_precision=_DECIMALS).tolist(),
            "names": list(self.names),
            "reports": list(self.reports),
            "controls": self.chosen.controls.tolist(),
            "comparable": self.chosen.comparable.tolist(),
            "around": None if self.chosen.around is None else self.chosen.around.tolist(),
        }

    @classmethod
    def of_data(cls, held: Mapping[str, Any]) -> Self:
        """What `as_data` kept."""
        draw, around = held.get("draw"), held.get("around")
        return cls(
            area=held["area"],
            before=Period.parse(*held["before"]),
            shapes=np.asarray(shapely.from_wkt(held["shapes"]), dtype=np.object_),
            names=tuple(held["names"]),
            reports=tuple(held["reports"]),
            chosen=Chosen(
                np.asarray(held["controls"], dtype=np.int64),
                np.asarray(held["comparable"], dtype=np.int64),
                None if around is None else np.asarray(around, dtype=np.int64),
            ),
            draw=draw
            and Draw(
                draw["test"],
                date.fromisoformat(draw["starts"]),
                date.fromisoformat(draw["ends"]),
                draw["drawn_too"],
            ),
        )


def on_place(held: Mapping[str, Any], ground: BaseGeometry) -> bool:
    """Whether the place of a plan, as `Comparison.as_data` kept it, shares ground with another."""
    place = shapely.from_wkt(held["shapes"][0])
    return bool(shapely.area(shapely.intersection(place, ground)) > 0)


def comparison(
    asked: Study,
    found: Found,
    number: int,
    *,
    taken: NDArray[np.object_] | None = None,
    waiting: Waiting | None = None,
) -> Comparison:
    """
    What a hotspot would be held against.

    Parameters
    ----------
    asked, found
        The study area and its hotspots; they say which months are "before".
    number
        The hotspot.
    taken
        Footprints of other plans: what they touch is no comparison.
    waiting
        Areas that a fair test holds back: the controls, where enough of them lie far
        enough from the place; how much alike places move is still measured on hotspots.
    """
    first = found.hotspots.loc[[number]]
    table = pd.concat([first, found.hotspots.drop(index=number)])
    shapes = np.asarray(table.geometry.to_numpy(), dtype=np.object_)
    busy = np.zeros(len(shapes), dtype=np.bool_)
    if taken is not None and len(taken):
        busy = shapely.intersects(shapes, shapely.union_all(taken))
        busy[0] = False
    reports = table["incidents"].to_numpy()
    chosen = choose(shapes, reports, 0, taken=np.flatnonzero(busy))
    held = Comparison(
        area=asked.selection.area,
        before=asked.selection.period,
        shapes=shapes,
        names=tuple(
            (streets or ward or key).split("; ")[0]
            for streets, ward, key in zip(
                table["streets"], table["ward_name"], table["key"], strict=True
            )
        ),
        reports=tuple(int(count) for count in reports),
        chosen=chosen,
    )
    return held if waiting is None else _drawn(held, waiting, asked)


def _drawn(held: Comparison, waiting: Waiting, asked: Study) -> Comparison:
    """The same place held against areas that wait by the draw, where there are enough."""
    counted = tally(asked.asb, waiting.shapes).reindex(held.before.months, fill_value=0).sum()
    place, reports = held.shapes[:1], np.append(held.reports[:1], counted.to_numpy())
    likest = choose(np.concatenate([place, waiting.shapes]), reports, 0).controls
    # The surroundings of a patrol area are larger than a hotspot's: those of the places that
    # likeness chooses stay what the place's own are compared with.
    like = held.chosen.controls
    likest = likest[: len(like)]
    if len(likest) < LEAST_CONTROLS:
        return held
    kept = likest - 1
    return replace(
        held,
        shapes=np.concatenate([held.shapes, waiting.shapes[kept]]),
        names=(*held.names, *(waiting.names[one] for one in kept)),
        reports=(*held.reports, *(int(reports[one]) for one in likest)),
        chosen=Chosen(
            len(held.shapes) + np.arange(len(kept)), held.chosen.comparable, like[: len(kept)]
        ),
        draw=Draw(waiting.test, waiting.starts, waiting.ends, waiting.drew(place[0])),
    )
