"""What partners' own words mean in ours: qualifier, how reported, vulnerable, who called."""

import hmac
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotspots.sources.agency_mapping import MEANINGS
from hotspots.sources.word_columns import Words

# Our word → what theirs may begin with, or hold as a whole word; the first that fits.
_MEANT: Final[Mapping[str, Mapping[str, str]]] = {
    "qualifier": {
        "personal": r"personal|pers|targeted",
        "environmental": r"environment\w*|env|litter\w*|fly.?tip\w*|graffiti",
        "nuisance": r"nuisance|nuis|community|public nuisance",
    },
    "reported": {
        "sensor": r"sensors?|cctv|camera|anpr|noise app|noise monitor\w*|automatic\w*|alarm",
        "officer": r"officers?|police generated|self.?generated|proactive|patrol\w*|wardens?|staff|"
        r"pcso|internal|observed|councillor",
        "online": r"online|web\w*|app|e.?mail|form|portal|internet|single online home|qr\w*|"
        r"digital|social media|facebook|text|sms",
        "public": r"public|phone\w*|tel|tele\w*|call\w*|101|999|in person|"
        r"front (desk|counter|office)|letter|resident|tenant|victim|walk.?in|"
        r"face to face|visit|contact centre|member\b.*",
    },
}
_YES: Final = frozenset({"y", "yes", "true", "t", "1", "high", "vulnerable", "v", "x"})
_NO: Final = frozenset(
    {"n", "no", "false", "f", "0", "none", "low", "standard", "not vulnerable", "nil", "not known"}
)
KEY_LETTERS: Final = 16
# A data folder whose salt has half as many was made when keys were HMAC-SHA256; it keeps
# them, so that who called before is still known when they call again.
SALT_BYTES: Final = 64
OLD_SALT_BYTES: Final = 32


def coded(
    column: str, words: Words, own: Mapping[str, str] | None = None
) -> tuple[NDArray[np.int8], list[str]]:
    """
    Place of each row's word among `agency_mapping.MEANINGS`, and words that mean none.

    Parameters
    ----------
    column
        A key of `agency_mapping.MEANINGS`.
    words
        As the partner writes them.
    own
        Their word → ours, before any guess; empty = it says nothing.
    """
    said = {word.casefold(): ours for word, ours in (own or {}).items()}
    unknown: list[str] = []

    def place(word: str) -> int:
        ours = said.get(word.casefold(), meant(column, word))
        if ours is None:
            unknown.append(word)
        return MEANINGS[column].index(ours) if ours else -1

    return words.each(place, blank=-1, kind=np.int8), unknown


def meant(column: str, word: str) -> str | None:
    """
    Our word for theirs; None when there is no telling.

    Examples
    --------
    >>> meant("qualifier", "ASB - Personal"), meant("reported", "Web form")
    ('personal', 'online')
    """
    if column == "vulnerable":
        plain = word.casefold()
        return "yes" if plain in _YES else "no" if plain in _NO else None
    for ours, pattern in _MEANT[column].items():
        if _whole(pattern).search(word[:80].casefold()):
            return ours
    return None


@lru_cache(maxsize=32)
def _whole(pattern: str) -> "re.Pattern[str]":
    return re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])")


def hashed(words: Words, salt: bytes, source: str) -> pa.DictionaryArray:
    """
    Who called, or from where, as a keyed hash: the same within a source, and no more.

    The same person or address has the same key each month. Without the salt, which stays
    in the data folder, no key can be traced to a person; keys of two sources never match.
    Keyed BLAKE2b of 64 bits (RFC 7693).
    """
    return words.recoded(_keyed(salt, source))


def _keyed(salt: bytes, source: str) -> Callable[[str], str]:
    first = source.casefold().encode() + b"\0"
    begun: hmac.HMAC | blake2b
    if len(salt) == SALT_BYTES:
        begun = blake2b(first, key=salt, digest_size=KEY_LETTERS // 2)
    else:
        begun = hmac.new(salt, first, "sha256")

    def key(word: str) -> str:
        mine = begun.copy()  # the salt and the source are taken in once, not for each word
        mine.update("".join(word.casefold().split()).encode())
        return mine.hexdigest()[:KEY_LETTERS]

    return key
