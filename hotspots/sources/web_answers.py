"""What a site answered: whether it is what was asked for, and what to say when it is not."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from hotspots.sources.web_faults import CutError, WebError, site_of

OK: Final = 200
PARTIAL: Final = 206

# No wait that a server asks for is longer than this; seconds.
_LONGEST_WAIT: Final = 120.0
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True)
class Remote:
    """
    A file on a site.

    Attributes
    ----------
    url, length
        Where it is, and its bytes.
    etag
        Which edition it is; empty when the site does not say.
    ranges
        Whether parts of it can be asked for.
    """

    url: str
    length: int
    etag: str
    ranges: bool

    @property
    def name(self) -> str:
        """Its own name, without folders."""
        return urlsplit(self.url).path.rsplit("/", 1)[-1]


def pause(attempt: int) -> float:
    """Seconds until something is asked again: 1, 2, 4 and so on, at most 30."""
    return float(min(2**attempt, 30))


def asked_wait(response: requests.Response) -> float | None:
    """Seconds that Retry-After names, within reason; None when it is not there."""
    given = response.headers.get("Retry-After", "").strip()
    if given.isdecimal():
        return min(float(given), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, min((until - datetime.now(UTC)).total_seconds(), _LONGEST_WAIT))


def refused(url: str, status: int) -> str:
    """What a status means for a reader."""
    site = site_of(url)
    told = {
        401: "asks for a name and a password, which open data does not need; a proxy may stand "
        "between; try from another network",
        403: "refuses this machine; a proxy may stand between; try from another network",
        404: "has no such page; it may have moved, or the month is not published",
        407: "cannot be reached: the proxy asks for a name and a password; set HTTPS_PROXY with "
        "them, or ask whoever runs the network",
        429: "says that too many requests came; wait a minute and try again",
        503: "is out of service, or was asked for too much at once; try again later",
    }
    return (
        f"{site} {told.get(status, 'has a fault of its own; try again later')} ({status}, {url})."
    )


def parsed(data: bytes, response: requests.Response) -> Any:
    """A body as JSON; refused when it is a web page, or cut short."""
    url = str(response.url).split("?", maxsplit=1)[0]
    if data.lstrip()[:1] == b"<":
        raise WebError(_web_page(url), response.status_code)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CutError(
            f"{site_of(url)} sent an answer that is damaged or cut short ({len(data):,} bytes from "
            f"{url}); try again."
        ) from error


def _web_page(url: str) -> str:
    return (
        f"{site_of(url)} was asked for data and a web page came ({url}); a sign-in page or a proxy "
        "stands in the way: open the address in a browser, sign in, and try again."
    )


def no_web_page(response: requests.Response) -> None:
    """Refuse a web page where a file is due."""
    if response.headers.get("Content-Type", "").casefold().startswith("text/html"):
        raise WebError(_web_page(str(response.url)), response.status_code)


def range_of(remote: Remote, start: int, stop: int) -> dict[str, str]:
    """Headers that ask for a part, and only of the same edition."""
    headers = {"Accept-Encoding": "identity"}
    if remote.ranges:
        headers["Range"] = f"bytes={start}-{stop - 1}"
        if remote.etag and not remote.etag.startswith("W/"):
            headers["If-Range"] = remote.etag
    return headers


def content_range(response: requests.Response) -> tuple[int, int, int]:
    """First byte, byte after the last, and the length of the whole."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if match is None:
        raise WebError(f"{site_of(str(response.url))} sent a part without saying which; try again.")
    return int(match[1]), int(match[2]) + 1, int(match[3])


def check_range(response: requests.Response, remote: Remote, start: int, stop: int) -> None:
    """Refuse a part that is another than was asked for, or of another edition."""
    no_web_page(response)
    etag = response.headers.get("ETag", remote.etag)
    if response.status_code != PARTIAL or etag != remote.etag:
        raise WebError(f"{remote.url} was changed while it was being read; try again.")
    first, end, length = content_range(response)
    if length != remote.length:
        raise WebError(f"{remote.url} was changed while it was being read; try again.")
    if first != start or end > stop:
        raise WebError(f"{site_of(remote.url)} sent another part than was asked for; try again.")


def check_whole(response: requests.Response, remote: Remote) -> None:
    """Refuse a whole file that is another than was found."""
    no_web_page(response)
    given = response.headers.get("Content-Length", str(remote.length))
    if response.status_code != OK or given != str(remote.length):
        raise WebError(f"{remote.url} was changed while it was being read; try again.")


def cut_off(url: str, came: int, due: int) -> str:
    """What to say of a file that ended before its end."""
    return f"{site_of(url)} broke off after {came:,} of {due:,} bytes of {url}; try again."
