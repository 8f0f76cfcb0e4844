"""What a link asks for, read part by part: anything may stand in it."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from hotspots.errors import SelectionError
from hotspots.periods import Period, parse_month
from hotspots.settings import Setting

_KEY = re.compile(r"[A-Z0-9]{4,20}")
_WHOLE_NUMBER = re.compile(r"\d{1,6}")


class Link:
    """
    One link, read part by part; what cannot be read leaves a notice.

    Parameters
    ----------
    query
        Names and values of the link; anything may stand in it.

    Attributes
    ----------
    notices
        A sentence for each part that fell back so far.
    """

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query
        self.notices: list[str] = []

    def text(self, name: str) -> str:
        """What the link says under a name; empty where it says nothing."""
        return str(self._query.get(name, ""))

    def _fell_back(self, name: str) -> None:
        value = self.text(name)
        shown = value if len(value) <= 30 else f"{value[:30]}…"  # noqa: PLR2004
        self.notices.append(
            f"The link asks for {name} “{shown}”, which is not available; the default is shown."
        )

    def one_of(self, name: str, allowed: Mapping[str, object], default: str) -> str:
        """A word of a list, or the default."""
        value = self.text(name)
        if value in allowed:
            return value
        if value:
            self._fell_back(name)
        return default

    def some_of(self, name: str, allowed: Iterable[str], usual: Iterable[str]) -> tuple[str, ...]:
        """Words of a list, in the order of what is allowed; none when they are the usual."""
        asked, known = self.text(name).split(), list(allowed)
        if any(word not in known for word in asked):
            self._fell_back(name)
        chosen = tuple(word for word in known if word in asked)
        return () if set(chosen) == set(usual) else chosen

    def number(self, name: str, setting: Setting) -> int | None:
        """A whole number, moved into what the setting allows; nothing where none is asked."""
        value = self.text(name)
        if not value:
            return None
        if not _WHOLE_NUMBER.fullmatch(value) or not value.isascii():
            self._fell_back(name)
            return None
        clamped = setting.clamp(int(value))
        if clamped != int(value):
            self.notices.append(
                f"The link asks for {name} {value}; {clamped} is the nearest allowed value."
            )
        return clamped

    def month(self, name: str, default: pd.Period, held: Period) -> pd.Period:
        """A month that is held, or the default."""
        value = self.text(name)
        if not value:
            return default
        try:
            month = parse_month(value)
        except SelectionError:
            self._fell_back(name)
            return default
        if month not in held:
            self._fell_back(name)
            return default
        return month

    def period(self, default: Period, held: Period) -> Period:
        """The months from `from` to `to`, both held; a year where only the last is asked."""
        last = self.month("to", default.last, held)
        first = self.month("from", max(held.first, min(default.first, last - 11)), held)
        if first > last:
            self.notices.append(f"The link's months run backwards; {default} is shown.")
            return default
        return Period(first, last)

    def vintage(self, vintages: tuple[int, ...]) -> int | None:
        """A year of boundaries that are loaded, or the newest."""
        default = str(vintages[0]) if vintages else ""
        value = self.one_of("wards", {str(year): year for year in vintages}, default)
        return int(value) if value else None

    def key(self, name: str) -> str | None:
        """Key of a hotspot or area: letters and digits alone."""
        value = self.text(name)
        if value and not _KEY.fullmatch(value):
            self._fell_back(name)
            return None
        return value or None

    def shown(self, *, default: str) -> set[str]:
        """Names of the layers that are on."""
        return set((self.text("show") or default).split())
