"""Tables of how far the hotspots can be trusted: plain headings, few digits, intervals."""

from typing import Final

import pandas as pd

from hotspots import settings
from hotspots.analysis.scorecard import Scorecard
from hotspots.settings import Setting
from hotspots.tables.hotspots import Hotspots
from hotspots.views import wording

_MEASURES: Final = {
    "gini": "Gini coefficient (0 even, 1 all at one place)",
    "gini_adjusted": "Gini, allowing for few reports",
    "share_on_busiest": "Share of reports on the busiest 5% of places",
}
_SETTINGS: Final[dict[str, Setting]] = {
    "Walking radius": settings.RADIUS_M,
    "Reports that make a hotspot": settings.MIN_INCIDENTS,
    "Patrol area": settings.PATROL_AREA_HA,
}


def scorecard(card: Scorecard) -> pd.DataFrame:
    """What each method caught, in the measures the field reports."""
    table = card.table
    return pd.DataFrame(
        {
            "Later reports caught": _ranges(table, "hit_rate", "{:.1%}"),
            "PAI": _ranges(table, "pai", "{:.0f}"),
            "PEI* (1 = hindsight)": _ranges(table, "pei", "{:.2f}"),
            "Areas": table["areas"].map("{:.0f}".format),
            "Ground, ha": table["area_ha"].map("{:.0f}".format),
        }
    ).set_axis(pd.Index(table["name"], name="Method"))


def certainty(hotspots: Hotspots, sure: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """How sure each hotspot is, and what its past was."""
    return pd.DataFrame(
        {
            "Where": [
                wording.place(streets, ward)
                for streets, ward in zip(hotspots["streets"], hotspots["ward_name"], strict=True)
            ],
            "Reports": hotspots["incidents"],
            "Within the radius": sure["strongest"],
            "p": sure["p"].map("{:.3f}".format),
            "p beside all crime": sure["p_beside_crime"].map("{:.3f}".format),
            "Back in resamples": _of(sure, "returned", "resamples"),
            "Back at other settings": _of(sure, "returned_when_varied", "variations"),
            "Months present": _of(sure, "months_present", "months"),
            "At the edge": sure["near_edge"].map({True: "yes", False: ""}),
            "Its past": past["verdict"],
            "Months hot": _of(past, "months_hot", "months_held"),
        },
        index=hotspots.index.rename("No."),
    )


def radii(table: pd.DataFrame) -> pd.DataFrame:
    """The number chosen from the data, and the hotspots, at other walking radii."""
    return pd.DataFrame(
        {
            "Reports that make one": table["min_incidents"],
            "Random worlds with any": [
                f"{wording.percent(a)} ({wording.percent(b)} to {wording.percent(c)})"
                for a, b, c in zip(
                    table["false_alarm"],
                    table["false_alarm_low"],
                    table["false_alarm_high"],
                    strict=True,
                )
            ],
            "Hotspots": table["hotspots"],
            "Of them one place": table["single_places"],
            "Share of reports": table["share"].map(wording.percent),
            "At the lowest p": table["p_lowest"],
            "Back in 90% of resamples": table["stable"],
        }
    ).set_axis(pd.Index([f"{radius} m" for radius in table.index], name="Walking radius"))


def concentration(table: pd.DataFrame) -> pd.DataFrame:
    """Measures of concentration beside what chance would give."""
    return pd.DataFrame(
        {
            "Here": table["observed"].map("{:.2f}".format),
            "By chance alone": [
                f"{mean:.2f} ({low:.2f} to {high:.2f})"
                for mean, low, high in zip(
                    table["chance"], table["chance_low"], table["chance_high"], strict=True
                )
            ],
            "Reports": table["incidents"].map("{:,.0f}".format),
            "Places": table["places"].map("{:,.0f}".format),
        }
    ).set_axis(pd.Index([_MEASURES[name] for name in table.index], name="Measure"))


def parameters() -> pd.DataFrame:
    """Numbers that a reader may change, their bounds, and where they come from."""
    return pd.DataFrame(
        {
            "Default": [
                "chosen from the data"
                if one is settings.MIN_INCIDENTS
                else f"{one.default} {one.unit}"
                for one in _SETTINGS.values()
            ],
            "Allowed": [f"{one.low} to {one.high} {one.unit}" for one in _SETTINGS.values()],
            "Where it comes from": [one.source for one in _SETTINGS.values()],
        }
    ).set_axis(pd.Index(list(_SETTINGS), name="Number"))


def _ranges(table: pd.DataFrame, name: str, form: str) -> list[str]:
    return [
        wording.NO_FIGURE
        if pd.isna(mean)
        else f"{form.format(mean)} ({form.format(low)} to {form.format(high)})"
        for mean, low, high in zip(
            table[name], table[f"{name}_low"], table[f"{name}_high"], strict=True
        )
    ]


def _of(table: pd.DataFrame, part: str, whole: str) -> list[str]:
    return [f"{a} of {b}" for a, b in zip(table[part], table[whole], strict=True)]
