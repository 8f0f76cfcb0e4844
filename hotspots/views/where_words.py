"""Sentences about hotspots: what was found, how sure it is, what each is like."""

from typing import Final

import pandas as pd

from hotspots.analysis.null_model import Chance
from hotspots.settings import FALSE_ALARM, MIN_COUNT_FOR_PERCENT, MIN_COUNT_FOR_RATIO
from hotspots.study import Dataset, Found, Study
from hotspots.views.wording import count, percent, plain

# One world in a hundred: the second word of the scale that begins at the false-alarm rate.
VERY_UNUSUAL: Final = 0.01
NO_HOTSPOT: Final = (
    "There is no hotspot to list. Reports that are spread out have none, however many they are. "
    "A longer run of months, a wider walking radius or fewer reports to make one, on the left, may "
    "still show some."
)


def finding(
    *,
    hotspots: int,
    share: float,
    ground: float,
    area: str,
    reports: int,
    by_hand: int | None = None,
) -> str:
    """
    What was found, as the title of the Where page.

    Parameters
    ----------
    hotspots, share, ground
        How many, the share of located reports they hold, and of the ground they cover
        (not a number where no wards are loaded).
    area, reports
        Name of the study area, and its located reports.
    by_hand
        How many reports make a hotspot, where a person set the number.

    Examples
    --------
    >>> finding(hotspots=41, share=0.09, ground=0.0002, area="Cheshire", reports=7248)
    '41 hotspots hold 9.0% of reports on 0.02% of the ground'
    >>> finding(hotspots=1, share=4 / 11, ground=0.0008, area="Neston", reports=11)
    '1 hotspot holds 4 of 11 reports on 0.08% of the ground'
    >>> finding(hotspots=0, share=0, ground=0, area="Upton", reports=12)
    'No hotspot in Upton: its 12 reports are no more bunched than chance could make them'
    """
    if reports == 0:
        return f"No reports with a place in {area} in these months"
    if hotspots == 0 and by_hand is not None:
        return f"No hotspot in {area}: {count(by_hand, 'report')} do not gather anywhere"
    if hotspots == 0:
        return (
            f"No hotspot in {area}: its {count(reports, 'report')} "
            "are no more bunched than chance could make them"
        )
    hold = "holds" if hotspots == 1 else "hold"
    of_all = (
        f"{percent(share)} of reports"
        if reports >= MIN_COUNT_FOR_PERCENT
        else f"{share * reports:.0f} of {count(reports, 'report')}"
    )
    found = f"{count(hotspots, 'hotspot')} {hold} {of_all}"
    return found if pd.isna(ground) else f"{found} on {percent(ground)} of the ground"


def finding_of(asked: Study, found: Found, dataset: Dataset) -> str:
    """`finding` of a study area, for the page and the command line alike."""
    return finding(
        hotspots=len(found.hotspots),
        share=found.share,
        ground=found.area_m2 / asked.ground_m2,
        area=dataset.choices.areas[asked.selection.area],
        reports=len(asked.located),
        by_hand=asked.selection.min_incidents,
    )


def loose(number: int) -> str:
    """
    Clusters that are not shown as hotspots, and why; empty when there are none.

    Examples
    --------
    >>> loose(1)
    '1 looser gathering reaches the number only over more ground than its outline; it is not shown.'
    """
    if number == 0:
        return ""
    reach, its, it = ("reaches", "its", "it is") if number == 1 else ("reach", "their", "they are")
    return (
        f"{count(number, 'looser gathering')} {reach} the number only over more ground than "
        f"{its} outline; {it} not shown."
    )


def how_many_make_one(
    *, least: int, radius_m: int, chance: Chance, by_chance: Chance | None = None
) -> str:
    """
    What a hotspot is here, and what chance would make of the number.

    Parameters
    ----------
    least, radius_m
        Incidents within the walking radius that make a hotspot.
    chance
        Share of random worlds with any hotspot at this number, with its interval.
    by_chance
        Hotspots in a random world at this number; None when it was chosen from the data.
    """
    rule = f"A hotspot here starts from a point with at least {least} reports within {radius_m} m"
    worlds = (
        f"{percent(chance.mean)} of {chance.worlds:,} trials in which as many reports were laid "
        f"at random over the places where any crime was recorded "
        f"({percent(chance.low)} to {percent(chance.high)})"
    )
    if by_chance is None:
        few = (
            " With so few reports each hotspot is a place to look at, not a pattern."
            if least < MIN_COUNT_FOR_RATIO
            else ""
        )
        return (
            f"{rule}. The number is chosen from the data: it is the smallest that chance almost "
            f"never reaches. It was reached somewhere in {worlds}.{few}"
        )
    if chance.mean > FALSE_ALARM:
        return (
            f"{rule}, set by hand. **Be careful: some of these may be chance.** "
            f"A hotspot like this appeared somewhere in {worlds}; such a trial had "
            f"{by_chance.mean:,.1f} of them on average."
        )
    return f"{rule}, set by hand. A hotspot like this appeared somewhere in {worlds}."


def hotspot_facts(row: pd.Series, *, in_its_ward: tuple[int, int]) -> str:
    """
    One sentence on one hotspot: what it holds, on what ground, and its share.

    Examples
    --------
    >>> row = pd.Series({"incidents": 9, "per_month": .75, "single_place": True})
    >>> for ward in (31, 60):
    ...     print(hotspot_facts(row, in_its_ward=(9, ward)).split(". ")[-1])
    It holds 9 of its ward's 31 reports.
    It holds 15% of its ward's reports.
    """
    if row["single_place"]:
        where = "All at one map point: a place, not an area"
    else:
        where = (
            f"{count(row['points'], 'map point')} over {row['area_ha']:.1f} ha, "
            f"{row['span_m']:,.0f} m from end to end"
        )
    held = f"{count(row['incidents'], 'report')}, {row['per_month']:.1f} a month"
    part, ward = in_its_ward
    share = f" It holds {part:,} of its ward's {count(ward, 'report')}." if ward else ""
    if ward >= MIN_COUNT_FOR_PERCENT:
        share = f" It holds {percent(part / ward)} of its ward's reports."
    return f"{held}. {where}.{share}"


def certainty(row: pd.Series) -> str:
    """How sure one hotspot is, words first, from a row of `analysis.certainty.assess`."""
    if row["p"] <= VERY_UNUSUAL:
        chance = "Would be **very unusual by chance**"
    elif row["p"] <= FALSE_ALARM:
        chance = "Would be **unusual by chance**"
    else:
        chance = "**Could be chance**"
    beside = (
        "also high beside all recorded crime"
        if row["p_beside_crime"] <= FALSE_ALARM
        else "not clearly more than all recorded crime here would suggest"
    )
    edge = (
        " It lies at the edge of the loaded area, so part of it may not be seen."
        if row["near_edge"]
        else ""
    )
    return (
        f"{chance} (p = {row['p']:.3f}), {beside}. It came back in "
        f"**{row['returned']:.0f} of {row['resamples']:.0f}** resamples and at "
        f"{row['returned_when_varied']:.0f} of {row['variations']:.0f} nearby settings; "
        f"reports in {row['months_present']:.0f} of {row['months']:.0f} months.{edge}"
    )


def past(row: pd.Series) -> str:
    """What one hotspot was over all months held, from a row of `analysis.history.classify`."""
    hot = f"hot in {row['months_hot']:.0f} of {row['months_held']:.0f} months held"
    return f"Its past: **{row['verdict']}** ({hot})."


def mix(table: pd.DataFrame) -> str:
    """
    Other crime recorded inside a hotspot against the study area's mix, as a list.

    Parameters
    ----------
    table
        From `analysis.mix.location_quotients`, of every crime but ASB.
    """
    if not (table["inside"] >= MIN_COUNT_FOR_RATIO).any():
        return (
            "No other kind of crime was recorded here "
            f"{MIN_COUNT_FOR_RATIO} times or more: too few to compare."
        )
    raised = table.loc[table["lq_low"] > 1].sort_values("lq", ascending=False)
    if raised.empty:
        return "The other crime recorded here is much like the study area’s mix."
    lines = [
        f"- {plain(str(category))}: **{row['lq']:.1f} times** its usual share of other crime "
        f"({row['lq_low']:.1f} to {row['lq_high']:.1f}; {row['inside']:,.0f} recorded)"
        for category, row in raised.head(4).iterrows()
    ]
    return "\n".join(["More than its usual share is recorded here of:", "", *lines])


def left_out(without_place: int, in_no_ward: int) -> str:
    """
    Reports of the study area that are not on the map, or in no ward.

    Examples
    --------
    >>> left_out(0, 23)
    'Every report has a place; 23 reports lie in no loaded ward.'
    """
    has = "has" if without_place == 1 else "have"
    first = (
        f"{count(without_place, 'report')} {has} no place and cannot be on the map"
        if without_place
        else "Every report has a place"
    )
    if not in_no_ward:
        return f"{first}."
    lie = "lies" if in_no_ward == 1 else "lie"
    return f"{first}; {count(in_no_ward, 'report')} {lie} in no loaded ward."
