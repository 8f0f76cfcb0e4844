"""How recording stood up to review over time, as a picture."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import pandas as pd

from hotspots.views.charts import Chart, titled

WRONG: Final = "“Yes” among all records"
AGREE: Final = "Words and reviewer agree"
_HEIGHT: Final = 240


def review_chart(table: pd.DataFrame, *, title: str, colors: Mapping[str, str]) -> Chart:
    """
    Error rate and agreement by the month of review, each with its interval.

    Parameters
    ----------
    table
        From `action.reviews.by_month`, of one question and source.
    title
        The finding in words.
    colors
        `palette.CHART_LIGHT` or `palette.CHART_DARK`.
    """
    months = pd.PeriodIndex(table["month"])
    stamps = months.strftime("%b %Y")
    axis = pd.period_range(months.min(), months.max(), freq="M").strftime("%b %Y").tolist()
    records = pd.concat(
        [
            pd.DataFrame(
                {
                    "month": stamps,
                    "series": name,
                    "share": table[column].to_numpy(),
                    "low": table[f"{column}_low"].to_numpy(),
                    "high": table[f"{column}_high"].to_numpy(),
                    "answered": table["answered"].to_numpy(),
                }
            )
            for column, name in (("wrong", WRONG), ("agreement", AGREE))
        ],
        ignore_index=True,
    )
    names = [WRONG, AGREE]
    percent = alt.Axis(format=".0%")
    base = alt.Chart(records).encode(
        x=alt.X(
            "month:N",
            title=None,
            # The two of a month stand together, apart from those of the next.
            scale=alt.Scale(domain=axis, paddingInner=0.7, paddingOuter=0.35),
            axis=alt.Axis(labelAngle=0, labelOverlap=True),
        ),
        color=alt.Color(
            "series:N",
            scale=alt.Scale(domain=names, range=[colors["now"], colors["before"]]),
            legend=alt.Legend(title=None, orient="top", labelLimit=400),
        ),
        xOffset=alt.XOffset("series:N", sort=names),
    )
    shape = alt.Shape(
        "series:N", scale=alt.Scale(domain=names, range=["circle", "triangle-up"]), legend=None
    )
    bars = base.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", title="share", axis=percent, scale=alt.Scale(domain=[0, 1])), y2="high:Q"
    )
    points = base.mark_point(size=90, filled=True, opacity=1).encode(
        y=alt.Y("share:Q", axis=percent),
        shape=shape,
        tooltip=[
            alt.Tooltip("month:N"),
            alt.Tooltip("series:N", title="what"),
            alt.Tooltip("share:Q", format=".0%"),
            alt.Tooltip("low:Q", title="from", format=".0%"),
            alt.Tooltip("high:Q", title="to", format=".0%"),
            alt.Tooltip("answered:Q", title="records answered"),
        ],
    )
    return titled(alt.layer(bars, points), title, _HEIGHT)
