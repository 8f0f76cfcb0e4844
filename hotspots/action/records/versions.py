"""Whether what a person edited is still what they saw."""

from typing import TypeVar

from sqlalchemy.orm import Session

from hotspots.action.records.database import CHANGED
from hotspots.action.records.tables import Versioned
from hotspots.errors import ChangedMeanwhileError, SelectionError

Row = TypeVar("Row", bound=Versioned)


def expect(session: Session, table: type[Row], key: object, version: int) -> Row:
    """
    A row to change, if it still is the version that the person saw.

    Parameters
    ----------
    session
        From `Records.session`.
    table, key
        A table that is `Versioned`, and the row's primary key.
    version
        What the form was filled from.

    Raises
    ------
    ChangedMeanwhileError
        When somebody changed it since; nothing is overwritten.
    SelectionError
        When there is no such row any more.
    """
    row = session.get(table, key)
    if row is None:
        raise SelectionError("This is no longer in the records; open the page again.")
    if row.version != version:
        raise ChangedMeanwhileError(CHANGED)
    return row
