"""Sentences about how far the hotspots can be trusted, with the source of each method."""

import math
from typing import Final

import pandas as pd

from hotspots.analysis.scorecard import BEST, OURS, Scorecard
from hotspots.periods import Period
from hotspots.settings import FALSE_ALARM, MIN_COUNT_FOR_PERCENT
from hotspots.study import Found
from hotspots.views.wording import count, percent

SCORES: Final = (
    "Every method chose its areas from the months before, and was scored on months it had not "
    "seen. PAI is the share of reports caught over the share of ground (Chainey, Tompson & Uhlig "
    "2008); it rises as the ground shrinks, so compare it only at equal ground. PEI* is the share "
    "of what hindsight could have caught on the same ground (after Hunt 2016). Intervals: block "
    "bootstrap over the months scored, 95%."
)
CERTAINTY: Final = (
    "p is the chance of a gathering this strong anywhere in the study area, were as many reports "
    "laid at random over the places where any crime was recorded (199 worlds, Phipson & Smyth "
    "2010); “beside all crime” lays them in proportion to all recorded crime, and asks whether "
    "antisocial behaviour is unusual there or only crime (statistic of Kulldorff 1997). "
    "Resamples: bootstrap of the reports; back means at least half of the reports are the same "
    "(Hennig 2007). Other settings: radius and number a quarter up and down."
)
HISTORY: Final = (
    "Its past, over all months held: persistent (hot in 80% of months or more), emerging (hot "
    "lately, not before), former (hot before, not lately), intermittent, or no pattern "
    "(shares after the R package sfhotspot)."
)
CALIBRATION: Final = (
    "The number that makes a hotspot is the smallest whose p is at most 0.05 over the whole study "
    "area. A longer period or a wider radius needs a larger number."
)
CONCENTRATION: Final = (
    "With few reports and many places some gathering is certain, so each figure stands beside "
    "what chance alone would give (adjusted Gini: Bernasco & Steenbeek 2017)."
)
LIMITS: Final = (
    "- **Places, never people.** Nothing here says who did what, or who will.\n"
    "- **Reports, not behaviour.** What is not reported is not seen; "
    "who reports differs by place.\n"
    "- **Where reports were**, not where they will be: the scorecard says how far the one tells "
    "the other.\n"
    "- **No days, no hours** in open data, and points that stand for at least eight addresses.\n"
    "- **No cause.** That reports fell after a patrol does not say that the patrol did it."
)


def too_few(card: Scorecard) -> bool:
    """Whether too few months are held, or too few reports follow them, to score anything."""
    later = card.by_origin.groupby("origin")["later"].first()
    return later.empty or bool(later.mean() < MIN_COUNT_FOR_PERCENT)


def finding(card: Scorecard) -> str:
    """Title of the Evidence page: ours against the square grid, also where it wins."""
    if too_few(card):
        return "Too few reports are held here to say which method foretells better"
    return card.sentence().rstrip(".")


def scored_over(card: Scorecard, held: Period) -> str:
    """Which months the scorecard rests on."""
    origins = int(card.by_origin["origin"].nunique())
    if too_few(card):
        return f"{held.in_words()} is held: a score needs {MIN_COUNT_FOR_PERCENT} later reports."
    return (
        f"Scored over all months held ({held.in_words()}): from {count(origins, 'starting month')} "
        f"on, {card.train} months learnt from and {card.horizon} scored."
    )


def comparisons(card: Scorecard) -> str:
    """Ours against every other method, and what a reader must know beside it, as a list."""
    others = [name for name in card.differences.index if name not in {OURS, BEST}]
    said = [card.sentence(name) for name in others]
    if BEST in card.table.index:
        mean, low, high = card.table.loc[[OURS], ["pei", "pei_low", "pei_high"]].to_numpy()[0]
        said.append(
            f"Patrol areas caught {percent(mean)} ({percent(low)} to {percent(high)}) "
            "of what hindsight could."
        )
    return "\n".join(f"- {sentence}" for sentence in [*said, *card.notes])


def sure(table: pd.DataFrame, found: Found) -> str:
    """How many hotspots stand beyond chance, return, and are more than crime as a whole."""
    number = len(table)
    if number == 0:
        return "There is no hotspot to be sure of."
    beyond = int((table["p"] <= FALSE_ALARM).sum())
    stable = int((2 * table["returned"] >= table["resamples"]).sum())
    beside = int((table["p_beside_crime"] <= FALSE_ALARM).sum())
    places = int(found.hotspots["single_place"].sum())
    are = "is" if places == 1 else "are"
    return (
        f"Of {count(number, 'hotspot')}, {beyond:,} would be unusual by chance anywhere in the "
        f"study area, {stable:,} came back in at least half of the resamples, and {beside:,} hold "
        f"more than all recorded crime there would suggest. {places:,} {are} one place, not an "
        "area."
    )


def concentration(measures: pd.DataFrame) -> str:
    """Title of the concentration chart."""
    here, chance = measures.loc[["share_on_busiest"], ["observed", "chance"]].to_numpy()[0]
    if math.isnan(here):
        return "There are no reports to be gathered"
    return (
        f"The busiest 5% of places hold {percent(here)} of reports; "
        f"chance alone would give {percent(chance)}"
    )
