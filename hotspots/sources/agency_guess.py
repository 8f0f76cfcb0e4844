"""Which column is what, guessed from names and from the first rows; people correct it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyarrow as pa

from hotspots.sources.word_columns import Words
from hotspots.sources.written_times import Fault, understand

_DATE: Final = r"(date|datetime|dt|timestamp|day|when)"
_THING: Final = (
    "(incident|event|occurrence|case|log|report|crime|record|complaint|job|request|service request"
    "|enquiry|ticket|asb|cad|crm|niche|sr|storm)"
)
# Role → patterns of a column's name, the surest first.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "ends_time": (
        r"(end|to|until|latest|finish|last|committed to) (time|tm)",
        r"time (to|end|until|ended)",
    ),
    "begins_time": (
        r"(start|from|earliest|begin|first|committed from) (time|tm)",
        r"time (from|start|began|started|of incident|reported|of report)",
        r"(incident |report |reported |occurred )?time",
        r"(created|logged) time",
    ),
    "ends": (
        rf"({_DATE} ?(time)? )?(end|ended|ends|to|until|latest|finish(ed)?)( {_DATE})?( ?time)?",
        (
            rf"(incident|occurred|committed|event|offence) ({_DATE} )?(end|ended|to|until|latest)"
            rf"( {_DATE})?( ?time)?"
        ),
        rf"{_DATE} (to|end|until|latest)",
    ),
    "begins": (
        rf"{_DATE} ?(time)? (start|started|from|began|earliest|begin)",
        rf"(start|started|from|began|begins|earliest|begin)( {_DATE})?( ?time)?",
        (
            rf"(incident|occurred|committed|event|offence) ({_DATE} )?(start|from|began|earliest)"
            rf"( {_DATE})?( ?time)?"
        ),
        rf"(incident|occurred|occurrence|offence|event|committed)( on)?( {_DATE})?( ?time)?",
        rf"{_DATE} ?(and )?(time)? ?(of )?(the )?(incident|occurred|occurrence|offence|event)?",
        rf"{_DATE} (single|reported|logged|recorded|received|created|raised|opened)",
        (
            rf"(reported|logged|recorded|received|created|raised|opened|call)( on| at)?( {_DATE})"
            r"( ?time)?"
        ),
        r"(reported|logged|recorded|received|created|raised|opened)( on| at)?",
        r"month( reported| of incident)?|year month",
    ),
    "east": (
        r"(ref|grid ref|location|site|osgb|os|bng|gis)? ?eastings?",
        r"(location |geo |map |wgs84 )?(longitude|long|lng|lon)",
        r"(osgr |coord |grid |map )?x( coord(inate)?)?|longitude of the shape",
    ),
    "north": (
        r"(ref|grid ref|location|site|osgb|os|bng|gis)? ?northings?",
        r"(location |geo |map |wgs84 )?(latitude|lat)",
        r"(osgr |coord |grid |map )?y( coord(inate)?)?|latitude of the shape",
    ),
    "postcode": (
        r"(location |incident |site |address |property )?(post ?code|pcode|postal code|zip)s?",
    ),
    "street": (
        r"(street|road)( name)?|on or near",
        r"(incident |site )?location( name| description)?|place|area|site( name)?|address line 1",
    ),
    "qualifier": (
        r"(asb )?(qualifier|strand)",
        r"asb (type|category|sub ?type)",
        r"personal nuisance.*",
    ),
    "kind": (
        (
            r"(incident |report |complaint |case |call |service |asb |request |enquiry )?"
            r"(category|type|classification|nature)( name| description| of .*)?"
        ),
        r"(category|type|sub ?type|sub ?category) ?\d?|kind|subject|what happened|opening code",
        r"(loc|location) (cat|category|type)",
    ),
    "reported": (
        (
            r"(how )?(reported|report|contact|received|call)( by| via| how)?"
            r" ?(method|channel|source|mode|medium|route)?"
        ),
        r"(source|channel|origin|method|how reported|reported (by|via)|came in by)( of .*)?",
    ),
    "vulnerable": (
        r".*vulnerab.*",
        r"(at |high )?risk( flag| level| assessment)?|repeat victim|victim at risk|safeguarding.*",
    ),
    "repeat": (
        (
            r"(caller|complainant|reporter|customer|tenant|victim|household|tenancy|person|account)"
            r"( id| ref| reference| number| no| key| urn| name)?"
        ),
        (
            r"uprn|(caller |complainant |contact )?(phone|telephone|mobile|email)"
            r"( number| no| address)?"
        ),
        r"repeat( key| caller| location)?|(full )?address|property( ref| id)?",
    ),
    "identifier": (
        rf"({_THING} ?){{0,2}}(uid|urn|id|ref|reference)( ?(id|no|number))?",
        rf"({_THING} ?){{1,2}}(no|number)?",
        r"(unique|our|serial|row) (id|ref|reference|number|no)|reference (number|no)|no|number",
        r"object ?id|fid",
    ),
    "text": (
        (
            r"(incident |case |log |report |initial )?"
            r"(notes?|description|details?|comments?|narrative|summary|text|free text|log)"
        ),
    ),
}
_WORDS_OF: Final = {
    "qualifier": re.compile(r"personal|nuisance|environmental", re.IGNORECASE),
    "postcode": re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE),
}
_NUMERIC: Final = re.compile(r"\s*[+-]?[\d, ]*\.?\d+\s*")
_SLASHED: Final = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})\b")
_ENOUGH: Final = 0.6
_TWELVE: Final = 12


def guess(
    columns: Sequence[str], rows: Mapping[str, Sequence[str]] | None = None
) -> dict[str, str]:
    """
    Role → column, as far as names and first rows tell.

    Parameters
    ----------
    columns
        Names of the columns.
    rows
        The first cells of each column.

    Examples
    --------
    >>> guess(["Ref", "Incident Date", "Post Code"])
    {'begins': 'Incident Date', 'postcode': 'Post Code', 'identifier': 'Ref'}
    """
    rows = rows or {}
    plain = {name: normal(name) for name in columns}
    found: dict[str, str] = {}
    for role, patterns in _NAMES.items():
        fits = (
            name
            for pattern in patterns
            for name in columns
            if name not in found.values()
            and re.fullmatch(pattern, plain[name])
            and _likely(role, rows.get(name, ()))
        )
        if name := next(fits, None):
            found[role] = name
    for role, pattern in _WORDS_OF.items():
        if role not in found:
            for name in columns:
                cells = [cell for cell in rows.get(name, ()) if cell and cell.strip()]
                hits = sum(bool(pattern.search(cell)) for cell in cells if len(cell) < 40)  # noqa: PLR2004
                if name not in found.values() and cells and hits > _ENOUGH * len(cells):
                    found[role] = name
                    break
    if "begins" not in found and "ends" in found:
        found["begins"] = found.pop("ends")
    if ("east" in found) != ("north" in found):
        found.pop("east", None), found.pop("north", None)
    order = [role for role in _ORDER if role in found]
    return {role: found[role] for role in order}


_ORDER: Final = (
    "begins", "begins_time", "ends", "ends_time", "east", "north", "postcode", "street", "kind",
    "qualifier", "reported", "vulnerable", "repeat", "identifier", "text",
)  # fmt: skip


def day_first(cells: Iterable[str]) -> bool:
    """
    Whether dates such as 03/01/2025 are of January: yes, unless the cells say otherwise.

    Examples
    --------
    >>> day_first(["03/01/2025", "04/25/2025"]), day_first(["03/01/2025", "25/04/2025"])
    (False, True)
    """
    found = [_SLASHED.match(cell) for cell in cells if cell]
    pairs = [(int(each[1]), int(each[2])) for each in found if each]
    return not any(b > _TWELVE for _, b in pairs) or any(a > _TWELVE for a, _ in pairs)


def likeness(columns: Sequence[str]) -> int:
    """How many kinds of column a header seems to have."""
    return len(guess([name for name in dict.fromkeys(columns) if name]))


def normal(name: str) -> str:
    """
    Column's name in plain words.

    Examples
    --------
    >>> normal("IncidentDate_From")
    'incident date from'
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", parted.casefold()).split())[:60]


def _likely(role: str, cells: Sequence[str]) -> bool:
    """Whether the first cells can be what a name promises; blank ones say nothing."""
    known = [cell for cell in cells if cell and cell.strip()]
    if not known:
        return True
    numbers = sum(bool(_NUMERIC.fullmatch(cell)) for cell in known) / len(known)
    if role in {"east", "north"}:
        return numbers > 0.5  # noqa: PLR2004
    if role in {"begins", "ends"}:
        # 31/02/2025, and 04/25/2025 to who expects the day first, are dates gone wrong.
        fault = understand(Words.of(pa.chunked_array([pa.array(known)]))).fault
        wrong = [cell.strip()[:1].isdigit() for cell in known] & (fault == Fault.IMPOSSIBLE)
        return bool(((fault == Fault.NONE) | wrong).mean() > 0.5)  # noqa: PLR2004
    if role in {"begins_time", "ends_time"}:
        return sum(any(map(str.isdigit, cell)) for cell in known) > 0.5 * len(known)
    if role in {"kind", "street", "text"}:
        return numbers < 0.5  # noqa: PLR2004
    return True
