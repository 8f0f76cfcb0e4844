"""
Where residents answer: a light page of the same server, with no session of the app behind it.

What comes in is small, comes once, and comes from a form this server gave out; anything else
is refused in one sentence.
"""

import hashlib
import time
from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock
from typing import Final
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from hotspots.action import listening
from hotspots.action.form_passes import new_pass, used_pass
from hotspots.action.records import exist, open_records
from hotspots.action.resident_answer import Answer, AnswerError
from hotspots.errors import HotspotsError
from hotspots.publish.words import ENGLISH, Words, languages
from hotspots.settings import data_folder
from hotspots.views import listen_form

PATH: Final = "say"
MOST_BYTES: Final = 8_192
_MOST_FIELDS: Final = 30
# One address may stand for a whole room behind one router, but not for a machine that floods.
_BURST: Final = 120
_A_SECOND: Final = 2.0
_ADDRESSES: Final = 2_000
_SCRIPT: Final = f"listen-{hashlib.sha256(listen_form.SCRIPT).hexdigest()[:12]}.js"
_FOREVER: Final = "public, max-age=31536000, immutable"


class Gate:
    """Lets each address in so often: a bucket that fills again as time goes by."""

    def __init__(self, burst: int = _BURST, a_second: float = _A_SECOND) -> None:
        self.burst, self.a_second = burst, a_second
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def lets_in(self, address: str, now: float) -> bool:
        """Whether one more may come in from an address."""
        with self._lock:
            left, at = self._held.pop(address, (float(self.burst), now))
            left = min(self.burst, left + (now - at) * self.a_second)
            allowed = left >= 1
            self._held[address] = (left - allowed, now)
            while len(self._held) > _ADDRESSES:
                self._held.popitem(last=False)
            return allowed


_gate: Final = Gate()


class _TooBigError(Exception):
    """More came than an answer can be."""


def routes(root: str) -> list[BaseRoute]:
    """Addresses of the page and its script, under the server's base path."""
    return [
        Route(f"{root}/{PATH}/{_SCRIPT}", _script),
        Route(f"{root}/{PATH}/{{meeting}}", _show, methods=["GET"]),
        Route(f"{root}/{PATH}/{{meeting}}", _take, methods=["POST"]),
    ]


async def _script(_request: Request) -> Response:
    headers = {"Cache-Control": _FOREVER}
    return Response(listen_form.SCRIPT, media_type="text/javascript", headers=headers)


def _show(request: Request) -> Response:
    """The form; a fresh pass each time."""
    return _form(request.path_params["meeting"], _words(request))


async def _take(request: Request) -> Response:
    """One answer."""
    words, meeting = _words(request), request.path_params["meeting"]
    address = request.client.host if request.client else ""
    if not _gate.lets_in(address, time.monotonic()):
        return _said(words, words("listen.busy"), status=429)
    try:
        body = await _body(request)
    except _TooBigError:
        return _said(words, words("listen.big"), status=413)
    except ClientDisconnect:
        return Response(status_code=400)
    return await run_in_threadpool(_kept, meeting, body, words)


async def _body(request: Request) -> bytes:
    """What was sent, given up as soon as it is more than an answer can be."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > MOST_BYTES:
        raise _TooBigError
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise _TooBigError
    return body


def _kept(meeting: str, body: bytes, words: Words) -> Response:
    try:
        sent = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS, strict_parsing=False)
        number = _number(meeting, (sent.get("pass") or [""])[0])
        answer = Answer(
            tuple(sent.get("mark", ())),
            tuple(sent.get("priority", ())),
            (sent.get("words") or [""])[0],
        )
        new = listening.take(open_records(data_folder()), meeting, {number: answer}, way="phone")
    except HotspotsError as error:
        return _form(meeting, words, problem=_told(error, words))
    except ValueError:  # neither text nor a form
        return _said(words, words("listen.big"), status=400)
    return _said(words, words("listen.thanks" if new else "listen.again"))


def _number(meeting: str, given: str) -> str:
    with open_records(data_folder()).reading() as session:
        held = listening.find(session, meeting)
        return used_pass(held, given, datetime.now(UTC))


def _form(meeting: str, words: Words, *, problem: str = "") -> Response:
    try:
        if not exist(data_folder()):
            return _said(words, words("listen.no_meeting"), status=404)
        with open_records(data_folder()).reading() as session:
            held = listening.find(session, meeting)
            if held.closed_at is not None:
                return _said(words, words("listen.ended"), status=410)
            page = listen_form.form(
                words,
                name=held.name,
                drawn=held.picture,
                hexagons=held.hexagons,
                passed=new_pass(held, datetime.now(UTC)),
                script=_SCRIPT,
                problem=problem,
            )
    except HotspotsError as error:
        return _said(words, _told(error, words), status=404)
    return HTMLResponse(page, status_code=400 if problem else 200, headers=_UNKEPT)


_UNKEPT: Final = {"Cache-Control": "no-store"}


def _words(request: Request) -> Words:
    """Words of the language that the address asks for, where there are any."""
    asked = request.query_params.get("language", ENGLISH)
    return Words(asked if asked in languages() else ENGLISH)


def _told(error: HotspotsError, words: Words) -> str:
    """What is wrong, in the resident's language."""
    if isinstance(error, AnswerError):
        return words(f"listen.{error.key}", **error.fields)
    return str(error)


def _said(words: Words, sentence: str, *, status: int = 200) -> Response:
    page = listen_form.message(words, words("page.everywhere"), sentence)
    return HTMLResponse(page, status_code=status, headers=_UNKEPT)
