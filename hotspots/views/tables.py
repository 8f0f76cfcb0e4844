"""
Tables as a reader sees them: plain headings with units, and no more digits than mean
something. Each is the twin of a picture and holds the same rows in the same order.
"""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from hotspots.analysis.clock import Clock
from hotspots.analysis.counts import HELD, MISSING, PARTIAL
from hotspots.analysis.near_repeats import NearRepeats
from hotspots.analysis.spans import unit
from hotspots.library.reports import in_words
from hotspots.periods import month_in_words, step_in_words
from hotspots.study.between import Compared
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import patrol_words, wording

_STATUS = {HELD: "", PARTIAL: "some forces only", MISSING: "not supplied"}


def hotspots(table: Hotspots) -> pd.DataFrame:
    """Hotspots by rank, indexed by number; without wards or streets where none is named."""
    shown = pd.DataFrame(
        {
            "Reports": table["incidents"],
            "Share of all": [
                wording.part_of(held, share)
                for held, share in zip(table["incidents"], table["share"], strict=True)
            ],
            "A month": table["per_month"].round(1),
            "Area, ha": table["area_ha"].round(1),
            "Span, m": table["span_m"].round().astype("int64"),
            "Ward": table["ward_name"],
            "Streets": table["streets"],
            "One place": table["single_place"].map({True: "yes", False: ""}),
        },
        index=table.index.rename("No."),
    )
    unnamed = [name for name in ("Ward", "Streets") if len(shown) and (shown[name] == "").all()]
    return shown.drop(columns=unnamed)


def months(table: pd.DataFrame) -> pd.DataFrame:
    """Counts by month or week with their interval, indexed by it in words."""
    index = pd.PeriodIndex(table.index)
    status = _STATUS if unit(index) == "month" else _STATUS | {PARTIAL: "supplied in part"}
    columns = {
        "Reports": table["count"].map(_whole),
        "Chance alone could make it": [
            wording.NO_FIGURE if pd.isna(low) else f"{low:.0f} to {high:.0f}"
            for low, high in zip(table["low"], table["high"], strict=True)
        ],
        "Supply": table["status"].map(status),
    }
    if "year_before" in table:
        columns["A year before"] = table["year_before"].map(_whole)
    words = [step_in_words(step).removeprefix("the ").capitalize() for step in index]
    return pd.DataFrame(columns).set_axis(pd.Index(words, name=unit(index).capitalize()))


def mix(table: pd.DataFrame) -> pd.DataFrame:
    """Kinds of crime inside a hotspot beside the study area's mix."""
    return pd.DataFrame(
        {
            "Inside": table["inside"],
            "In the study area": table["study_area"].map("{:,}".format),
            "Times its usual share": [
                wording.NO_FIGURE if pd.isna(ratio) else f"{ratio:.1f} ({low:.1f} to {high:.1f})"
                for ratio, low, high in zip(
                    table["lq"], table["lq_low"], table["lq_high"], strict=True
                )
            ],
        }
    ).set_axis(pd.Index(table.index, name="Kind"))


def league(table: pd.DataFrame) -> pd.DataFrame:
    """Wards by reports, each with its interval; rates where residents are loaded."""
    columns: dict[str, object] = {
        "Ward": table["name"],
        "Local authority": table["authority_name"],
        "Reports": table["count"],
        "Chance alone could make it": _ranges(table["low"], table["high"], 0),
    }
    if table["rate"].notna().any():
        columns["Per 1,000 residents"] = table["rate"].map(_tenths)
        columns["Rate could be"] = _ranges(table["rate_low"], table["rate_high"], 1)
        if "smoothed" in table:
            columns["Rate, steadied"] = table["smoothed"].map(_tenths)
    if "deprivation" in table and table["deprivation"].notna().any():
        columns["Deprivation, mean decile"] = table["deprivation"].map(_tenths)
    rank = table["count"].rank(method="min", ascending=False).astype("int64")
    return pd.DataFrame(columns, index=table.index).set_axis(pd.Index(rank, name="Rank"))


def sources(table: pd.DataFrame) -> pd.DataFrame:
    """What is held of each supplier, a force or a partner: months, rows, and from whom."""
    partner = table["source"] == table["force"]  # a partner knows no force of its own
    return pd.DataFrame(
        {
            "Reports of": table["source"].where(~partner, "a partner"),
            "Months held": [f"{len(m)}: {in_words(m)}" for m in table["held"]],
            "Months missing": [in_words(m) or "none" for m in table["missing"]],
            "Rows": table["rows"].map("{:,}".format),
            "Of them ASB": table["asb_rows"].map("{:,}".format),
            "Without a place": table["rows_without_place"].map("{:,}".format),
            "Publisher": table["publisher"],
            "Licence": table["licence"],
            "Read": table["read_at"].str.slice(0, 16).str.replace("T", " "),
        }
    ).set_axis(pd.Index(table["force"], name="Supplier"))


def between(one: Compared) -> pd.DataFrame:
    """Wards by how much more one source reports of them than the others."""
    return _beside(one.name, one.table).set_axis(pd.Index(one.table["name"], name="Ward"))


def between_hotspots(one: Compared) -> pd.DataFrame:
    """Hotspots by how much more one source reports of them than the others."""
    table = one.hotspots
    names = [
        f"{wording.place(streets, ward)} ({key})"
        for streets, ward, key in zip(
            table["streets"], table["ward_name"], table["key"], strict=True
        )
    ]
    return _beside(one.name, table).set_axis(pd.Index(names, name="Hotspot"))


def _beside(name: str, table: pd.DataFrame) -> pd.DataFrame:
    times = [
        "too few" if math.isnan(ratio) else f"{ratio:.1f} ({low:.1f} to {min(high, 999):.1f})"
        for ratio, low, high in zip(table["ratio"], table["low"], table["high"], strict=True)
    ]
    return pd.DataFrame(
        {
            name: table["ours"],
            "The others": table["theirs"],
            "Times as large a part": times,
            "Beyond chance": np.select(
                [table["ratio"].isna(), table["named"]], ["too few to tell", "yes"], "no"
            ),
        },
        index=table.index,
    )


def catalogue(table: pd.DataFrame) -> pd.DataFrame:
    """Every month held, with the file it came from."""
    return pd.DataFrame(
        {
            "Force": table["force"],
            "Rows": table["rows"],
            "Of them ASB": table["asb_rows"],
            "Without a place": table["rows_without_place"],
            "File": table["file"],
            "Fingerprint (SHA-256)": table["sha256"],
            "Read": table["read_at"],
        }
    ).set_axis(pd.Index([month_in_words(m) for m in table["month"]], name="Month"))


def unplaced(report: pd.DataFrame) -> pd.DataFrame:
    """Places in no ward or on a border, most reports first."""
    return pd.DataFrame(
        {
            "Why": report["why"],
            "Easting": report["easting"].round().astype("int64"),
            "Northing": report["northing"].round().astype("int64"),
            "Rows": report["incidents"],
            "Ward used, or nearest": report["ward"],
            "Metres to it": report["distance_m"].round().astype("Int64"),
        }
    ).set_axis(pd.Index(report["force"], name="Force"))


def changes(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Every ward and hotspot that was looked at for a change, strongest first."""
    rows = table.loc[table["p"].notna()].sort_values("p", kind="stable")
    return pd.DataFrame(
        {
            "Newest months": rows["count"].map("{:,.0f}".format),
            "To be expected": rows["expected"].map("{:,.1f}".format),
            "Times as many": [
                f"{ratio:.2f} ({low:.2f} to {high:.2f})"
                for ratio, low, high in zip(rows["ratio"], rows["low"], rows["high"], strict=True)
            ],
            "p, corrected": rows["adjusted"].map("{:.3f}".format),
        }
    ).set_axis(pd.Index([names.get(str(code), str(code)) for code in rows.index], name="Place"))


def beside(asb: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """ASB and all other crime by month."""
    counts = {"Antisocial behaviour": asb["count"], "All other crime": other["count"]}
    shown = pd.DataFrame({name: series.map(_whole) for name, series in counts.items()})
    words = [month_in_words(month) for month in pd.PeriodIndex(asb.index)]
    return shown.set_axis(pd.Index(words, name="Month"))


def place_months(table: pd.DataFrame, names: Mapping[str, str], what: str = "Ward") -> pd.DataFrame:
    """Reports by ward, or another kind of place, and month, in the order given."""
    shown = table.T.map(_whole)
    shown.columns = pd.Index([month.strftime("%b %y") for month in pd.PeriodIndex(table.index)])
    return shown.set_axis(pd.Index([names.get(code, code) for code in table.columns], name=what))


def clock(found: Clock) -> pd.DataFrame:
    """Reports by operational day and hour; weights to one decimal."""
    hours = [f"{hour:02d}" for hour in found.table.columns]
    return found.table.map("{:.1f}".format).set_axis(hours, axis=1).rename_axis("Day")


def days(marked: pd.DataFrame) -> pd.DataFrame:
    """Reports by day, and what day it was."""
    words = pd.PeriodIndex(marked.index).strftime("%a %d %B %Y")
    return pd.DataFrame(
        {"Reports": marked["count"].round(2).to_numpy(), "Special": marked["special"].to_numpy()},
        index=pd.Index(words, name="Day"),
    )


def repeats(found: NearRepeats) -> pd.DataFrame:
    """Pairs near in place and time beside chance, band by band."""
    rows = found.table
    return pd.DataFrame(
        {
            "Within days": rows["soon_days"].map("{:.0f}".format).to_numpy(),
            "Pairs": rows["pairs"].map("{:,}".format).to_numpy(),
            "By chance": rows["expected"].map("{:,.1f}".format).to_numpy(),
            "Times as many": rows["ratio"].map(_ratio).to_numpy(),
            "p, corrected": rows["adjusted"].map("{:.3f}".format).to_numpy(),
        },
        index=pd.Index(rows["near_m"].map("{:,.0f}".format), name="Within metres"),
    )


def _ratio(value: float) -> str:
    return wording.NO_FIGURE if pd.isna(value) else f"{value:.2f}"


def gatherings(clusters: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """The strongest circles of an early warning, named as one or not, strongest first."""
    return pd.DataFrame(
        {
            "Easting": clusters["easting"].round().astype("int64"),
            "Northing": clusters["northing"].round().astype("int64"),
            "Radius, m": clusters["radius_m"].astype("int64"),
            f"Newest {by}": clusters["length"].astype("int64"),
            "Reports": clusters["count"].astype("int64"),
            "To be expected": clusters["expected"].map("{:,.1f}".format),
            f"By chance once in … {by}": clusters["recurrence"].map("{:,.0f}".format),
        }
    ).set_axis(pd.RangeIndex(1, len(clusters) + 1, name="No."))


def _ranges(low: pd.Series, high: pd.Series, digits: int) -> list[str]:
    return [
        wording.NO_FIGURE if pd.isna(a) else f"{a:.{digits}f} to {b:.{digits}f}"
        for a, b in zip(low, high, strict=True)
    ]


def _tenths(number: float) -> str:
    return wording.NO_FIGURE if pd.isna(number) else f"{number:,.1f}"


def _whole(number: float) -> str:
    return wording.NO_FIGURE if pd.isna(number) else f"{number:,.0f}"


def patrol_areas(table: PatrolAreas) -> pd.DataFrame:
    """Patrol areas in their order, indexed by the number on their label."""
    return pd.DataFrame(
        {
            "Ward": table["ward_name"],
            "Streets": table["streets"],
            "Reports inside": table["incidents"],
            "Adds": table["adds"],
            "Share of all": table["share"].map(wording.percent),
            "Area, ha": table["area_ha"].round(1),
            "Mostly in hotspot": [str(number or wording.NO_FIGURE) for number in table["hotspot"]],
            "By hand": table["edit"],
        }
    ).set_axis(pd.Index([f"P{number}" for number in table.index], name="No."))


def patrol_changes(history: pd.DataFrame) -> pd.DataFrame:
    """Changes made by hand, newest first, undone ones too; names and reasons as typed."""
    undone = history["undone_by"] != ""
    words = history["undone_by"] + ", " + history["undone_at"].map(_minute)
    why = words + ": " + history["undone_reason"]
    return pd.DataFrame(
        {
            "What": [patrol_words.patrol_change(row) for _, row in history.iterrows()],
            "Why": history["reason"].map(wording.plain),
            "Who": history["by"].map(wording.plain),
            "When": history["at"].map(_minute),
            "Undone": why.where(undone, "").map(wording.plain),
        }
    ).set_axis(pd.Index(history.index, name="Change"))


def _minute(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC" if at else ""
