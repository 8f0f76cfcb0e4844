"""
Charts as data: records in, an Altair specification out.

No colour is the only carrier of a meaning: lines differ in dash and are labelled at
their end, missing months are hatched and named, intervals are bands.
"""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

Chart = alt.Chart | alt.LayerChart | alt.FacetChart

# A tick for every month, and a word where there is room for one.
MONTHS: Final = alt.Axis(format="%b %y", tickCount="month", labelOverlap=True, labelFlush=False)


def league_chart(
    league: pd.DataFrame, *, title: str, colors: Mapping[str, str], top: int = 15
) -> Chart:
    """
    Busiest wards with the interval of each count: overlapping bars are not a ranking.

    Parameters
    ----------
    league
        From `analysis.counts.by_ward`.
    top
        How many wards to draw.
    """
    records = league.head(top).reset_index()
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=220, labelOverlap=False, labelFlush=False),
    )
    base = alt.Chart(records)
    bars = base.mark_rule(strokeWidth=3, color=colors["spread"]).encode(
        y=y, x=alt.X("low:Q", title="reports", axis=alt.Axis(tickCount=8)), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=70, color=colors["now"], opacity=1).encode(
        y=y,
        x="count:Q",
        tooltip=[
            alt.Tooltip("name:N", title="ward"),
            alt.Tooltip("count:Q", title="reports", format=","),
            alt.Tooltip("low:Q", title="from", format=",.0f"),
            alt.Tooltip("high:Q", title="to", format=",.0f"),
        ],
    )
    return titled(alt.layer(bars, dots), title, 70 + 24 * len(records))


def for_print(chart: Chart, caption: str, *, width: int = 760) -> dict[str, Any]:
    """
    Specification of a chart that leaves the page: on white, of one width, its
    provenance below the title.

    Parameters
    ----------
    chart
        Drawn with the light colours.
    caption
        What it was made from.
    width
        In pixels.
    """
    specification: dict[str, Any] = chart.to_dict()
    # Small charts side by side keep the width that each of them has.
    wide = {} if "facet" in specification else {"width": width}
    title = specification["title"] | {"subtitle": caption}
    return specification | wide | {"title": title, "background": "white"}


def titled(chart: Chart, title: str, height: int) -> Chart:
    """Chart with the finding as its title."""
    titled: Chart = chart.properties(
        height=height,
        title=alt.TitleParams(title, anchor="start", fontSize=15, subtitleFontSize=11, offset=10),
    )
    return titled
