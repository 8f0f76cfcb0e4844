"""
What the quality report and the search for doubles cost, and what it finds of planted ones:
python -m tests.speed.quality

Set HOTSPOTS_REAL_DATA to the folder of real files for the quality report of the country.
"""

from hotspots.analysis.areas import assign
from hotspots.analysis.doubles import doubles
from hotspots.analysis.quality_findings import quality
from tests.real import load
from tests.speed.measure import measure, megabytes, seconds, table
from tests.two_sources import two_sources

# Reports of the police and of the council, doubles, busy places, and how times are known.
WORLDS = (
    (600, 400, 60, 600, "instant"),
    (3000, 2000, 200, 3000, "instant"),
    (3000, 2000, 200, 300, "instant"),
    (3000, 2000, 200, 3000, "date"),
    (20_000, 15_000, 1500, 20_000, "instant"),
)


def country():
    incidents = load.national()
    return incidents, assign(incidents, load.wards()).code


def judged(data):
    findings, _ = quality(*data)
    return len(findings)


def world(police, council, planted, spots, known_to):
    return two_sources(police, council, planted, spots=spots, known_to=known_to)


def found(data):
    incidents, planted = data
    (one,) = doubles(incidents)
    pairs = set(zip(one.pairs["a"], one.pairs["b"], strict=True))
    return one.close, one.by_chance, len(pairs), len(pairs & planted), len(planted)


def main():
    rows = []
    for wanted in WORLDS:
        cost = measure(world, found, *wanted)
        close, chance, listed, true, planted = cost.said
        police, council, _, spots, known_to = wanted
        rows.append(
            {
                "reports": f"{police:,} + {council:,}",
                "busy places": f"{spots:,}",
                "time known to": known_to,
                "close pairs (by chance)": f"{close:,} ({chance:,.0f})",
                "planted": planted,
                "recall": f"{true / planted:.2f}",
                "precision": f"{true / listed:.2f}" if listed else "none listed",
                "time": seconds(cost.seconds),
                "peak": megabytes(cost.peak_mb),
            }
        )
    print(table(rows))
    if load.FOLDER is not None:
        cost = measure(country, judged, repeat=1)
        said = f"{cost.said} findings, {seconds(cost.seconds)}, {megabytes(cost.peak_mb)} at most"
        print(f"\nQuality of 40 forces' 2025, {len(load.national()):,} reports: {said}")


if __name__ == "__main__":
    main()
