"""
The archive of data.police.uk: a zip file a month, each with 36 months of every force.

One weighs 1.7 GB and a force's part of it some 10 MB, so only the wanted files are asked
for: the zip's directory first, then their bytes. Where a site gives no parts of files, or
a proxy in between takes them away, the whole comes down.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import pandas as pd

from hotspots.errors import SourceError
from hotspots.sources.unpacking import MAX_MEMBERS, check_member, checked_zip, is_safe
from hotspots.sources.web import Remote, Web

_STREET: Final = re.compile(
    r"((?:19|20)\d\d-(?:0[1-9]|1[0-2]))-([a-z0-9]+(?:-[a-z0-9]+)*)-street\.csv"
)
# What is read of a zip's end before anything is known of it, and of anything at once.
_END_BYTES: Final = 1 << 16
_MAX_STRETCH: Final = 64 << 20
# The largest street file published holds some 30 MB.
_MAX_STREET_FILE: Final = 256 << 20
# Between two files in a zip stand at most two headers.
_BETWEEN: Final = 1 << 18


@dataclass(frozen=True)
class Member:
    """
    One street file inside an archive.

    Attributes
    ----------
    month, force
        What it is of; the force as files name it ("cheshire").
    name, path
        Its own name, and where in the zip it stands.
    start, stop
        The bytes of the zip that hold it.
    size, crc
        Unpacked.
    """

    month: pd.Period
    force: str
    name: str
    path: str
    start: int
    stop: int
    size: int
    crc: int

    @property
    def packed(self) -> int:
        """Bytes that come down."""
        return self.stop - self.start


@dataclass(frozen=True)
class Snapshot:
    """
    One archive as it stands on the site.

    Attributes
    ----------
    remote
        Where, how large, and which edition.
    members
        Its street files; empty when the site gives no parts of files.
    end, end_start
        The zip's directory, and where it begins.
    """

    remote: Remote
    members: tuple[Member, ...] = ()
    end: bytes = b""
    end_start: int = 0


# What zipfile raises over bytes that are not as they were written; names among them.
_DAMAGED: Final = (
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
    zipfile.BadZipFile,
    zlib.error,
)


class RemoteFile(io.RawIOBase):
    """
    A file on a site, read here and there without coming down whole.

    Parameters
    ----------
    web, remote
        Who asks, and for what.
    end
        The last bytes of it, where they are known already.
    """

    def __init__(self, web: Web, remote: Remote, end: bytes = b"") -> None:
        super().__init__()
        self.name = remote.name
        self._web, self._remote = web, remote
        self._at = 0
        start = remote.length - len(end)
        if not end:
            start = max(0, remote.length - _END_BYTES)
            end = web.part(remote, start, remote.length)
        self._end = (start, end)
        self._held = (0, b"")

    def hold(self, start: int, stop: int) -> None:
        """Ask for a stretch at once, to be read piecemeal."""
        if stop - start > _MAX_STRETCH:
            raise SourceError(f"{self._remote.url} is not built as expected; it was not read.")
        self._held = (start, self._web.part(self._remote, start, min(stop, self._remote.length)))

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go somewhere."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._remote.length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """All the bytes asked for, from memory as far as they are there."""
        rest = max(0, self._remote.length - self._at)
        size = rest if size is None or size < 0 else min(size, rest)
        parts = []
        while size:
            piece = self._known(size)
            if not piece:
                self.hold(self._at, min(self._at + size, max(self._end[0], self._at + 1)))
                continue
            parts.append(piece)
            self._at += len(piece)
            size -= len(piece)
        return b"".join(parts)

    def _known(self, size: int) -> bytes:
        for start, data in (self._held, self._end):
            if start <= self._at < start + len(data):
                return data[self._at - start : self._at - start + size]
        return b""


def open_snapshot(web: Web, url: str) -> Snapshot:
    """
    One archive, its directory read where the site gives parts of files.

    Raises
    ------
    SourceError
        In one sentence; `WebError` of status 404 when there is no such archive.
    """
    remote = web.find(url)
    if not remote.ranges:
        return Snapshot(remote)
    file = RemoteFile(web, remote)
    with _opened(file, remote) as archive:
        members = tuple(_members(archive))
        file.seek(archive.start_dir)
        end = file.read()
    return Snapshot(remote, members, end, archive.start_dir)


def read_member(web: Web, snapshot: Snapshot, member: Member) -> bytes:
    """
    One street file of an archive, unpacked, its checksum kept.

    Raises
    ------
    SourceError
        In one sentence; also when what came does not fit its checksum.
    """
    file = RemoteFile(web, snapshot.remote, snapshot.end)
    file.hold(member.start, member.stop)
    with _opened(file, snapshot.remote) as archive:
        return _unpacked(archive, member.path)


def read_whole(
    path: Path, force: str, months: Collection[pd.Period]
) -> Iterator[tuple[str, bytes]]:
    """
    Name and text of a force's street files in an archive that came down whole.

    Raises
    ------
    SourceError
        In one sentence, when it is no sound zip file.
    """
    with checked_zip(path) as archive:
        for member in archive.infolist():
            found = _named(member)
            if found and found[1] == force and found[0] in months:
                yield PurePosixPath(member.filename).name, _unpacked(archive, member.filename)


def checksum(data: bytes) -> int:
    """CRC-32, as zip files keep it."""
    return zlib.crc32(data)


def _opened(file: RemoteFile, remote: Remote) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise SourceError(
            f"{remote.url} is not a zip file, or is cut short; try again later."
        ) from error
    if len(archive.infolist()) > MAX_MEMBERS:
        raise SourceError(f"{remote.url} holds more files than an archive does; it was not read.")
    return archive


def _members(archive: zipfile.ZipFile) -> Iterator[Member]:
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    stops = [info.header_offset for info in infos[1:]] + [archive.start_dir]
    for info, stop in zip(infos, stops, strict=True):
        named = _named(info)
        if named is None:
            continue
        month, force = named
        yield Member(
            month,
            force,
            PurePosixPath(info.filename).name,
            info.filename,
            info.header_offset,
            min(stop, info.header_offset + info.compress_size + _BETWEEN),
            info.file_size,
            info.CRC,
        )


def _named(info: zipfile.ZipInfo) -> tuple[pd.Period, str] | None:
    """Month and force of a street file, by its name; None for anything else."""
    match = _STREET.fullmatch(PurePosixPath(info.filename).name)
    if match is None or not is_safe(info.filename):
        return None
    return pd.Period(match[1], freq="M"), match[2]


def _unpacked(archive: zipfile.ZipFile, path: str) -> bytes:
    where = f"{Path(archive.filename or '').name}: {path}"
    try:
        info = archive.getinfo(path)
        check_member(archive, info)
        if info.file_size > _MAX_STREET_FILE:
            raise SourceError(f"{where} is larger than any street file; it was not read.")
        return archive.read(info)
    except (*_DAMAGED, KeyError) as error:
        raise SourceError(
            f"{where} came damaged: it does not fit its checksum; try again."
        ) from error
