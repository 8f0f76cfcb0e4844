"""What an assembly said, as tables."""

from collections.abc import Mapping

import pandas as pd

from hotspots.action.assembly_result import Heard
from hotspots.publish.words import Words
from hotspots.views.wording import NO_FIGURE


def waiting(answers: pd.DataFrame, hexagons: Mapping[str, str], words: Words) -> pd.DataFrame:
    """Answers to be looked at, in the words people would use."""
    return pd.DataFrame(
        {
            "Their words": answers["words"],
            "Places": [
                "; ".join(hexagons.get(mark, mark) for mark in marks) for marks in answers["marks"]
            ],
            "Matters most": [
                "; ".join(words(f"priorities.{key}") for key in chosen)
                for chosen in answers["priorities"]
            ],
            "Came by": answers["way"],
        },
        index=answers.index,
    )


def priorities(heard: Heard, words: Words) -> pd.DataFrame:
    """What matters, by how many people chose it."""
    return pd.DataFrame(
        {words("table.people"): [str(number) for number in heard.priorities]},
        index=pd.Index(
            [words(f"priorities.{key}") for key in heard.priorities.index],
            name=words("table.what"),
        ),
    )


def places(part: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Places of one kind: who named them, and the reports that are shown."""

    def told(figures: pd.Series) -> list[str]:
        return [NO_FIGURE if pd.isna(figure) else f"{figure:,.0f}" for figure in figures]

    return pd.DataFrame(
        {
            words("listen.named"): told(part["people"]),
            words("table.reports"): told(part["reports"]),
        },
        index=pd.Index(part["name"], name=words("listen.place")),
    )
