"""
What can go wrong, worded for the person at the screen.

Every error that a reader may meet is a `HotspotsError`: one sentence that says
what is wrong, where, and what to do. Anything else is a fault of ours.
"""


class HotspotsError(Exception):
    r"""
    The root of every error that is worded for a reader.

    It is one line, whatever it quotes.

    Examples
    --------
    >>> print(HotspotsError("“2025\n03” is no month."))
    “2025 03” is no month.
    """

    def __str__(self) -> str:
        """Its sentence."""
        return " ".join(super().__str__().split())


class SourceError(HotspotsError):
    """A file or an answer from outside cannot be used as it is."""


class TableError(HotspotsError):
    """A table breaks its contract."""


class LibraryError(HotspotsError):
    """What has been imported cannot be read, or cannot be written."""


class SelectionError(HotspotsError):
    """Something was asked for that the loaded data does not hold."""


class RecordsError(HotspotsError):
    """The records of what people decided cannot be read, or cannot be written."""


class ChangedMeanwhileError(RecordsError):
    """Somebody else changed the same thing first."""


class DeniedError(HotspotsError):
    """Somebody asked for what their role may not see or do."""
