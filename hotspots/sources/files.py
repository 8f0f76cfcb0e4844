"""
Opening files as people have them: loose, gzipped, zipped, or in a tree of folders.

Everything opened here is hostile until read, and only regular files are opened; what is
packed is for `unpacking`.
"""

import gzip
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Final

from hotspots.errors import SourceError
from hotspots.sources.unpacking import (
    GZIP,
    MAX_FILE_BYTES,
    MAX_SAID,
    STEP,
    bounded,
    cannot_read,
    check_member,
    checked_zip,
    inside,
    is_safe,
    read_member,
)

_ZIP: Final = b"PK"
# Why a file of this name is passed over; None = it is wanted.
Refusal = Callable[[str], str | None]


@dataclass(frozen=True)
class Found:
    """
    One file that can be read.

    Attributes
    ----------
    name
        Its own name, without folders and without ".gz".
    where
        As a person knows it: "download.zip: 2025-01/2025-01-cheshire-street.csv".
    read
        Gives its bytes, unpacked, or raises `SourceError`.
    """

    name: str
    where: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Listing:
    """
    What a list of paths turned out to hold.

    Attributes
    ----------
    found
        Files to read, in order of name within each path.
    passed_over
        Reason → number of files that are not wanted.
    """

    found: tuple[Found, ...]
    passed_over: dict[str, int]


@contextmanager
def opened(paths: Sequence[Path | str], refusal: Refusal) -> Iterator[Listing]:
    """
    Files under some paths, ready to be read while the context lasts.

    Parameters
    ----------
    paths
        Files, zip files and folders, in any mixture.
    refusal
        Why a file found in a folder or zip file is passed over, by its name.

    Raises
    ------
    SourceError
        When a path does not exist, cannot be read, or is no file of ours.
    """
    found: list[Found] = []
    passed_over: Counter[str] = Counter()
    with ExitStack() as stack:
        for path in map(Path, paths):
            if path.is_dir():
                _walk(path, refusal, stack, found, passed_over)
            elif _begins_with(path, _ZIP):
                _open_zip(path, refusal, stack, found, passed_over)
            else:
                found.append(Found(plain_name(path.name), path.name, partial(read_file, path)))
        yield Listing(tuple(found), dict(passed_over))


def plain_name(name: str) -> str:
    """
    File name without ".gz".

    Examples
    --------
    >>> plain_name("2025-01-cheshire-street.csv.gz")
    '2025-01-cheshire-street.csv'
    """
    return name[:-3] if name.casefold().endswith(".gz") else name


def read_file(path: Path) -> bytes:
    """
    Bytes of a loose file, unpacked when it is gzipped.

    Raises
    ------
    SourceError
        When it cannot be read, or is larger than `MAX_FILE_BYTES`.
    """
    packed = _begins_with(path, GZIP)
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise SourceError(f"{path.name} is larger than {MAX_SAID}; divide it and try again.")
        if not packed:
            return path.read_bytes()
        with gzip.open(path) as stream:
            return b"".join(bounded(iter(lambda: stream.read(STEP), b""), size, path.name))
    except EOFError as error:
        raise SourceError(f"{path.name} ends too early; download it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(f"{path.name} is damaged inside; download it again.") from error
    except OSError as error:
        raise cannot_read(path, error) from error


def _walk(
    folder: Path,
    refusal: Refusal,
    stack: ExitStack,
    found: list[Found],
    passed_over: Counter[str],
) -> None:
    def report(error: OSError) -> None:
        raise cannot_read(Path(str(error.filename or folder)), error)

    for parent, folders, names in os.walk(folder, onerror=report):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if name.casefold().endswith(".zip"):
                _open_zip(path, refusal, stack, found, passed_over)
            elif reason := refusal(plain_name(name)):
                passed_over[reason] += 1
            else:
                where = str(path.relative_to(folder.parent))
                found.append(Found(plain_name(name), where, partial(read_file, path)))


def _open_zip(
    path: Path,
    refusal: Refusal,
    stack: ExitStack,
    found: list[Found],
    passed_over: Counter[str],
) -> None:
    archive = stack.enter_context(checked_zip(path))
    for member in sorted(_files(archive), key=lambda member: member.filename):
        name = PurePosixPath(member.filename.replace("\\", "/")).name
        if not is_safe(member.filename):
            passed_over["it names a place outside its folder"] += 1
        elif reason := refusal(plain_name(name)):
            passed_over[reason] += 1
        else:
            check_member(archive, member)
            where = inside(archive, member)
            found.append(Found(plain_name(name), where, partial(read_member, archive, member)))


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    return (member for member in archive.infolist() if not member.is_dir())


def head(path: Path, size: int = 64) -> bytes:
    """
    First bytes of a file, which say what it is.

    Raises
    ------
    SourceError
        When it is no file, or cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SourceError(f"{path} is not a file.")
        with path.open("rb") as stream:
            return stream.read(size)
    except OSError as error:
        raise cannot_read(path, error) from error


def _begins_with(path: Path, magic: bytes) -> bool:
    return head(path, len(magic)) == magic


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """A file whole, or not at all."""
    part = path.with_name(path.name + ".new")
    part.write_bytes(data)
    part.replace(path)
