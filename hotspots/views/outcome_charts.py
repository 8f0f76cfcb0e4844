"""A plan's months as a picture: the place beside the mean of its controls."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import pandas as pd

from hotspots.views.charts import MONTHS, Chart

PLACE: Final = "This place"
CONTROLS: Final = "Mean of its controls"
HEIGHT: Final = 220


def outcome_chart(
    months: pd.DataFrame,
    *,
    start: pd.Period,
    colors: Mapping[str, str],
    hours: pd.Series | None = None,
    height: int = HEIGHT,
) -> Chart:
    """
    Reports a month, with a rule where the response began.

    Parameters
    ----------
    months
        From `study.outcome.Outcome.months`.
    start
        First month of the response.
    colors
        `palette.CHART_LIGHT` or `palette.CHART_DARK`.
    hours
        Patrol hours that were delivered, by month: bars against an axis of their own.
    height
        In pixels.
    """
    stamps = pd.PeriodIndex(months.index).to_timestamp()
    records = pd.concat(
        [
            pd.DataFrame({"month": stamps, "series": name, "reports": months[column].to_numpy()})
            for column, name in (("place", PLACE), ("controls", CONTROLS))
        ],
        ignore_index=True,
    )
    names, dashes = [PLACE, CONTROLS], [[1, 0], [5, 4]]
    legend = alt.Legend(
        title=None, orient="top", symbolType="stroke", symbolStrokeWidth=3, offset=20
    )
    lines = (
        alt.Chart(records)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=40))
        .encode(
            x=alt.X("month:T", title=None, axis=MONTHS),
            y=alt.Y("reports:Q", title="reports a month", scale=alt.Scale(zero=True)),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=names, range=[colors["now"], colors["before"]]),
                legend=legend,
            ),
            strokeDash=alt.StrokeDash(
                "series:N", scale=alt.Scale(domain=names, range=dashes), legend=legend
            ),
            tooltip=[
                alt.Tooltip("month:T", format="%B %Y"),
                alt.Tooltip("series:N", title=" "),
                alt.Tooltip("reports:Q", format=".1f"),
            ],
        )
    )
    began = alt.Chart(pd.DataFrame({"month": [start.to_timestamp()], "said": ["response begins"]}))
    rule = began.mark_rule(strokeWidth=1.5, color=colors["now"]).encode(x="month:T")
    label = began.mark_text(
        align="left", dx=-4, dy=-4, baseline="bottom", color=colors["now"], fontSize=12
    ).encode(x="month:T", y=alt.value(0), text="said:N")
    if hours is None or hours.empty:
        return alt.layer(lines, rule, label).properties(height=height)
    given = pd.DataFrame(
        {"month": pd.PeriodIndex(hours.index).to_timestamp(), "hours": hours.to_numpy()}
    )
    bars = (
        alt.Chart(given)
        .mark_bar(opacity=0.25, size=14, color=colors["before"])
        .encode(
            x=alt.X("month:T", title=None, axis=MONTHS),
            y=alt.Y("hours:Q", title="patrol hours (bars)", axis=alt.Axis(orient="right")),
            tooltip=[
                alt.Tooltip("month:T", format="%B %Y"),
                alt.Tooltip("hours:Q", title="patrol hours", format=".1f"),
            ],
        )
    )
    reports = alt.layer(lines, rule, label)
    both: alt.LayerChart = alt.layer(bars, reports).resolve_scale(y="independent")
    return both.properties(height=height)
