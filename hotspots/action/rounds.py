"""
Which areas each unit goes round in a day: those that hold the most reports in the time.

Every unit has so many minutes for one round, from its first area to the last and back to
the first. Which areas, whose, and by which way is one question, put to a solver as a
prize-collecting tour for each unit (OR-tools, CP-SAT). It runs on one worker with a fixed
seed and stops by its own count of work, never by the clock, so that the same question has
the same answer on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

Ints = NDArray[np.int64]

# The solver's own count of work, about seconds of an idle machine.
EFFORT: Final = 1.0
# A way to one of so many nearest areas is enough to make good rounds.
_NEAREST: Final = 8
_SEED: Final = 1


@dataclass(frozen=True, eq=False)
class Unit:
    """
    Who goes round.

    Attributes
    ----------
    minutes
        For one round.
    travel
        Whole minutes from each area to each (n, n).
    """

    minutes: int
    travel: Ints


@dataclass(frozen=True)
class Rounds:
    """
    Who goes where.

    Attributes
    ----------
    of_unit
        For each unit, its areas in the order of its way round; empty when it has none.
    best
        Whether the solver proved that no other choice holds more.
    bound
        No choice holds more than this much worth.
    """

    of_unit: tuple[tuple[int, ...], ...]
    best: bool
    bound: float


def round_minutes(areas: Sequence[int], unit: Unit, visit_min: int) -> int:
    """Minutes of one round: its visits, and the way from each to the next and back."""
    ways = zip(areas, [*areas[1:], *areas[:1]], strict=True)
    return visit_min * len(areas) + sum(int(unit.travel[one, other]) for one, other in ways)


def choose_rounds(
    worth: Ints,
    units: Sequence[Unit],
    *,
    visit_min: int,
    effort: float = EFFORT,
    known: Sequence[Sequence[int]] | None = None,
) -> Rounds:
    """
    Areas for each unit, each area to one unit at most.

    Parameters
    ----------
    worth
        What a round that holds the area is worth more by, whole numbers (n,), or to each
        unit (units, n); areas of no worth are left out.
    units
        Who goes round.
    visit_min
        Minutes of a visit.
    effort
        Work that the solver may do, in its own deterministic time.
    known
        Rounds that fit, to begin from where they hold more than those made one by one.
    """
    to_unit = np.broadcast_to(worth, (len(units), worth.shape[-1]))
    areas = np.flatnonzero((to_unit > 0).any(axis=0))
    if not len(areas) or not units:
        return Rounds(tuple(() for _ in units), best=True, bound=0.0)
    model = cp_model.CpModel()
    first = _one_by_one(to_unit, units, visit_min)
    if known is not None:
        first = max(
            first, [tuple(route) for route in known], key=lambda some: _worth(to_unit, some)
        )
    chosen = [
        _unit(model, np.flatnonzero(mine > 0), unit, visit_min)
        for mine, unit in zip(to_unit, units, strict=True)
    ]
    for area in areas.tolist():
        model.add_at_most_one(held[area] for held, _, _ in chosen if area in held)
    # Ways are as dear as a report is worth only where everything else is equal.
    scale = 1 + sum(unit.minutes for unit in units)
    model.maximize(
        sum(
            scale * int(mine[area]) * chosen_here
            for mine, (held, _, _) in zip(to_unit, chosen, strict=True)
            for area, chosen_here in held.items()
        )
        - sum(way for _, _, way in chosen)
    )
    for (held, arcs, _), route in zip(chosen, first, strict=True):
        _hint(model, held, arcs, route)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = _SEED
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Rounds(tuple(first), best=False, bound=float(to_unit.max(axis=0).sum()))
    found = tuple(_walk(solver, held, arcs) for held, arcs, _ in chosen)
    best = max((found, tuple(first)), key=lambda some: _worth(to_unit, some))
    return Rounds(best, status == cp_model.OPTIMAL, solver.best_objective_bound / scale)


def _worth(worth: Ints, rounds: Sequence[Sequence[int]]) -> int:
    return int(sum(mine[list(areas)].sum() for mine, areas in zip(worth, rounds, strict=True)))


def _unit(
    model: cp_model.CpModel, areas: Ints, unit: Unit, visit_min: int
) -> tuple[dict[int, cp_model.IntVar], dict[tuple[int, int], cp_model.IntVar], cp_model.LinearExpr]:
    """One unit's areas, ways and minutes of way, held to its time."""
    held = {area: model.new_bool_var("") for area in areas.tolist()}
    alone = {area: model.new_bool_var("") for area in areas.tolist()}
    arcs: dict[tuple[int, int], cp_model.IntVar] = {}
    between = unit.travel[np.ix_(areas, areas)].astype(np.float64)
    np.fill_diagonal(between, np.inf)
    nearest = np.argsort(between, axis=1, kind="stable")[:, :_NEAREST]
    for row, area in enumerate(areas.tolist()):
        for other in areas[nearest[row]].tolist():
            for pair in ((area, other), (other, area)):
                if area != other and pair not in arcs:
                    arcs[pair] = model.new_bool_var("")
    number = {area: row for row, area in enumerate(areas.tolist())}
    circuit: list[tuple[int, int, cp_model.IntVar]] = []
    for area in areas.tolist():
        # Outside the round is a way to itself; alone in it is a round of one.
        outside = model.new_bool_var("")
        model.add(held[area] == outside.negated() + alone[area])
        circuit.append((number[area], number[area], outside))
    circuit += [(number[one], number[other], arc) for (one, other), arc in arcs.items()]
    if circuit:
        model.add_circuit(circuit)
    several = model.new_bool_var("")
    model.add_at_most_one([*alone.values(), several])
    for arc in arcs.values():
        model.add_implication(arc, several)
    way = cp_model.LinearExpr.weighted_sum(
        list(arcs.values()), [int(unit.travel[pair]) for pair in arcs]
    )
    model.add(way + visit_min * sum(held.values()) <= unit.minutes)
    return held, arcs, way


def _hint(
    model: cp_model.CpModel,
    held: dict[int, cp_model.IntVar],
    arcs: dict[tuple[int, int], cp_model.IntVar],
    route: tuple[int, ...],
) -> None:
    for area, chosen in held.items():
        model.add_hint(chosen, area in route)
    ways = set(zip(route, [*route[1:], *route[:1]], strict=True)) if len(route) > 1 else set()
    for pair, arc in arcs.items():
        model.add_hint(arc, pair in ways)


def _walk(
    solver: cp_model.CpSolver,
    held: dict[int, cp_model.IntVar],
    arcs: dict[tuple[int, int], cp_model.IntVar],
) -> tuple[int, ...]:
    """Areas of a round, from the lowest number on."""
    after = {one: other for (one, other), arc in arcs.items() if solver.boolean_value(arc)}
    if not after:
        return tuple(area for area, chosen in held.items() if solver.boolean_value(chosen))
    route = [min(after)]
    while after[route[-1]] != route[0]:
        route.append(after[route[-1]])
    return tuple(route)


def _one_by_one(worth: Ints, units: Sequence[Unit], visit_min: int) -> list[tuple[int, ...]]:
    """
    Rounds made without the solver, for it to begin from: from each area in turn, add where
    most is gained for a minute; keep the best start; then the next unit.
    """
    taken: list[int] = []
    rounds: list[tuple[int, ...]] = []
    for mine, unit in zip(worth, units, strict=True):
        left = mine.copy()
        left[taken] = 0
        starts = np.argsort(-left, kind="stable")
        grown = [_grow([int(area)], left, unit, visit_min) for area in starts if left[area] > 0]
        best = max(grown, key=lambda route: int(left[list(route)].sum()), default=())
        rounds.append(best)
        taken += best
    return rounds


def _grow(route: list[int], worth: Ints, unit: Unit, visit_min: int) -> tuple[int, ...]:
    if visit_min > unit.minutes:
        return ()
    spent = visit_min
    outside = [int(area) for area in np.flatnonzero(worth > 0) if area != route[0]]
    while outside:
        offers = []
        for area in outside:
            extra, place = cheapest_way(area, route, unit.travel)
            if spent + visit_min + extra <= unit.minutes:
                offers.append((worth[area] / (visit_min + extra), -area, extra, place))
        if not offers:
            break
        _, negative, extra, place = max(offers)
        route.insert(place, -negative)
        outside.remove(-negative)
        spent += visit_min + extra
    return tuple(route)


def cheapest_way(area: int, route: Sequence[int], travel: Ints) -> tuple[int, int]:
    """Least minutes of way that an area adds to a round, and the place in it where it does."""
    if not route:
        return 0, 0
    extra = [
        int(travel[one, area] + travel[area, other] - (travel[one, other] if len(route) > 1 else 0))
        for one, other in zip(route, [*route[1:], *route[:1]], strict=True)
    ]
    place = min(range(len(extra)), key=extra.__getitem__)
    return extra[place], place + 1
