"""
Where a request comes from: this machine, or anywhere else.

Where nobody signs in, only a browser on this machine is trusted. A request counts as one
of this machine when its connection is, it asks for this machine by a name of its own, and
nothing says that it was passed on. Each such request is marked with a word that only this
process knows.
"""

import secrets
from ipaddress import ip_address
from typing import Final

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_MARK: Final = "x-hotspots-here"
_WORD: Final = secrets.token_urlsafe(32)
_PASSED_ON: Final = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip")
_NAMES: Final = {"localhost", "127.0.0.1", "::1"}
# What no reader from elsewhere needs, where nobody can sign in.
_NOT_ELSEWHERE: Final = ("/_stcore/upload_file", "/_stcore/metrics", "/_stcore/agent")
_REFUSED: Final = "This is for the machine itself, or for those who have signed in."
_serving: list[bool] = []


class Callers:
    """Marks what comes from this machine, and refuses the rest what is not for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        _serving.append(True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, marked; or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if near(scope):
            mark = (_MARK.encode(), _WORD.encode())
            scope = {**scope, "headers": [*scope["headers"], mark]}
        elif not sign_in_configured() and any(part in scope["path"] for part in _NOT_ELSEWHERE):
            await PlainTextResponse(_REFUSED, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def near(scope: Scope) -> bool:
    """Whether a request comes from this machine and nowhere else."""
    headers = Headers(scope=scope)
    if any(name in _PASSED_ON or name.startswith("x-forwarded") for name in headers):
        return False
    if _host(headers.get("host", "")) not in _NAMES:
        return False
    try:
        return ip_address(scope["client"][0]).is_loopback
    except (KeyError, TypeError, ValueError):
        return False


def _host(host: str) -> str:
    """
    Host without its port.

    Examples
    --------
    >>> _host("localhost:8501"), _host("[::1]:8501"), _host("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    if host.startswith("["):
        return host[1:].split("]", maxsplit=1)[0]
    return host.split(":", maxsplit=1)[0].casefold()


def here() -> bool:
    """
    Whether the session that runs now belongs to a browser on this machine.

    A script that no server runs, as a test's, has no headers and is this machine's own.
    """
    if not _serving:
        return not st.context.headers
    return secrets.compare_digest(st.context.headers.get(_MARK) or "", _WORD)


def sign_in_configured() -> bool:
    """Whether the secrets of Streamlit name a provider to sign in with."""
    return bool(st.secrets.load_if_toml_exists() and "auth" in st.secrets)
