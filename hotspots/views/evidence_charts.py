"""Charts of how far the hotspots can be trusted, as data."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import pandas as pd

from hotspots.analysis.scorecard import BEST, METHODS, OURS
from hotspots.views.charts import MONTHS, Chart, titled

_DRAWN: Final = (OURS, "squares", BEST)


def score_chart(table: pd.DataFrame, *, title: str, colors: Mapping[str, str]) -> Chart:
    """
    Share of later reports that each method caught, with its interval.

    Parameters
    ----------
    table
        `Scorecard.table`.
    """
    records = table.reset_index().assign(ours=table.index == OURS)
    color = alt.condition("datum.ours", alt.value(colors["now"]), alt.value(colors["gap"]))
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=260, labelOverlap=False, labelFlush=False),
    )
    x_title = "share of later reports inside the areas"
    base = alt.Chart(records)
    rules = base.mark_rule(strokeWidth=3).encode(
        y=y,
        x=alt.X("hit_rate_low:Q", title=x_title, axis=alt.Axis(format="%")),
        x2="hit_rate_high:Q",
        color=color,
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        y=y,
        x="hit_rate:Q",
        color=color,
        shape=alt.condition("datum.ours", alt.value("diamond"), alt.value("circle")),
        tooltip=[
            alt.Tooltip("name:N", title="method"),
            alt.Tooltip("hit_rate:Q", title="caught", format=".1%"),
            alt.Tooltip("hit_rate_low:Q", title="from", format=".1%"),
            alt.Tooltip("hit_rate_high:Q", title="to", format=".1%"),
        ],
    )
    return titled(alt.layer(rules, dots), title, 80 + 26 * len(records))


def origins_chart(by_origin: pd.DataFrame, *, title: str, colors: Mapping[str, str]) -> Chart:
    """
    Share caught from each month on: ours, the square grid, and hindsight as the ceiling.

    Parameters
    ----------
    by_origin
        `Scorecard.by_origin`.
    """
    rows = by_origin.loc[by_origin["method"].isin(_DRAWN)]
    records = rows.assign(
        month=pd.PeriodIndex(rows["origin"]).to_timestamp(), name=rows["method"].map(METHODS)
    )
    records = records[["month", "name", "hit_rate", "later", "caught"]]
    names = [METHODS[method] for method in _DRAWN]
    chart = (
        alt.Chart(records)
        .mark_line(strokeWidth=2.5, point=True)
        .encode(
            x=alt.X("month:T", title="first month scored", axis=MONTHS),
            y=alt.Y("hit_rate:Q", title="share caught", axis=alt.Axis(format="%")),
            color=alt.Color(
                "name:N",
                scale=alt.Scale(
                    domain=names, range=[colors["now"], colors["before"], colors["gap"]]
                ),
                legend=alt.Legend(title=None, orient="top", labelLimit=300),
            ),
            strokeDash=alt.StrokeDash(
                "name:N",
                scale=alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2]]),
                legend=alt.Legend(title=None, orient="top", labelLimit=300),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="method"),
                alt.Tooltip("month:T", title="from", format="%B %Y"),
                alt.Tooltip("hit_rate:Q", title="caught", format=".1%"),
                alt.Tooltip("later:Q", title="later reports"),
            ],
        )
    )
    return titled(chart, title, 300)


def lorenz_chart(curve: pd.DataFrame, *, title: str, colors: Mapping[str, str]) -> Chart:
    """
    Reports held by the busiest share of places; the dashed line is an even spread.

    Parameters
    ----------
    curve
        From `analysis.concentration.lorenz`.
    """
    line = (
        alt.Chart(curve)
        .mark_line(strokeWidth=2.5, color=colors["now"])
        .encode(
            x=alt.X("share_of_places:Q", title="busiest places", axis=alt.Axis(format="%")),
            y=alt.Y("share_of_incidents:Q", title="of reports", axis=alt.Axis(format="%")),
            tooltip=[
                alt.Tooltip("share_of_places:Q", title="of places", format=".1%"),
                alt.Tooltip("share_of_incidents:Q", title="of reports", format=".1%"),
            ],
        )
    )
    even = (
        alt.Chart(pd.DataFrame({"x": [0.0, 1.0]}))
        .mark_line(strokeDash=[5, 4], color=colors["gap"], strokeWidth=1.5)
        .encode(x="x:Q", y="x:Q")
    )
    return titled(alt.layer(even, line), title, 320)
