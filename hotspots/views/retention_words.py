"""Tables and sentences about how long records are kept, and what is past its time."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

import pandas as pd

from hotspots.action.records.backups import Backup
from hotspots.action.retention import Queue
from hotspots.action.retention_rules import FILE, KINDS, Rule
from hotspots.views import wording

NONE_DUE: Final = "Nothing is past its time."
RULES: Final = (
    f"A force sets its own days in `{FILE}` of the data folder; no law fixes these numbers. What "
    "is due waits here and in `python -m hotspots records due` until somebody keeps it, with a "
    "reason, or erases it. Only what residents were promised goes without asking: at a look at "
    "the Listening page, or by `python -m hotspots records promised`, which a machine can run "
    "every night."
)
ERASING: Final = (
    "Erasing takes the rows and what the trail said of them, writes the file anew and searches it "
    "for what it held, and names the backups that still hold it."
)


def finding(queue: Queue) -> str:
    """
    How much waits for a decision.

    Examples
    --------
    >>> finding(Queue((), ()))
    'Nothing is past its time.'
    """
    if not queue.waiting:
        return NONE_DUE
    oldest = min(pile.due for pile in queue.waiting)
    things = wording.count(len(queue.waiting), "thing")
    return f"{things} to decide on: the time of the oldest was up on {oldest:%d %B %Y}."


def waiting(queue: Queue, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """What waits for a decision, one row each."""
    rows = [
        {
            "Kind": rules[pile.kind].name,
            "What": pile.what,
            "Time was up": f"{pile.due:%d %b %Y}",
            "Rule": _rule(rules[pile.kind]),
        }
        for pile in queue.waiting
    ]
    return pd.DataFrame(rows, columns=["Kind", "What", "Time was up", "Rule"]).set_index("Kind")


def kept(queue: Queue, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """What is kept past its time, until when and why, one row each."""
    rows = [
        {
            "Kind": rules[pile.kind].name,
            "What": pile.what,
            "Kept until": str(decision.until),
            "Who": decision.who,
            "Why": decision.why,
        }
        for pile, decision in queue.kept
    ]
    columns = ["Kind", "What", "Kept until", "Who", "Why"]
    return pd.DataFrame(rows, columns=columns).set_index("Kind")


def rule_table(rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Every rule, one row each."""
    rows = [
        {
            "Kind": rule.name,
            "Days": rule.days,
            "Counted from": KINDS[rule.kind][1],
            "Why": rule.why,
        }
        for rule in rules.values()
    ]
    return pd.DataFrame(rows).set_index("Kind")


def backup_table(backups: Iterable[Backup], rule: Rule) -> pd.DataFrame:
    """Backups that are there, and until when each is kept."""
    rows = [
        {
            "File": str(one.path),
            "Made": f"{one.made:%Y-%m-%d %H:%M}",
            "Kept until": str(one.made.date() + timedelta(days=rule.days)),
        }
        for one in backups
    ]
    return pd.DataFrame(rows, columns=["File", "Made", "Kept until"]).set_index("File")


def _rule(rule: Rule) -> str:
    if not rule.days:
        return f"from {KINDS[rule.kind][1]}"
    return f"{rule.days:,} days from {KINDS[rule.kind][1]}"
