"""The When page's series: one place month by month, or week by week where days are known."""

from typing import Final

import pandas as pd
import streamlit as st

from hotspots.app import panels, store, when_store
from hotspots.app.when_panels import bullets
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.study.trend import Told
from hotspots.views import month_charts, tables, trend_words, wording
from hotspots.views import when_words as words

_MONTHS: Final = "Months"
_WEEKS: Final = "Weeks (Monday to Sunday)"


def show(selection: Selection, subject: str, name: str, stamped: Stamp) -> None:
    """Counts of one place with what they tell, by month or by week."""
    weeks = when_store.weeks(selection, subject)
    if weeks is None:
        st.caption(words.NO_WEEKS)
    elif st.radio("Count by", [_MONTHS, _WEEKS], horizontal=True, key="unit") == _WEEKS:
        _series(selection, weeks.weeks, weeks.told, name=name, unit="week", stamped=stamped)
        st.caption(words.weeks(weeks.used, weeks.left_out))
        return
    months = when_store.months(selection, subject)
    told = when_store.told(selection, subject)
    _series(selection, months, told, name=name, unit="month", stamped=stamped)


def _series(
    selection: Selection,
    counted: pd.DataFrame,
    told: Told,
    *,
    name: str,
    unit: str,
    stamped: Stamp,
) -> None:
    panels.chart(
        month_charts.months_chart,
        counted,
        month_charts.break_marks(store.news(selection).breaks, counted),
        title=words.trend_finding(counted, name=name),
        name=f"{unit}s",
        alt=f"Line of {unit}ly reports in {name} with its 95% interval; the table is below.",
        stamped=stamped,
    )
    bullets(trend_words.trend(told.trend, told.chart))
    st.caption(f"{words.INTERVAL} {wording.RECORDS_NOT_HARM}")
    with st.expander(f"These {unit}s as a table"):
        panels.table(tables.months(counted))
        panels.table_download(counted, name=f"{unit}s", stamped=stamped)
