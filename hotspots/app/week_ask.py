"""What a week of patrols is planned from: who is on, when, on what terms; kept between pages."""

from datetime import date, time, timedelta
from typing import Any, Final

import streamlit as st

from hotspots import settings
from hotspots.action.patrols import MINUTES_AN_HOUR, MODES, MOST_OFFICERS, Shift, Terms
from hotspots.settings import Setting
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import week_words

_KEPT: Final = "week asked"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_UNITS: Final = 12
_MOST_GROUPS: Final = 3
_CREWS: Final = {1: "Single", 2: "Double", 3: "Three", 4: "Four"}
# Name, units, first hour, hours: what a new kind of shift begins with.
_GROUPS: Final = (("Lates", 3, 15, 8), ("Earlies", 1, 7, 8), ("Nights", 1, 21, 8))
_TERMS: Final[dict[str, tuple[str, Setting]]] = {
    "visit_min": ("Minutes of a visit", settings.VISIT_MIN),
    "visits_a_day": ("Visits a day to each area", settings.VISITS_A_DAY),
    "spacing_min": ("Minutes between two visits", settings.SPACING_MIN),
    "cap_week": ("Most visits a week to an area", settings.VISITS_A_WEEK),
    "off_patrol_min": ("Minutes of a shift off patrol", settings.OFF_PATROL_MIN),
    "detour_percent": ("Way, % of the straight line", settings.DETOUR_PERCENT),
    "foot_kmh": ("Speed on foot, km/h", settings.FOOT_KMH),
    "car_kmh": ("Speed by car, km/h", settings.CAR_KMH),
}


def monday() -> date:
    """First day of the week after this one."""
    today = date.today()  # noqa: DTZ011 - the force's own calendar
    return today + timedelta(days=7 - today.weekday())


def first_day() -> date:
    """First day of the week that is planned."""
    kept: date = _kept().get("week-first", monday())
    return kept


def ask_shifts() -> tuple[Shift, ...]:
    """Who is on duty and when; drawn in a form."""
    week, kinds = st.columns(2)
    _widget(week.date_input, "Week from", "week-first", monday(), format="DD/MM/YYYY")
    many = _widget(
        kinds.number_input, "Kinds of shift", "week-kinds", 1, min_value=1, max_value=_MOST_GROUPS
    )
    for number in range(int(many)):
        _group(number)
    return shifts()


def _group(number: int) -> None:
    name, units, hour, hours = _GROUPS[number]
    with st.container(border=True):
        left, right = st.columns(2)
        key = f"week-{number}-"
        _widget(left.text_input, "Name", f"{key}name", name, max_chars=20)
        _widget(
            right.number_input, "Units", f"{key}units", units, min_value=1, max_value=_MOST_UNITS
        )
        _widget(left.time_input, "From", f"{key}from", time(hour), step=900)
        _widget(right.number_input, "Hours", f"{key}hours", hours, min_value=1, max_value=14)
        _widget(
            left.selectbox,
            "Crew",
            f"{key}crew",
            2,
            options=list(_CREWS),
            format_func=_CREWS.__getitem__,
        )
        _widget(
            right.selectbox,
            "They go",
            f"{key}mode",
            "car",
            options=list(MODES),
            format_func=MODES.__getitem__,
        )
        _widget(st.pills, "Days", f"{key}days", list(_DAYS), options=_DAYS, selection_mode="multi")


def shifts() -> tuple[Shift, ...]:
    """Shifts as they were last asked for."""
    kept, made = _kept(), []
    first = first_day()
    for number in range(int(kept.get("week-kinds", 1))):
        name, units, hour, hours = _GROUPS[number]
        key = f"week-{number}-"
        starts: time = kept.get(f"{key}from", time(hour))
        label = str(kept.get(f"{key}name", name)).strip() or name
        for day in (first + timedelta(days=step) for step in range(len(_DAYS))):
            if _DAYS[day.weekday()] not in (kept.get(f"{key}days", _DAYS) or ()):
                continue
            made += [
                Shift(
                    day,
                    f"{label} {unit}",
                    starts.hour * MINUTES_AN_HOUR + starts.minute,
                    int(kept.get(f"{key}hours", hours)) * MINUTES_AN_HOUR,
                    min(int(kept.get(f"{key}crew", 2)), MOST_OFFICERS),
                    str(kept.get(f"{key}mode", "car")),
                )
                for unit in range(1, int(kept.get(f"{key}units", units)) + 1)
            ]
    return tuple(made)


def ask_terms(areas: PatrolAreas) -> None:
    """How patrols are made, and what comes first; drawn in a form."""
    with st.expander("How visits are made"):
        left, right = st.columns(2)
        for place, (name, (label, setting)) in enumerate(_TERMS.items()):
            _widget(
                (left, right)[place % 2].number_input,
                label,
                f"week-{name}",
                setting.default,
                min_value=setting.low,
                max_value=setting.high,
                step=setting.step,
                help=f"{setting.low} to {setting.high}. Source: {setting.source}.",
            )
        _widget(
            st.number_input,
            "Seed of the order",
            "week-seed",
            settings.SEED,
            min_value=0,
            max_value=2**31,
            help="The same seed gives the same order; another seed another.",
        )
    with st.expander("What comes first, what is left out"):
        names = {row["key"]: week_words.area_name(areas, n) for n, row in _rows(areas)}
        wards = {row["ward"]: row["ward_name"] for _, row in _rows(areas) if row["ward"]}
        for key, label in (
            ("week-priorities", "Areas that come first"),
            ("week-excluded", "Areas left out"),
        ):
            _many(key, label, names)
        _many("week-wards", "Wards that are to have a share", wards)
        _widget(
            st.number_input,
            "Visits a week to each of these wards, at least",
            "week-ward-visits",
            7,
            min_value=1,
            max_value=100,
        )


def terms(held_back: tuple[str, ...]) -> Terms:
    """Terms as they were last asked for."""
    kept = _kept()
    numbers = {
        name: int(kept.get(f"week-{name}", setting.default))
        for name, (_, setting) in _TERMS.items()
    }
    visits = int(kept.get("week-ward-visits", 7))
    return Terms(
        **numbers,
        seed=int(kept.get("week-seed", settings.SEED)),
        priorities=tuple(kept.get("week-priorities", ())),
        excluded=tuple(kept.get("week-excluded", ())),
        held_back=held_back,
        ward_visits=tuple((ward, visits) for ward in kept.get("week-wards", ())),
    )


def ask_absent(held: tuple[Shift, ...]) -> tuple[Shift, ...]:
    """Shifts without those whose unit cannot come: the plan is made again at once."""
    names = {shift.name: shift for shift in held}
    gone = _many("week-absent", "Who cannot come after all", {name: name for name in names})
    return tuple(shift for name, shift in names.items() if name not in gone)


def _rows(areas: PatrolAreas) -> list[tuple[int, dict[Any, Any]]]:
    rows = areas.drop(columns="geometry").to_dict("records")
    return list(zip(areas.index.tolist(), rows, strict=True))


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = st.session_state.setdefault(_KEPT, {})
    return kept


def _widget(draw: Any, label: str, key: str, default: Any, **options: Any) -> Any:
    """A widget that says again what was asked before the reader looked at another page."""
    st.session_state.setdefault(key, _kept().get(key, default))
    value = draw(label, key=key, **options)
    _kept()[key] = value
    return value


def _many(key: str, label: str, names: dict[str, str]) -> list[str]:
    """Several of what is offered; what is offered no longer is let go."""
    before = st.session_state.get(key, _kept().get(key, []))
    st.session_state[key] = [one for one in before if one in names]
    chosen: list[str] = st.multiselect(
        label, list(names), key=key, format_func=lambda one: names.get(one, one)
    )
    _kept()[key] = chosen
    return chosen
