"""
Somebody who knows every public figure, every rule and every map point, and subtracts.

What is published is a set of sums, each within its rounding; what is to be learnt is
another sum. Linear programming gives the least and the most that it can be, which no
cleverness with pairs, filters or downloads can better.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from hotspots.publish.release import PART, could_be


@dataclass
class Attacker:
    """Atoms that nobody may know, and published sums of them."""

    atoms: int
    views: list  # (numbers of atoms, least, most)

    def __post_init__(self):
        rows, low, high = [], [], []
        for members, least, most in self.views:
            row = np.zeros(self.atoms)
            row[list(members)] = 1
            rows.append(row)
            low.append(least)
            high.append(most)
        table = sparse.csr_array(np.array(rows).reshape(-1, self.atoms))
        self.limits = sparse.vstack([table, -table]).tocsr()
        self.bounds = np.concatenate([high, -np.array(low)])

    def most(self, members):
        return self._extreme(members, -1.0)

    def least(self, members):
        return self._extreme(members, 1.0)

    def _extreme(self, members, sign):
        goal = np.zeros(self.atoms)
        goal[list(members)] = sign
        found = linprog(goal, A_ub=self.limits, b_ub=self.bounds, bounds=(0, None), method="highs")
        if found.status in (3, 4):
            return float("inf")
        assert found.status == 0, found.message
        return float(found.fun * sign)


def views_of(release, authority, year):
    """
    Public views of one authority's year as sums, and every difference of two of them.

    Each cell is two atoms (one place of it, and all the rest) in each of four quarters.
    """
    cells = release.cells.loc[
        (release.cells["year"] == year) & (release.cells["authority"] == authority)
    ]
    atom = {
        (cell, part, quarter): number
        for number, (cell, part, quarter) in enumerate(
            (cell, part, quarter) for cell in cells.index for part in (0, 1) for quarter in range(4)
        )
    }
    everything = frozenset(atom.values())

    def where(**wanted):
        keep = set()
        for (cell, part, quarter), number in atom.items():
            at = {"cell": cell, "part": part, "quarter": quarter, "ward": cells["ward"][cell]}
            if all(at[name] == value for name, value in wanted.items()):
                keep.add(number)
        return frozenset(keep)

    low, high = could_be(cells["reports"].to_numpy(float))
    views = {
        f"cell {cell}": (where(cell=cell), a, b)
        for cell, a, b in zip(cells.index, low, high, strict=True)
    }
    wards = release.of_wards(year).loc[lambda w: w["authority"] == authority].dropna()
    for code, ward in wards.iterrows():
        views[f"ward {code}"] = (where(ward=code), ward["low"], ward["high"])
    quarters = release.quarters.loc[
        (release.quarters["year"] == year) & (release.quarters["authority"] == authority)
    ]
    for quarter, reports in zip(quarters["quarter"], quarters["reports"], strict=True):
        a, b = could_be(np.array([float(reports)]))
        views[f"quarter {quarter}"] = (where(quarter=quarter - 1), a[0], b[0])
    views["authority"] = (everything, low.sum(), high.sum())
    targets = {f"one place of {cell}": where(cell=cell, part=0) for cell in cells.index}
    targets |= {
        f"one place of {cell}, quarter {q + 1}": where(cell=cell, part=0, quarter=q)
        for cell in cells.index[cells["kind"] == PART]
        for q in range(4)
    }
    names = list(views)
    for one in names:
        for other in names:
            left, both = views[one][0] - views[other][0], views[one][0] & views[other][0]
            if both and left and one != other:
                targets[f"{one} less {other}"] = left
                targets[f"{one} and {other}"] = both
    return Attacker(len(atom), list(views.values())), targets


def recovered(attacker, targets):
    """Targets that are known to be some, but fewer than ten."""
    seen, found = {}, []
    for name, members in targets.items():
        if members not in seen:
            most = attacker.most(members)
            few = most < 10 - 1e-6 and attacker.least(members) > 1e-6
            seen[members] = (most, few)
        if seen[members][1]:
            found.append((name, seen[members]))
    lowest = min((most for most, _ in seen.values()), default=float("inf"))
    return found, lowest
