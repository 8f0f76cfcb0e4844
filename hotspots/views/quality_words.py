"""What is wrong with the records, what that does to the map, and what to do, in plain words."""

import math
from typing import Any, Final

import pandas as pd

from hotspots.analysis import finding_kinds as kinds
from hotspots.periods import Period
from hotspots.settings import GEOCODED, OPEN_SOURCES
from hotspots.views.wording import NO_FIGURE, count, percent

SEVERITY: Final = {
    kinds.SERIOUS: "Serious: do not read the map of it as it is",
    kinds.WATCH: "Read the map with it in mind",
    kinds.NOTE: "What the records cannot say",
}
SHORT: Final = {kinds.SERIOUS: "serious", kinds.WATCH: "keep in mind", kinds.NOTE: "cannot say"}
METHOD: Final = (
    f"A source is held against a standard where the field has one ({percent(GEOCODED)} of reports "
    "placed: Ratcliffe 2004) and otherwise against its own twelve months before, never against "
    "another source: a share counts as risen at four standard deviations, as wide as that "
    "source’s months vary, and two percentage points. A default place is one of the five "
    "busiest that stands off the slope of the next fifty (5% false alarms) and holds 1% or more."
)
_UNDO: Final = "If it is a fault, undo the import or import the month again."

# Kind → what is found, what it does to the map, what to do. Filled from the row.
_SAID: Final[dict[str, tuple[str, str, str]]] = {
    kinds.UNPLACED: (
        "{share} of reports ({count} of {of}) have no place on the map.",
        "Hotspots are drawn from the rest, and the missing ones may all be of one kind of place.",
        "Ask for coordinates, or load postcodes if it gives those; do not compare these months.",
    ),
    kinds.UNPLACED_ROSE: (
        "{share} of reports have no place; in the months before it was {before}.",
        "Some places look quieter than they were.",
        "Ask the source what changed in how places are recorded.",
    ),
    kinds.DEFAULT_PLACE: (
        "{place} holds {count} of {of} reports ({share}), far more than its rank allows.",
        "It is drawn as a hotspot, but may be where reports without a place were put.",
        "Look at a few of them. If they happened elsewhere, have them recorded without a place.",
    ),
    kinds.NAMED_PLACE: (
        "{place} holds {count} of {of} reports.",
        "Part of them may have been recorded there and happened elsewhere.",
        "Ask what is recorded at this place before patrols are sent to it.",
    ),
    kinds.OUTSIDE: (
        "{share} of placed reports ({count} of {of}) lie outside the loaded wards.",
        "They are on the map, but in no ward’s count or rate.",
        "Load the neighbouring wards, or ask whether the coordinates are right.",
    ),
    kinds.OUTSIDE_ROSE: (
        "{share} of placed reports lie outside the loaded wards; before it was {before}.",
        "Ward counts of these months are too low.",
        "Look whether coordinates are swapped or of another grid in this month’s file.",
    ),
    kinds.NO_WARDS: (
        "Most of its placed reports ({count} of {of}) lie in no loaded ward.",
        "There are no ward names, ward counts or rates for them.",
        "Load the ward boundaries of its area.",
    ),
    kinds.MISSING: (
        "{months} not held, between months that are.",
        "Nothing is drawn for the gap, and yearly totals across it are too low.",
        "Import the missing files, or say when you quote a total that they are missing.",
    ),
    kinds.NO_ASB: (
        "Other crime was supplied, but no antisocial behaviour.",
        "The area looks quiet on the map because nobody sent its reports.",
        "Ask the force for its antisocial behaviour; do not read these months as quiet.",
    ),
    kinds.ODD: (
        "{count} reports, far from both neighbouring months (usually about {level}).",
        "Part of a month may be missing, or one event fills the map.",
        "Compare with the source’s own total for the month. " + _UNDO,
    ),
    kinds.LEVEL: (
        "From here on about {count} reports in an average month; before, {level}.",
        "What rises or falls across this month may be recording, not behaviour.",
        "Find out what changed and name it below; nothing is then compared across it.",
    ),
    kinds.SHORT: (
        "{held} held; a step in its level can be told from a season from {of} on.",
        "A change of recording would not be noticed.",
        "Import earlier months.",
    ),
    kinds.NEW_POINTS: (
        "{share} of reports lie at points never used before; the month before it was {before}.",
        "The list of map points was rebuilt: the same street is now another point.",
        "Compare areas across this month, never single points.",
    ),
    kinds.TWICE: (
        "Nearly every row stands there an even number of times ({of} rows).",
        "Counts are twice what they should be, and false hotspots appear.",
        "Import the month again from one copy of the file.",
    ),
    kinds.COPIED: (
        "{share} of the rows of {last} are those of {first}.",
        "One of the two months is drawn twice, the other is missing.",
        "Import both months again, and look at the dates inside the files.",
    ),
    kinds.MORE_ALIKE: (
        "{share} of rows are like another in place and kind; before it was {before}.",
        "Places with repeated rows look busier than they were.",
        "Ask whether reports of one event are now recorded each. " + _UNDO,
    ),
    kinds.NO_DAY: (
        "Only the month of a report is known.",
        "Days and hours cannot be drawn, and reports cannot be paired with another source’s.",
        "For patrol hours ask for an extract with times.",
    ),
    kinds.NO_DAY_ROSE: (
        "{share} of reports have no day; before it was {before}.",
        "Charts of days and hours rest on fewer reports.",
        "Ask the source what changed in how times are recorded.",
    ),
    kinds.NO_QUALIFIER: (
        "{count} of {of} reports do not say personal, nuisance or environmental.",
        "The three kinds cannot be told apart on the map.",
        "Ask for the qualifier. What data.police.uk publishes never has it.",
    ),
    kinds.QUALIFIER_ROSE: (
        "{share} of reports have no qualifier; before it was {before}.",
        "A map of one kind alone shows too few.",
        "Ask the source whether the qualifier is still asked for on every call.",
    ),
    kinds.STOCK_TIME: (
        "{count} of {of} timed reports ({share}) are at {place} exactly, far more than around it.",
        "Charts of hours show a peak that is only what was typed when nobody knew.",
        "Ask for the time as not known instead; do not plan patrols for that hour.",
    ),
    kinds.LATE_ROSE: (
        "{share} of reports happened two months or more before; it was {before}.",
        "They are drawn in the month they were recorded for, not in the one they happened.",
        "Compare by the day it happened, or leave this month out.",
    ),
    kinds.EXCHANGED: (
        "Of {of} reports 5 km off any ward, {count} are in one with easting and northing swapped.",
        "They are drawn where nothing happened; swapped ones in a ward either way cannot be told.",
        "Compare a few with their street; correct the columns or the file, and import it again.",
    ),
    kinds.GREW: (
        "Of {of} rows of months read more than once, {count} ({share}) came after the first time.",
        "Months read only once may still grow by as much: the newest look quieter than they were.",
        "Read each month again some weeks later, and compare months of the same age.",
    ),
}
NAMING: Final = (
    "A new recording rule, a new way to report, a gap in supply: what you say stands beside the "
    "finding and in its file, is drawn on the When page’s charts, and nothing is compared across "
    "that month. A partner’s stands for its own reports alone. The When page can take it back."
)


def candidate(row: pd.Series) -> str:
    """One finding as it is chosen from a list."""
    month = Period(row["first"], row["first"]).in_words()
    return f"{supplier(row)}, {month}: {row['kind']}"


def headline(findings: pd.DataFrame, months: pd.DataFrame) -> str:
    """
    How good the records are, in one sentence.

    Parameters
    ----------
    findings, months
        From `quality_findings.quality`.
    """
    looked = len(months)
    serious = int((findings["severity"] == kinds.SERIOUS).sum())
    watch = int((findings["severity"] == kinds.WATCH).sum())
    if not looked:
        return "Nothing is loaded to be judged."
    said = f"{count(looked, 'month')} of {count(_suppliers(months), 'supplier')} looked at: "
    if not serious and not watch:
        return said + "nothing that would mislead the map was found."
    return said + f"{count(serious, 'serious fault')}, {count(watch, 'thing')} to keep in mind."


def _suppliers(months: pd.DataFrame) -> int:
    return len(months.reset_index()[["source", "force"]].drop_duplicates())


def sentences(row: pd.Series) -> tuple[str, str, str]:
    """
    One finding: what was found, what it does to the map, what to do.

    Parameters
    ----------
    row
        Of the findings of `quality_findings.quality`.
    """
    found, does, what = _SAID[str(row["kind"])]
    return found.format(**_words(row)), does, what


def months_of(row: pd.Series) -> str:
    """Months of one finding, as a reader says them."""
    return Period(row["first"], row["last"]).in_words()


def shown(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings as a reader sees them, in their order."""
    words = [(row, sentences(row)) for _, row in findings.iterrows()]
    said = findings["named"] if "named" in findings else pd.Series("", index=findings.index)
    named = {"Named": said.to_list()} if (said != "").any() else {}
    return pd.DataFrame(
        {
            "Months": [months_of(row) for row, _ in words],
            "What was found": [said[0] for _, said in words],
            "What it does to the map": [said[1] for _, said in words],
            "What to do": [said[2] for _, said in words],
            **named,
        },
        dtype="str",
    ).set_axis(pd.Index([supplier(row) for row, _ in words], dtype="str", name="Supplier"))


def for_file(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings as a file holds them: the figures, and the sentences beside them."""
    said = [sentences(row) for _, row in findings.iterrows()]
    table = findings.drop(columns="key").assign(
        **{
            name: pd.Series([one[number] for one in said], index=findings.index, dtype="str")
            for number, name in enumerate(("found", "effect_on_map", "what_to_do"))
        }
    )
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="number"))


def supplier(row: pd.Series) -> str:
    """
    Who supplied it: the force for open data, otherwise the source.

    Examples
    --------
    >>> supplier(pd.Series({"source": "police.uk", "force": "Cheshire Constabulary"}))
    'Cheshire Constabulary (police.uk)'
    >>> supplier(pd.Series({"source": "Crewe Council", "force": "Cheshire Constabulary"}))
    'Crewe Council'
    """
    is_open = row["source"] in OPEN_SOURCES
    return f"{row['force']} ({row['source']})" if is_open else str(row["source"])


def by_month(months: pd.DataFrame) -> pd.DataFrame:
    """Every supplier and month in the shares that the findings rest on, newest first."""
    table = months.reset_index().sort_values(
        ["source", "force", "month"], ascending=[True, True, False]
    )
    asb, located = table["asb"], table["located"]
    return pd.DataFrame(
        {
            "Supplier": [supplier(row) for _, row in table.iterrows()],
            "Month": [Period(month, month).in_words() for month in table["month"]],
            "Rows": table["rows"],
            "Of them ASB": asb,
            "Placed": _shares(located, asb),
            "Outside the wards": _shares(table["outside"], located),
            "Day known": _shares(asb - table["month_only"], asb),
            "Hour known": _shares(table["timed"], asb),
            "Qualified": _shares(table["qualified"], asb),
            "Like another row": _shares(table["identical"], asb),
            "At known points": _shares(table["seen"], located),
            "Late": _shares(table["late"], asb),
            **_growth(table),
        }
    ).reset_index(drop=True)


def _growth(table: pd.DataFrame) -> dict[str, list[str]]:
    """By how much months grew since they were first read, where the journal knows it."""
    if "grew" not in table or table["read"].isna().all():
        return {}
    return {
        "Grew since first read": [
            NO_FIGURE if pd.isna(read) else "read once" if read == 1 else f"{int(grew):+,}"
            for read, grew in zip(table["read"], table["grew"], strict=True)
        ]
    }


def _shares(part: pd.Series, whole: pd.Series) -> list[str]:
    return [percent(k / n) if n else percent(math.nan) for k, n in zip(part, whole, strict=True)]


def _words(row: pd.Series) -> dict[str, Any]:
    """Figures of a finding as they stand in its sentence."""
    many = int(row["count"])
    level = row["before"]
    return {
        "count": f"{many:,}",
        "of": f"{int(row['of']):,}",
        "share": percent(row["share"]),
        "before": percent(level) if not pd.isna(level) and level <= 1 else "not known",
        "level": "not known" if pd.isna(level) else f"{level:,.0f}",
        "months": count(many, "month") + (" is" if many == 1 else " are"),
        "held": count(many, "month") + (" is" if many == 1 else " are"),
        "place": row["place"],
        "first": Period(row["first"], row["first"]).in_words(),
        "last": Period(row["last"], row["last"]).in_words(),
    }
