"""
Charts of counts by month or by week: gaps, steps in the level, the year before.

Missing months are shaded and named, never drawn as zero; a line's name stands at its end.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import altair as alt
import pandas as pd

from hotspots.analysis.breaks import Break
from hotspots.analysis.counts import MISSING, PARTIAL
from hotspots.analysis.spans import first_of, unit
from hotspots.periods import step_in_words
from hotspots.views.charts import MONTHS, Chart, titled

_LONG: Final = alt.Axis(format="%b %y", labelOverlap=True, labelFlush=False)
# More points than this lie so close that they are drawn small.
_MANY: Final = 60
NOW: Final = "these months"
WEEKS: Final = "these weeks"
BEFORE: Final = "a year before"
ASB_NAME: Final = "Antisocial behaviour"
OTHER_NAME: Final = "All other crime"
# Lines that end within this share of the height of one another have their names moved apart, by
# pixels: two names of 12 pixels then clear each other.
_CLOSE: Final = 0.06
_APART: Final = 7


def months_chart(
    months: pd.DataFrame,
    breaks: pd.DataFrame | None = None,
    *,
    title: str,
    colors: Mapping[str, str],
    height: int = 320,
) -> Chart:
    """
    Counts by month or by week with their interval, beside the same a year before.

    Parameters
    ----------
    months
        From `analysis.counts.beside_year_before`, indexed by month or week.
    breaks
        Steps in the level, from `break_marks`: each a line with its name.
    title
        The finding in words.
    colors
        `palette.CHART_LIGHT` or `palette.CHART_DARK`.
    height
        In pixels.

    Returns
    -------
    chart
        A missing month breaks the line and is shaded; it is never drawn as zero.
    """
    records, one = _records(months), unit(pd.PeriodIndex(months.index))
    size = 45 if len(records) <= _MANY else 12
    x = alt.X("month:T", title=None, axis=MONTHS if len(records) <= _MANY else _LONG)
    base = alt.Chart(records)
    band = base.mark_area(opacity=0.2, color=colors["now"]).encode(
        x=x, y=alt.Y("low:Q", title=f"reports a {one}"), y2="high:Q"
    )
    now = base.mark_line(
        color=colors["now"],
        strokeWidth=2.5 if len(records) <= _MANY else 1.5,
        point=alt.OverlayMarkDef(size=size, color=colors["now"]),
    ).encode(
        x=x,
        y=alt.Y("count:Q", scale=alt.Scale(zero=True)),
        tooltip=[
            alt.Tooltip("label:N", title=one),
            alt.Tooltip("count:Q", title="reports", format=","),
            alt.Tooltip("low:Q", title="from", format=",.0f"),
            alt.Tooltip("high:Q", title="to", format=",.0f"),
            alt.Tooltip("year_before:Q", title="a year before", format=","),
            alt.Tooltip("status:N", title="supply"),
        ],
    )
    # A month whose neighbours are not held has no line: its point is all that shows it.
    before = base.mark_line(
        color=colors["before"],
        strokeWidth=2,
        strokeDash=[5, 4],
        point=alt.OverlayMarkDef(size=size / 2, color=colors["before"]),
    ).encode(x=x, y="year_before:Q")
    # An empty layer would be a picture without a name to a screen reader.
    known = [before] if records["year_before"].notna().any() else []
    shaded = [*_gaps(records, colors), *_steps(breaks, colors)]
    layers = [
        *shaded,
        band,
        *known,
        now,
        *_end_labels(records, colors, now=NOW if one == "month" else WEEKS),
    ]
    return titled(alt.layer(*layers), title, height)


def crime_chart(
    asb: pd.DataFrame, other: pd.DataFrame, *, title: str, colors: Mapping[str, str]
) -> Chart:
    """
    ASB beside all other crime, each against its own mean so that one axis serves both.

    Parameters
    ----------
    asb, other
        From `analysis.counts.by_month`, over the same months.
    """
    parts = []
    for name, table in ((ASB_NAME, asb), (OTHER_NAME, other)):
        mean = table["count"].mean()
        parts.append(
            _records(table).assign(series=name, index=100 * table["count"].to_numpy() / mean)
        )
    records = pd.concat(parts, ignore_index=True)
    style = {
        "color": alt.Color(
            "series:N",
            scale=alt.Scale(domain=[ASB_NAME, OTHER_NAME], range=[colors["now"], colors["before"]]),
            legend=alt.Legend(title=None, orient="top"),
        ),
        "strokeDash": alt.StrokeDash(
            "series:N",
            scale=alt.Scale(domain=[ASB_NAME, OTHER_NAME], range=[[1, 0], [5, 4]]),
            legend=alt.Legend(title=None, orient="top"),
        ),
    }
    chart = (
        alt.Chart(records)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("month:T", title=None, axis=MONTHS),
            y=alt.Y("index:Q", title="100 = its own monthly mean", scale=alt.Scale(zero=True)),
            tooltip=[
                alt.Tooltip("series:N", title="kind"),
                alt.Tooltip("label:N", title="month"),
                alt.Tooltip("count:Q", title="recorded", format=","),
            ],
            **style,
        )
    )
    return titled(chart, title, 280)


def small_months(months: pd.DataFrame, *, colors: Mapping[str, str]) -> Chart:
    """Months of one hotspot, small enough for its card: bars, gaps where not supplied."""
    axis = alt.Axis(format="%b %y", labelAngle=0, labelOverlap=True)
    bars = (
        alt.Chart(_records(months))
        .mark_bar(color=colors["now"], width={"band": 0.8})
        .encode(
            x=alt.X("yearmonth(month):O", title=None, axis=axis),
            y=alt.Y("count:Q", title="reports", axis=alt.Axis(tickMinStep=1, tickCount=3)),
            tooltip=[
                alt.Tooltip("label:N", title="month"),
                alt.Tooltip("count:Q", title="reports"),
                alt.Tooltip("status:N", title="supply"),
            ],
        )
    )
    small: Chart = bars.properties(height=130)
    return small


def break_marks(breaks: Iterable[Break], months: pd.DataFrame) -> pd.DataFrame:
    """Steps in the level that lie in some months or weeks, with the words to write beside them."""
    index = pd.PeriodIndex(months.index)
    known = dict(zip(index.asi8.tolist(), index.to_timestamp(), strict=True))
    inside = [one for one in breaks if first_of(one.month, index) in known]
    return pd.DataFrame(
        {
            "month": [known[first_of(one.month, index)] for one in inside],
            "word": [one.name or "a step, not named yet" for one in inside],
        }
    )


def _records(months: pd.DataFrame) -> pd.DataFrame:
    """Rows that Altair can draw: months, or weeks, as instants and as words."""
    index = pd.PeriodIndex(months.index)
    words = [step_in_words(step) for step in index]
    ends = index.to_timestamp(how="end").normalize()
    records = months.assign(month=index.to_timestamp(), end=ends, label=words)
    return records.reset_index(drop=True)


def _end_labels(records: pd.DataFrame, colors: Mapping[str, str], *, now: str) -> list[alt.Chart]:
    """Names of the two lines, written at their last point; apart where the lines end close."""
    ends = []
    for name, column, color in (
        (now, "count", colors["now"]),
        (BEFORE, "year_before", colors["before"]),
    ):
        drawn = records.loc[records[column].notna()]
        if len(drawn):
            last = drawn.iloc[-1]
            ends.append({"month": last["month"], "y": last[column], "name": name, "color": color})
    highest = records[["count", "year_before", "high"]].max().max()
    close = len(ends) > 1 and abs(ends[0]["y"] - ends[1]["y"]) < _CLOSE * highest
    ends.sort(key=lambda end: -end["y"])
    return [
        alt.Chart(pd.DataFrame([end]))
        .mark_text(
            align="left",
            dx=8,
            dy=(-1, 1)[place] * _APART if close else 0,
            fontSize=12,
            fontWeight="bold",
        )
        .encode(x="month:T", y="y:Q", text="name:N", color=alt.Color("color:N", scale=None))
        for place, end in enumerate(ends)
    ]


def _gaps(records: pd.DataFrame, colors: Mapping[str, str]) -> list[alt.Chart]:
    """Months that were not, or not wholly, supplied: a grey bar with a word on it."""
    words = {MISSING: "not supplied", PARTIAL: "partly supplied"}
    frame = records.loc[records["status"].isin(words)].copy()
    if frame.empty:  # an empty layer would be a picture without a name to a screen reader
        return []
    frame["word"] = frame["status"].map(words)
    frame["middle"] = frame["month"] + (frame["end"] - frame["month"]) / 2
    frame = frame[["month", "end", "middle", "word"]]
    bars = (
        alt.Chart(frame)
        .mark_rect(color=colors["gap"], opacity=0.25, aria=False)  # the word on it is read out
        .encode(x="month:T", x2="end:T", tooltip=alt.Tooltip("word:N", title="supply"))
    )
    text = (
        alt.Chart(frame)
        .mark_text(
            angle=270,
            baseline="middle",
            align="left",
            fontSize=11,
            dx=4,
            color=colors["gap"],
        )
        .encode(x="middle:T", y=alt.value(240), text="word:N")
    )
    return [bars, text]


def _steps(breaks: pd.DataFrame | None, colors: Mapping[str, str]) -> list[alt.Chart]:
    """Lines where the level steps, each with its name."""
    if breaks is None or breaks.empty:
        return []
    base = alt.Chart(breaks).encode(x="month:T")
    line = base.mark_rule(color=colors["gap"], strokeDash=[2, 3], strokeWidth=2, aria=False)
    words = base.mark_text(align="left", baseline="top", dx=5, fontSize=11, limit=220).encode(
        y=alt.value(2), text="word:N", color=alt.value(colors["gap"])
    )
    return [line, words]
