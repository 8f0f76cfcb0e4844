"""Charts of the When page beyond months: hours of the week, days of the year."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from hotspots.analysis.clock import DAYS, Clock
from hotspots.views.charts import Chart, titled


def clock_chart(table: pd.DataFrame, *, title: str, colors: Mapping[str, str]) -> Chart:
    """
    Weights by hour of operational day, 06:00 first; darker (on dark ground lighter) is more.

    Parameters
    ----------
    table
        From `analysis.clock.Clock.table`.
    title
        The finding in words.
    colors
        Of `palette.CHART_LIGHT` or `palette.CHART_DARK`.
    """
    hours = [f"{hour:02d}" for hour in table.columns]
    records = pd.DataFrame(
        {
            "day": np.repeat(list(table.index), len(hours)),
            "hour": hours * len(table),
            "weight": table.to_numpy().ravel(),
        }
    )
    cells = (
        alt.Chart(records)
        .mark_rect(stroke=colors["ground"], strokeWidth=1)
        .encode(
            x=alt.X("hour:O", sort=hours, title="hour of the operational day", axis=_FLAT),
            y=alt.Y("day:O", sort=list(table.index), title=None, axis=_LEVEL),
            color=alt.Color(
                "weight:Q",
                title="reports",
                scale=alt.Scale(range=[colors["few"], colors["many"]], domainMin=0),
            ),
            tooltip=[
                alt.Tooltip("day:N", title="day"),
                alt.Tooltip("hour:N", title="hour from"),
                alt.Tooltip("weight:Q", title="reports", format=",.1f"),
            ],
        )
    )
    return titled(cells, title, 240)


def calendar_chart(daily: pd.DataFrame, *, title: str, colors: Mapping[str, str]) -> Chart:
    """
    Days as a calendar: a column a week, a row a weekday; special days have a ring.

    Parameters
    ----------
    daily
        Indexed by day: `count`, and `special`, the name of a special day or "".
    title, colors
        As for `clock_chart`.
    """
    days = pd.PeriodIndex(daily.index)
    starts = days.to_timestamp()
    records = pd.DataFrame(
        {
            "week": starts - pd.to_timedelta(days.day_of_week, unit="D"),
            "day": starts.strftime("%a"),
            "date": starts.strftime("%a %d %B %Y"),
            "count": daily["count"].to_numpy(),
            "special": daily["special"].to_numpy(),
        }
    )
    base = alt.Chart(records).encode(
        x=alt.X("yearmonthdate(week):O", title=None, axis=_WEEKS),
        y=alt.Y("day:O", sort=list(DAYS), title=None, axis=_LEVEL),
        tooltip=[
            alt.Tooltip("date:N", title="day"),
            alt.Tooltip("count:Q", title="reports", format=",.1f"),
            alt.Tooltip("special:N", title="what day"),
        ],
    )
    cells = base.mark_rect(stroke=colors["ground"], strokeWidth=1).encode(
        color=alt.Color(
            "count:Q",
            title="reports",
            scale=alt.Scale(range=[colors["few"], colors["many"]], domainMin=0),
        )
    )
    layers = [cells]
    if (records["special"] != "").any():
        rings = base.transform_filter("datum.special != ''")
        layers.append(rings.mark_point(shape="circle", size=60, color=colors["before"]))
    return titled(alt.layer(*layers), title, 190)


def small_multiples(
    table: pd.DataFrame, *, title: str, colors: Mapping[str, str], columns: int = 5
) -> Chart:
    """
    Months of the busiest wards, one small chart each, all of one height and each on its own scale.

    Parameters
    ----------
    table
        Months by ward name, the wards to draw only; gaps where a month was not supplied.
    title, colors
        As for `clock_chart`.
    columns
        Charts side by side.
    """
    months = pd.PeriodIndex(table.index)
    records = pd.DataFrame(
        {
            "month": np.tile(months.to_timestamp(), table.shape[1]),
            "label": np.tile(months.strftime("%B %Y"), table.shape[1]),
            "ward": np.repeat([str(name) for name in table.columns], len(table)),
            "count": table.to_numpy().T.ravel(),
        }
    )
    one = (
        alt.Chart(records)
        .mark_line(color=colors["now"], strokeWidth=1.8)
        .encode(
            x=alt.X("month:T", title=None, axis=_ENDS),
            y=alt.Y("count:Q", title=None, axis=_FEW, scale=alt.Scale(zero=True)),
            tooltip=[
                alt.Tooltip("ward:N", title="ward"),
                alt.Tooltip("label:N", title="month"),
                alt.Tooltip("count:Q", title="reports"),
            ],
        )
        .properties(width=150, height=74)
    )
    order = [str(name) for name in table.columns]
    faceted: Chart = (
        one.facet(alt.Facet("ward:N", sort=order, title=None, header=_HEAD), columns=columns)
        .resolve_scale(y="independent")
        .properties(title=alt.TitleParams(title, anchor="start", fontSize=15, offset=10))
    )
    return faceted


def marked_days(daily: pd.Series, special: Mapping[pd.Period, str]) -> pd.DataFrame:
    """Days with their count, and the names of the special ones."""
    names = [special.get(day, "") for day in pd.PeriodIndex(daily.index)]
    return pd.DataFrame({"count": daily.to_numpy(), "special": names}, index=daily.index)


def clock_rows(found: Clock) -> pd.DataFrame:
    """Weights as rows, for a file: day, hour, weight, of it known to the hour."""
    table, certain = found.table, found.certain
    return pd.DataFrame(
        {
            "day": np.repeat(list(table.index), table.shape[1]),
            "hour": np.tile(list(table.columns), table.shape[0]),
            "reports": table.to_numpy().ravel(),
            "known_to_the_hour": certain.to_numpy().ravel(),
        }
    ).set_index("day")


_FLAT = alt.Axis(labelAngle=0, labelOverlap=True, labelFlush=False)
# Flush labels of the first and last row would lie nearer to the rows beside them.
_LEVEL = alt.Axis(labelAngle=0, labelOverlap=False, labelFlush=False)
# The first week of each month bears its name.
_WEEKS = alt.Axis(
    labelAngle=0,
    labelAlign="left",
    labelExpr="date(datum.value) <= 7 ? timeFormat(datum.value, '%b %y') : ''",
    labelOverlap=False,
    ticks=False,
)
_ENDS = alt.Axis(format="%b %y", labelAngle=0, tickCount=2, labelOverlap=True, labelFontSize=9)
_FEW = alt.Axis(tickCount=2, tickMinStep=1, labelFontSize=9)
_HEAD = alt.Header(labelFontSize=11, labelLimit=185, labelAnchor="start")
