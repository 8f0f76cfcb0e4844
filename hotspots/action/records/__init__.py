"""
What people decided and did, and the trail of who changed what.

`open_records(folder)` gives a `Records`; `with records.session() as session:` writes whole
or not at all; `note(session, kind, who, what, why)` adds to the audit trail with it. Tables
derive from `Base`, and from `Versioned` where two people may edit the same row.
"""

from hotspots.action.records.audit import (
    BEGINNING,
    ERASED,
    ERASURE,
    blank,
    broken_at,
    is_blank,
    last_hash,
    newest,
    note,
)
from hotspots.action.records.database import CHANGED, Records, exist, open_records
from hotspots.action.records.tables import KINDS, Audit, Base, Moment, Versioned, Words, clean
from hotspots.action.records.versions import expect

__all__ = [
    "BEGINNING",
    "CHANGED",
    "ERASED",
    "ERASURE",
    "KINDS",
    "Audit",
    "Base",
    "Moment",
    "Records",
    "Versioned",
    "Words",
    "blank",
    "broken_at",
    "clean",
    "exist",
    "expect",
    "is_blank",
    "last_hash",
    "newest",
    "note",
    "open_records",
]
