"""
Asking a web site, and saying in one sentence what went wrong when it did not answer.

The proxy and the certificates are the system's: HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE,
SSL_CERT_FILE. Nothing is asked until a function here is called. What is cut is taken up
where it ended, what is too slow is dropped, and nothing is read beyond a bound.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

import requests
from urllib3.exceptions import HTTPError

import hotspots
from hotspots.sources.leaky_bucket import LeakyBucket
from hotspots.sources.web_answers import (
    OK,
    PARTIAL,
    Remote,
    asked_wait,
    check_range,
    check_whole,
    content_range,
    cut_off,
    no_web_page,
    parsed,
    pause,
    range_of,
    refused,
)
from hotspots.sources.web_faults import CutError, NoWayError, WebError, said, site_of

__all__ = ["Body", "CutError", "LeakyBucket", "NoWayError", "Remote", "Web", "WebError"]

MAX_JSON_BYTES: Final = 128 << 20
MAX_RANGE_BYTES: Final = 512 << 20

_STEP: Final = 1 << 16
# Worth asking again: too many requests, and a server or gateway out of breath.
_AGAIN: Final = {429, 500, 502, 503, 504}
_NOT_NOW: Final = 503
# A range may be cut this often in all, however little came each time.
_MOST_CUTS: Final = 50


@dataclass(frozen=True)
class Body:
    """An answer in JSON: what it says, and its bytes."""

    value: Any
    data: bytes


@dataclass
class Web:
    """
    Requests that respect the system's proxy, a site's limit and a reader's patience.

    Attributes
    ----------
    bucket
        How many requests a second; None = as they come.
    tries
        How often one thing is asked before giving up.
    timeouts_s
        Until a connection stands, and between two pieces of an answer.
    slowest_bytes_per_s, patience_s
        An answer that has come more slowly than this for so long is dropped.
    sleep, clock
        Waiting, and seconds now.
    """

    bucket: LeakyBucket | None = None
    tries: int = 5
    timeouts_s: tuple[float, float] = (15, 60)
    slowest_bytes_per_s: float = 500
    patience_s: float = 60
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    session: requests.Session = field(default_factory=lambda: _session())  # noqa: PLW0108 - defined below

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def json(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        post: bool = False,
        patient: bool = True,
        limit: int = MAX_JSON_BYTES,
    ) -> Body:
        """
        An answer in JSON.

        Parameters
        ----------
        params
            In the address, or in the body of a POST.
        patient
            Whether to ask again after 503; without, the caller has another way.
        limit
            Bytes, unpacked, that are read at most.

        Raises
        ------
        WebError
            In one sentence.
        """
        asked: dict[str, Any] = {"data": params} if post else {"params": params}
        for attempt in range(self.tries):
            try:
                with closing(
                    self._open("POST" if post else "GET", url, patient=patient, **asked)
                ) as response:
                    data = b"".join(self._pieces(response, limit))
                    return Body(parsed(data, response), data)
            except CutError:
                if attempt + 1 == self.tries:
                    raise
                self.sleep(pause(attempt))
        raise AssertionError  # tries is at least one

    def find(self, url: str) -> Remote:
        """
        What a file on a site is: its length, edition, and whether parts can be asked for.

        Raises
        ------
        WebError
            In one sentence; status 404 when there is none.
        """
        headers = {"Range": "bytes=0-0", "Accept-Encoding": "identity"}
        with closing(self._open("GET", url, headers=headers)) as response:
            no_web_page(response)
            etag = response.headers.get("ETag", "")
            if response.status_code == PARTIAL:
                _, _, length = content_range(response)
                return Remote(url, length, etag, ranges=True)
            given = response.headers.get("Content-Length", "")
            if not given.isdecimal():
                raise WebError(f"{site_of(url)} does not say how large {url} is; try again later.")
            return Remote(url, int(given), etag, ranges=False)

    def part(self, remote: Remote, start: int, stop: int) -> bytes:
        """
        Bytes of a remote file, from `start` up to `stop`; taken up again where they were cut.

        Raises
        ------
        WebError
            In one sentence; also when the file was changed meanwhile.
        """
        if not 0 <= start <= stop <= remote.length or stop - start > MAX_RANGE_BYTES:
            raise WebError(f"{remote.url} is not built as expected; it was not read.")
        sink = BytesIO()
        self._fill(remote, sink, start, stop, lambda _: None)
        return sink.getvalue()

    def download(
        self, remote: Remote, path: Path, tell: Callable[[int], object] = lambda _: None
    ) -> None:
        """
        A whole remote file on the disk; one cut earlier is taken up where it ended.

        Parameters
        ----------
        path
            Where it goes once it is whole; until then it stands beside it as `.part`.
        tell
            Told how many bytes have come.

        Raises
        ------
        WebError
            In one sentence; what has come stays for the next time.
        """
        part = path.with_name(path.name + ".part")
        edition = path.with_name(path.name + ".edition")
        this = f"{remote.etag} {remote.length}"
        same = edition.exists() and edition.read_text(encoding="utf-8") == this
        if not (same and remote.etag and remote.ranges):
            part.unlink(missing_ok=True)
        edition.write_text(this, encoding="utf-8")
        with part.open("ab") as sink:
            if sink.tell() > remote.length:
                sink.truncate(0)
            self._fill(remote, sink, 0, remote.length, tell)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(path)
        edition.unlink(missing_ok=True)

    def _fill(
        self,
        remote: Remote,
        sink: BinaryIO,
        start: int,
        stop: int,
        tell: Callable[[int], object],
    ) -> None:
        """Bring a sink, which may hold a beginning already, to `stop - start` bytes."""
        fruitless = 0
        for _ in range(_MOST_CUTS):
            at = start + sink.tell()
            if at == stop:
                return
            try:
                with closing(
                    self._open("GET", remote.url, headers=range_of(remote, at, stop))
                ) as got:
                    if remote.ranges:
                        check_range(got, remote, at, stop)
                    else:
                        check_whole(got, remote)
                        sink.seek(0)
                        sink.truncate()
                    for piece in self._pieces(got, stop - start - sink.tell()):
                        sink.write(piece)
                        tell(sink.tell())
                if start + sink.tell() == stop:
                    return
                fault = CutError(cut_off(remote.url, start + sink.tell(), stop))
            except CutError as error:
                fault = error
            came = remote.ranges and start + sink.tell() > at
            fruitless = 0 if came else fruitless + 1
            if fruitless >= self.tries:
                raise fault
            self.sleep(pause(fruitless))
        raise CutError(cut_off(remote.url, start + sink.tell(), stop))

    def _open(
        self, method: str, url: str, *, patient: bool = True, **asked: Any
    ) -> requests.Response:
        """An answer whose body is not yet read; asked again when the site says later."""
        for attempt in range(self.tries):
            if self.bucket:
                self.bucket.take()
            try:
                response = self.session.request(
                    method, url, timeout=self.timeouts_s, stream=True, **asked
                )
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                sentence, passing = said(error, url)
                if passing and attempt + 1 < self.tries:
                    self.sleep(pause(attempt))
                    continue
                raise (WebError if passing else NoWayError)(sentence) from error
            if url.startswith("https:") and not str(response.url).startswith("https:"):
                response.close()
                raise WebError(
                    f"{site_of(url)} sends on to an address that is not safe ({response.url}); it "
                    "was not followed."
                )
            if response.status_code in {OK, PARTIAL}:
                return response
            status, wait = response.status_code, asked_wait(response)
            response.close()
            later = status in _AGAIN and (patient or status != _NOT_NOW)
            if later and attempt + 1 < self.tries:
                self.sleep(pause(attempt) if wait is None else wait)
                continue
            raise WebError(refused(url, status), status)
        raise AssertionError  # tries is at least one

    def _pieces(self, response: requests.Response, limit: int) -> Iterator[bytes]:
        """Body as it comes, bounded in bytes and in slowness."""
        url, size, began = str(response.url), 0, self.clock()
        while True:
            try:
                piece: bytes = response.raw.read1(_STEP, decode_content=True)
            except (HTTPError, OSError, ValueError) as error:
                sentence, _ = said(error, url)
                raise CutError(sentence) from error
            if not piece:
                return
            size += len(piece)
            if size > limit:
                raise WebError(
                    f"{site_of(url)} sent more than it should ({limit:,} bytes were expected at "
                    "most); it was not read."
                )
            yield piece
            lasted = self.clock() - began
            if lasted > self.patience_s and size < self.slowest_bytes_per_s * lasted:
                raise CutError(
                    f"{site_of(url)} sends too slowly ({size:,} bytes in {lasted:.0f} s); try "
                    "again on a better line."
                )


def _session() -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"hotspots/{hotspots.__version__}"
    bundles = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # which requests reads itself
    certificates = os.environ.get("SSL_CERT_FILE")
    if certificates and not any(map(os.environ.get, bundles)):
        session.verify = certificates
    return session
