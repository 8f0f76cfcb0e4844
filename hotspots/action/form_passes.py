"""
Passes for the forms of an assembly: made by this server, for one meeting, used once, for a while.

A pass is a random number and the time it was given out, signed with the meeting's secret, so
that none is held until it comes back with an answer, and its number names that answer.
"""

import hmac
import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from hotspots.action.listening import Meeting
from hotspots.action.resident_answer import AnswerError

# A form that was fetched longer ago than this is fetched again.
FRESH: Final = timedelta(hours=12)
_PASS: Final = re.compile(r"([0-9a-f]{32})-(\d{1,12})-([0-9a-f]{32})")


def new_pass(meeting: Meeting, now: datetime) -> str:
    """A pass for one form: it can be used once, for a while, and nobody else can make one."""
    plain = f"{secrets.token_hex(16)}-{int(now.timestamp())}"
    return f"{plain}-{_signed(meeting, plain)}"


def used_pass(meeting: Meeting, given: str, now: datetime) -> str:
    """
    Number of a pass that this server gave out, not too long ago.

    Raises
    ------
    SelectionError
        When it is none, or too old.
    """
    read = _PASS.fullmatch(given)
    good = read is not None and hmac.compare_digest(
        _signed(meeting, f"{read[1]}-{read[2]}"), read[3]
    )
    if read is None or not good:
        raise AnswerError("not_ours", "This form is not ours; scan the code again.")
    if not 0 <= now.timestamp() - int(read[2]) <= FRESH.total_seconds():
        raise AnswerError("too_old", "This form is too old; scan the code again.")
    return read[1]


def _signed(meeting: Meeting, plain: str) -> str:
    return hmac.new(bytes.fromhex(meeting.secret), plain.encode(), sha256).hexdigest()[:32]
