"""What a public picture shows, as a table that reads aloud and prints."""

import pandas as pd

from hotspots.publish.public_areas import named_cells
from hotspots.publish.release import could_be
from hotspots.publish.story import Story
from hotspots.views.wording import NO_FIGURE


def quarters(story: Story) -> pd.DataFrame:
    """Quarters by row, a column a year."""
    w, table = story.words, story.quarters
    wide = table.pivot_table(index="quarter", columns="year", values="reports", aggfunc="sum")
    wide.index = pd.Index([w(f"quarter.{q}") for q in wide.index], name=w("table.quarter"))
    wide.columns = [str(year) for year in wide.columns]
    return wide.map(lambda n: f"{n:,.0f}")


def wards(story: Story) -> pd.DataFrame:
    """Wards of the area's council, or all of them, by name; those not shown say so."""
    w, table = story.words, story.of_area()
    hidden = w("where.not_shown")

    def told(column: str, decimals: int) -> list[str]:
        return [f"{figure:,.{decimals}f}" for figure in table[column]]

    shown = table["reports"].notna()
    placed = table["first"].notna()
    columns = {
        w("table.authority"): list(table["authority_name"]),
        w("table.reports"): told("reports", 0),
        w("table.could_be"): _ranges(table, "low", "high", story),
        w("table.rate"): told("rate", 1),
        w("table.luck"): _ranges(table, "rate_low", "rate_high", story),
        w("table.place"): _ranges(table, "first", "last", story),
    }
    known = {w("table.rate"): placed, w("table.luck"): placed, w("table.place"): placed}
    frame = pd.DataFrame(columns, index=pd.Index(table["name"], name=w("table.ward")))
    for name in frame.columns[1:]:
        keep = known.get(name, shown).to_numpy()
        frame[name] = frame[name].where(keep, hidden if name == w("table.reports") else NO_FIGURE)
    return frame if placed.any() else frame.iloc[:, :3]


def _ranges(table: pd.DataFrame, low: str, high: str, story: Story) -> list[str]:
    decimals = 1 if low.startswith("rate") else 0
    return [
        story.words("table.range", low=f"{a:,.{decimals}f}", high=f"{b:,.{decimals}f}")
        for a, b in zip(table[low], table[high], strict=True)
    ]


def parts(story: Story) -> pd.DataFrame:
    """Published cells of the area's council, or all of them, by name."""
    w = story.words
    table = named_cells(story.release, story.year or 0, w)
    if story.area.authority is not None:
        table = table.loc[table["authority"] == story.area.authority]
    low, high = could_be(table["reports"].to_numpy(dtype=float))
    return pd.DataFrame(
        {
            w("table.reports"): [f"{n:,}" for n in table["reports"]],
            w("table.could_be"): [
                w("table.range", low=f"{a:,.0f}", high=f"{b:,.0f}")
                for a, b in zip(low, high, strict=True)
            ],
            w("table.density"): [
                NO_FIGURE if pd.isna(n) else f"{n:,.1f}" for n in table["per_km2"]
            ],
        },
        index=pd.Index(table["name"], name=w("table.area")),
    )


def work(story: Story) -> pd.DataFrame:
    """What is being done, by whom and by when."""
    w = story.words
    return pd.DataFrame(
        {
            w("table.who"): [one.who for one in story.work],
            w("table.when"): [one.when for one in story.work],
            w("table.stands"): [one.stands for one in story.work],
        },
        index=pd.Index([one.what for one in story.work], name=w("table.what")),
    )
