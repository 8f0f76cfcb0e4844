"""What a failed request means for the person who made it, in one sentence; and its errors."""

import errno
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from http.client import IncompleteRead as CutInTransfer
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions

from hotspots.errors import SourceError

_NO_WAY: Final = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
_CUT: Final = (
    exceptions.IncompleteRead,
    exceptions.ProtocolError,
    exceptions.DecodeError,
    CutInTransfer,
    ConnectionResetError,
    BrokenPipeError,
)
_SLOW: Final = (exceptions.TimeoutError, requests.Timeout, TimeoutError)


class WebError(SourceError):
    """
    A site did not give what was asked of it.

    Attributes
    ----------
    status
        What it answered; None when it did not answer.
    """

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class NoWayError(WebError):
    """The site cannot be reached from here at all; another address of it cannot either."""


class CutError(WebError):
    """An answer ended before its end, or came too slowly to wait for."""


def said(error: BaseException, url: str) -> tuple[str, bool]:
    """
    A failure in words, and whether asking again may help.

    Parameters
    ----------
    error
        What requests, or what lies under it, raised.
    url
        What was asked for.
    """
    site = site_of(url)
    causes = list(_causes(error))
    for fits, sentence, passing in _RULES:
        if fits(causes):
            return sentence(site, causes), passing
    return f"{url} cannot be asked ({type(error).__name__}); check the address.", False


def site_of(url: str) -> str:
    """
    Name of the site that an address is on; the address where it is none.

    Examples
    --------
    >>> site_of("https://data.police.uk/api/forces"), site_of("http://[")
    ('data.police.uk', 'http://[')
    """
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _of_proxy(site: str, causes: list[BaseException]) -> str:
    if any("407" in str(cause) for cause in causes):
        return (
            f"{site} cannot be reached: the proxy ({_proxy()}) asks for a name and a password "
            "(407); set HTTPS_PROXY with them, or ask whoever runs the network."
        )
    return (
        f"{site} cannot be reached: the proxy ({_proxy()}) does not let it through; check "
        "HTTPS_PROXY, or ask whoever runs the network."
    )


def _of_certificates(site: str, causes: list[BaseException]) -> str:
    if not any("CERTIFICATE_VERIFY_FAILED" in str(cause) for cause in causes):
        return f"A safe connection to {site} could not be made; a proxy may stand in the way."
    return (
        f"{site} shows a certificate that this machine does not trust; if your network has its "
        "own, name its file of certificates with REQUESTS_CA_BUNDLE or SSL_CERT_FILE."
    )


def _of_bundle(_: str, __: list[BaseException]) -> str:
    named = next((name for name in _BUNDLES if os.environ.get(name)), _BUNDLES[0])
    return f"There is no file of certificates at {os.environ.get(named)}; mend {named}."


def _proxy() -> str:
    """The proxy as set, without the name and password that may stand in it."""
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    given = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return given.rsplit("@", 1)[-1].rsplit("//", 1)[-1].strip("/") or "set in the system"


def _has(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """A failure, and every failure inside it."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting += [cause for cause in inner if isinstance(cause, BaseException)]


_Causes = list[BaseException]
# What fits first is said. The third word: whether asking again may help.
_RULES: Final[tuple[tuple[Callable[[_Causes], bool], Callable[[str, _Causes], str], bool], ...]] = (
    (
        lambda causes: _has(causes, exceptions.ProxyError, requests.exceptions.ProxyError),
        _of_proxy,
        False,
    ),
    (
        lambda causes: _has(causes, requests.exceptions.InvalidProxyURL),
        lambda *_: f"The proxy’s address cannot be used ({_proxy()}); mend HTTPS_PROXY.",
        False,
    ),
    (
        lambda causes: _has(
            causes, ssl.SSLError, exceptions.SSLError, requests.exceptions.SSLError
        ),
        _of_certificates,
        False,
    ),
    (
        lambda causes: any("CA certificate bundle" in str(cause) for cause in causes),
        _of_bundle,
        False,
    ),
    (
        lambda causes: _has(causes, socket.gaierror, exceptions.NameResolutionError),
        lambda site, _: (
            f"{site} cannot be found: there is no network here, or its name service does not "
            "answer; check the connection, or set HTTPS_PROXY if a proxy is needed."
        ),
        False,
    ),
    (
        lambda causes: _has(causes, ConnectionRefusedError),
        lambda site, _: f"{site} refuses the connection; try again later, or check the firewall.",
        False,
    ),
    (
        lambda causes: any(isinstance(one, OSError) and one.errno in _NO_WAY for one in causes),
        lambda site, _: f"There is no way to {site} from this network; check the connection.",
        False,
    ),
    (
        lambda causes: _has(causes, requests.ConnectTimeout, exceptions.ConnectTimeoutError),
        lambda site, _: (
            f"{site} cannot be reached: nothing answers at all, as when a firewall is in the way; "
            "check the connection, or set HTTPS_PROXY if a proxy is needed."
        ),
        False,
    ),
    (
        lambda causes: _has(causes, *_SLOW),
        lambda site, _: f"{site} did not answer in time; try again later.",
        True,
    ),
    (
        lambda causes: _has(causes, *_CUT),
        lambda site, _: f"{site} broke off in the middle of its answer; try again.",
        True,
    ),
    (
        lambda causes: _has(causes, requests.TooManyRedirects),
        lambda site, _: f"{site} sends in circles from one address to another; try again later.",
        False,
    ),
)
