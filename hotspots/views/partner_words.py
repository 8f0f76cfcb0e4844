"""Sentences about partners' reports: how they are added, and what the others do not see."""

import re
from typing import Final

import pandas as pd

from hotspots.sources.own_words import OURS, SAYS_NOTHING, THEIRS
from hotspots.study.between import (
    ELSEWHERE,
    NO_REPORTS,
    NO_WARDS,
    OTHER_GROUND,
    OTHER_MONTHS,
    UNPLACED,
    Compared,
    NotCompared,
)
from hotspots.tables.incidents import ADDRESS, POSTCODE, SNAP_POINT
from hotspots.views import wording

ADDING: Final = (
    "Each month in a file replaces that partner’s month, whole. No police figure changes: "
    "unasked, only the police’s open data is counted, and the sidebar says whose else. A "
    "partner’s report belongs to the force of the ward it lies in. Callers and addresses are "
    "kept as a keyed hash only; the first rows are shown so that you can check the columns."
)


def postcodes(loaded: int) -> str:
    """
    Whether postcodes are loaded, and what for.

    Examples
    --------
    >>> postcodes(31_556)
    '31,556 postcodes are loaded; they place reports that have no better place.'
    """
    if not loaded:
        return "None are loaded: reports that have only a postcode cannot be put on the map."
    return f"{loaded:,} postcodes are loaded; they place reports that have no better place."


OWN_WORDS: Final = (
    "Their words are counted in the whole of each file. Say what a word means here; it is kept "
    "with the source and read so next month."
)
_ROLES: Final = {
    "qualifier": "Personal, nuisance or environmental",
    "reported": "How it was reported",
    "vulnerable": "Whether somebody is vulnerable",
}
_WORDS_MOST: Final = 5


WORD_TABLE: Final = "The same table, filled in elsewhere (CSV or Excel)"


def meaning(ours: str) -> str:
    """
    Our word as people read it.

    Examples
    --------
    >>> meaning("personal"), meaning("")
    ('Personal', 'Says nothing')
    """
    return ours.capitalize() or SAYS_NOTHING.capitalize()


def word_table(words: pd.DataFrame, means: pd.Series) -> pd.DataFrame:
    """A partner's words, in how many rows each stands, and what it means."""
    return pd.DataFrame(
        {
            THEIRS: words.index.astype("str"),
            "Rows": words["rows"].to_numpy(),
            OURS: means.map(meaning).to_numpy(),
        }
    )


def words_brought(found: int, said: int) -> str:
    """
    How many words a table says something of, and how many stand in no file.

    Examples
    --------
    >>> words_brought(70, 72)
    'Read: what 70 words mean. 2 others stand in none of the files.'
    """
    read = f"Read: what {wording.count(found, 'word')} {'means' if found == 1 else 'mean'}."
    others = said - found
    if not others:
        return read
    return f"{read} {wording.count(others, 'other')} {_STAND[others == 1]} in none of the files."


_STAND: Final = {True: "stands", False: "stand"}


def understood(role: str, words: pd.DataFrame, unknown: pd.Index) -> str:
    """
    How many of a partner's words mean something of ours, and which do not.

    Parameters
    ----------
    role
        Whose words they are.
    words
        From `sources.own_words.own_words`.
    unknown
        Words that mean nothing yet, the most frequent first.

    Examples
    --------
    >>> words = pd.DataFrame({"rows": [9, 4]}, index=["Pers", "P1"])
    >>> understood("qualifier", words, pd.Index(["P1"]))
    'Personal, nuisance or environmental: of 2 words, 1 means none of ours, in 4 rows: “P1”.'
    """
    all_of_them = wording.count(len(words), "word")
    if not len(unknown):
        verb = "is" if len(words) == 1 else "are all"
        return f"{_ROLES[role]}: {all_of_them} in use, which {verb} understood."
    rows = int(words.loc[unknown, "rows"].sum())
    listed = ", ".join(f"“{word}”" for word in unknown[:_WORDS_MOST])
    more = " …" if len(unknown) > _WORDS_MOST else "."
    verb = "means" if len(unknown) == 1 else "mean"
    return (
        f"{_ROLES[role]}: of {all_of_them}, {len(unknown):,} {verb} none of ours, in "
        f"{wording.count(rows, 'row')}: {listed}{more}"
    )


def known_words(role: str, many: int) -> str:
    """Title of the words that are understood."""
    return f"{_ROLES[role]}: what {wording.count(many, 'understood word')} {_IS[many == 1]} read as"


_IS: Final = {True: "is", False: "are"}


def rarer(many: int) -> str:
    """Words that are too many to ask about one by one."""
    return (
        f"{wording.count(many, 'rarer word')} {_IS[many == 1]} read as guessed; the mapping file "
        "can name them."
    )


BETWEEN: Final = (
    "Looked at: the study area and months asked for, in wards of local authorities and in "
    "months in which both report. Named are wards and hotspots whose reports divide between the "
    "sources otherwise than all reports do, by more than chance; of the named among those looked "
    "at, at most 5% are so by chance (exact binomial test, Benjamini and Hochberg 1995). Hotspots "
    "are found from the reports of all together, so that no source chooses them, and reports "
    "within the walking radius of one are counted, as one source gives addresses and another map "
    "points. Many reports of one caller, or of one event, can make a place stand out: read them "
    "before you act."
)
_NAMED_MOST: Final = 3


_WHY_NOT: Final = {
    NO_REPORTS: "it has no report of antisocial behaviour in the months asked for",
    UNPLACED: "of its {reports} in the months asked for, none has a place that can be put on the "
    "map; coordinates, or postcodes with a list of postcodes loaded below, would change that",
    NO_WARDS: "no ward boundaries are loaded to count by",
    ELSEWHERE: "of its {reports} in the months asked for, none lies in {area}",
    OTHER_MONTHS: "there is no month in which both it and the others report on {area}",
    OTHER_GROUND: "there is no local authority in {area} that both it and the others report on",
}


def not_compared(one: NotCompared) -> str:
    """
    Why a partner's reports are not set beside the others'.

    Examples
    --------
    >>> not_compared(NotCompared("Crewe council", ELSEWHERE, 1, "Cheshire"))
    'Crewe council is not compared: of its 1 report in the months asked for, none lies in Cheshire.'
    """
    said = _WHY_NOT[one.why].format(reports=wording.count(one.reports, "report"), area=one.area)
    return f"{one.name} is not compared: {said}."


def compared(one: Compared) -> str:
    """What a partner's reports show more, and less, of than the others' do, ward by ward."""
    names = one.table["name"].astype("str")
    return _divided(one, one.table, names, "ward")


def compared_hotspots(one: Compared) -> str:
    """The same, hotspot by hotspot; how many have too few reports to tell is said."""
    table = one.hotspots
    if table.empty:
        return f"All reports of {one.name} and {whose(one)} together make no hotspot."
    names = pd.Series(
        [wording.place(row["streets"], row["ward_name"]) for _, row in table.iterrows()],
        index=table.index,
    )
    few = int(table["ratio"].isna().sum())
    looked_at = len(table) - few
    if not looked_at:
        return f"In none of {wording.count(few, 'hotspot')} are there enough reports to tell."
    said = _divided(one, table, names, "hotspot")
    if few:
        said += f" In {wording.count(few, 'further hotspot')} there are too few reports to tell."
    return said


def _divided(one: Compared, table: pd.DataFrame, names: pd.Series, noun: str) -> str:
    named, others = table.loc[table["named"]], whose(one)
    if named.empty:
        looked_at = int(table["ratio"].notna().sum())
        return (
            f"No {noun} stands out between {one.name} and {others}: of "
            f"{wording.count(looked_at, noun)} with reports enough to tell, none divides "
            "between them otherwise than chance would."
        )
    more, less = named.loc[named["ratio"] > 1], named.loc[named["ratio"] <= 1]
    said = []
    for rows, words in ((more, "more"), (less, "less")):
        if len(rows):
            shown = rows.head(_NAMED_MOST)
            listed = [
                _counts(name, row)
                for name, (_, row) in zip(names.loc[shown.index], shown.iterrows(), strict=True)
            ]
            rest = len(rows) - len(listed)
            further = f" and {wording.count(rest, f'further {noun}')}" if rest else ""
            said.append(f"{one.name} sees {words} than {others} in {', '.join(listed)}{further}.")
    return " ".join(said)


def placed(precision: pd.Series) -> str:
    """
    What the places of some located reports are, by their precision.

    Examples
    --------
    >>> placed(pd.Series(["address", "postcode", "postcode"])).split(": ")[1]
    '1 stands at an address and 2 at the middle of a postcode.'
    """
    many = precision.value_counts()
    address, postcode = (int(many.get(kind, 0)) for kind in (ADDRESS, POSTCODE))
    said = []
    if address:
        said.append(f"{address:,} {'stands' if address == 1 else 'stand'} at an address")
    if postcode:
        verb = "" if said else ("stands " if postcode == 1 else "stand ")
        said.append(f"{postcode:,} {verb}at the middle of a postcode")
    if not said:
        return wording.SNAPPED
    first = f"As partners sent them: {' and '.join(said)}."
    return f"{first} {wording.SNAPPED}" if many.get(SNAP_POINT, 0) else first


def whose(one: Compared) -> str:
    """Who the others are: by name when it is one."""
    return one.others[0] if len(one.others) == 1 else "the other sources"


def _counts(name: str, row: pd.Series) -> str:
    low, high = (f"{row[each]:.1f}" if row[each] < 100 else "100 +" for each in ("low", "high"))  # noqa: PLR2004
    return f"{name} ({row['ours']:,} beside {row['theirs']:,}; {low} to {high} times)"


def below(markdown: str) -> str:
    r"""
    Text with headings of its own, put below the headings of a page: a page has one title.

    Examples
    --------
    >>> below("# What to ask\n\n## Please send")
    '### What to ask\n\n#### Please send'
    """
    return re.sub(r"^(?=#+ )", "##", markdown, flags=re.MULTILINE)
