"""How large a change would be found: the curve, its table, and what they rest on."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import pandas as pd

from hotspots.study.power import CHANGED, WARNING, Power
from hotspots.study.scanned import DAYS
from hotspots.views.charts import Chart, titled
from hotspots.views.wording import percent

# The usual share of true changes that a test is asked to show.
_MOSTLY: Final = 0.8
WHY: Final = (
    "An empty list may mean that nothing changed, or that so few reports could not have shown it. "
    "Here busy wards and hotspots of these data are given more reports than they usually hold, one "
    "at a time, and both lists are asked again."
)
NOTHING: Final = "Too few reports are held to plant anything among them."


def finding(table: pd.DataFrame) -> str:
    """
    The least change at one ward that was mostly found, as the title of the curve.

    Examples
    --------
    >>> row = {"measure": CHANGED, "kind": "one ward", "size": 3.0, "found": 0.9, "usual": 11.0}
    >>> finding(pd.DataFrame([row]))
    'At a ward of 11 reports a month, 3 times as many would mostly be listed'
    """
    ward = table.loc[(table["measure"] == CHANGED) & (table["kind"] == table["kind"].iloc[0])]
    place = f"{ward['kind'].iloc[0].replace('one', 'a')} of {ward['usual'].iloc[0]:,.0f} reports"
    enough = ward.loc[ward["found"] >= _MOSTLY, "size"]
    if enough.empty:
        return f"At {place} a month, even {ward['size'].max():g} times as many would not be listed"
    return f"At {place} a month, {enough.min():g} times as many would mostly be listed"


def power_chart(table: pd.DataFrame, *, title: str, colors: Mapping[str, str]) -> Chart:
    """
    Share of planted changes found, by size: colour by list, dash and shape by kind of place.

    Parameters
    ----------
    table
        `Power.table`.
    """
    records = table.assign(series=table["measure"] + ", " + table["kind"])
    kinds = list(dict.fromkeys(table["kind"]))
    x = alt.X("size:Q", title="times the place's usual reports", scale=alt.Scale(domainMin=1))
    color = alt.Color(
        "measure:N",
        scale=alt.Scale(domain=[CHANGED, WARNING], range=[colors["now"], colors["before"]]),
        legend=alt.Legend(title=None, orient="top"),
    )
    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[[1, 0], [5, 4]][: len(kinds)]),
        legend=alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400),
    )
    base = alt.Chart(records)
    lines = base.mark_line(strokeWidth=2.5, point=True).encode(
        x=x,
        y=alt.Y(
            "found:Q",
            title="share found",
            axis=alt.Axis(format="%"),
            scale=alt.Scale(domain=[0, 1]),
        ),
        color=color,
        strokeDash=dash,
        tooltip=[
            alt.Tooltip("series:N", title="which"),
            alt.Tooltip("size:Q", title="times the usual"),
            alt.Tooltip("found:Q", title="found", format=".0%"),
            alt.Tooltip("low:Q", title="from", format=".0%"),
            alt.Tooltip("high:Q", title="to", format=".0%"),
        ],
    )
    bands = base.mark_rule(strokeWidth=1, opacity=0.5).encode(
        x=x, y=alt.Y("low:Q", title="share found"), y2="high:Q", color=color
    )
    return titled(alt.layer(bands, lines), title, 280)


def table(found: pd.DataFrame) -> pd.DataFrame:
    """Shares as a table: a row a list and kind of place, a column a size."""
    cells = [
        f"{percent(share)} ({percent(low)} to {percent(high)})"
        for share, low, high in zip(found["found"], found["low"], found["high"], strict=True)
    ]
    rows = ["measure", "kind", "usual"]
    wide = found.assign(cell=cells).pivot_table(
        index=rows, columns="size", values="cell", aggfunc="first", sort=False
    )
    names = [f"{measure.capitalize()}, {kind}" for measure, kind, _ in wide.index]
    usual = [f"{held:,.0f}" for _, _, held in wide.index]
    shown = wide.set_axis([f"{size:g} times" for size in wide.columns], axis=1)
    shown = shown.set_axis(pd.Index(names, name="List and place"))
    shown.insert(0, "Usual reports a month", usual)
    return shown


def how(found: Power, against: str) -> str:
    """What was planted, where and how often."""
    planted = int(found.table["planted"].max())
    newest = "seven days" if found.by == DAYS else "month"
    compared = f" It is held against {against}." if against else ""
    return (
        f"{planted} changes a size, each at one place drawn from the busiest tenth of wards, or of "
        "hotspots found in the months before; the share found has its 95% interval (Wilson). For "
        f"what changed, the newest three months gain reports.{compared} For the early warning the "
        f"newest {newest} gains them, where reports of the place lie."
    )
