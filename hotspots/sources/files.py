"""
Opening files as people have them: loose, gzipped, zipped, or in a tree of folders.

Everything opened here is hostile until read. Nothing is ever unpacked onto the disk,
sizes are bounded before and while unpacking, and only regular files are opened.
"""

import gzip
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

from hotspots.errors import SourceError

# The largest street file published holds some 30 MB; a whole year of one force, 400 MB.
MAX_FILE_BYTES: Final = 1 << 30
# Three years of every force, outcomes and searches included, unpack to about 10 GB.
MAX_TOTAL_BYTES: Final = 40 << 30
MAX_MEMBERS: Final = 100_000
# Street files pack about 10:1, and at most 40:1; a bomb packs 1,000:1 and more.
MAX_RATIO: Final = 200
# Below this size a high ratio does no harm.
_SMALL: Final = 16 << 20

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK"
_WORKBOOK: Final = "[Content_Types].xml"
_STEP: Final = 1 << 20

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
    packed = _begins_with(path, _GZIP)
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise SourceError(f"{path.name} is larger than {_MAX_SAID}; divide it and try again.")
        if not packed:
            return path.read_bytes()
        with gzip.open(path) as stream:
            return b"".join(_bounded(iter(lambda: stream.read(_STEP), b""), size, path.name))
    except EOFError as error:
        raise SourceError(f"{path.name} ends too early; download it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(f"{path.name} is damaged inside; download it again.") from error
    except OSError as error:
        raise cannot_read(path, error) from error


def cannot_read(path: Path, error: OSError) -> SourceError:
    """What the system says about a file, in one sentence."""
    if isinstance(error, FileNotFoundError):
        return SourceError(f"There is no file or folder {path}.")
    if isinstance(error, PermissionError):
        return SourceError(f"You have no permission to read {path}.")
    return SourceError(f"{path} cannot be read: {error.strerror or error}.")


def checked_zip(path: Path) -> zipfile.ZipFile:
    """
    Zip file, opened, after a look at what its members claim to be.

    Raises
    ------
    SourceError
        When it is no zip file, a workbook, locked, or would unpack beyond bounds.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise SourceError(
            f"{path.name} is not a zip file, or only part of one; download it again."
        ) from error
    except OSError as error:
        raise cannot_read(path, error) from error
    members = archive.infolist()
    fault = None
    if any(member.filename == _WORKBOOK for member in members):
        fault = "is an Excel workbook; save it as CSV and try again"
    elif len(members) > MAX_MEMBERS:
        fault = f"holds {len(members):,} files, more than {MAX_MEMBERS:,}; it was not opened"
    elif sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        fault = f"would unpack to more than {MAX_TOTAL_BYTES >> 30} GB; it was not opened"
    if fault:
        archive.close()
        raise SourceError(f"{path.name} {fault}.")
    return archive


def check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """
    Refuse a member that is locked, or unpacks beyond bounds.

    Raises
    ------
    SourceError
        Naming the member.
    """
    where = _inside(archive, member)
    if member.flag_bits & 1:
        raise SourceError(f"{where} is locked with a password; unlock it and try again.")
    _check_size(member.file_size, member.compress_size, where)


def is_safe(name: str) -> bool:
    """
    Whether a zip member's name stays inside its folder.

    Examples
    --------
    >>> is_safe("2025-01/2025-01-cheshire-street.csv"), is_safe("../../etc/passwd")
    (True, False)
    """
    path = PurePosixPath(name.replace("\\", "/"))
    return not (path.is_absolute() or ".." in path.parts or ":" in name)


_MAX_SAID: Final = f"{MAX_FILE_BYTES >> 30} GB"


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
            where = _inside(archive, member)
            found.append(Found(plain_name(name), where, partial(_read_member, archive, member)))


def _inside(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    return f"{Path(archive.filename or '').name}: {member.filename}"


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    return (member for member in archive.infolist() if not member.is_dir())


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    where = _inside(archive, member)
    try:
        with archive.open(member) as stream:
            steps = _bounded(iter(lambda: stream.read(_STEP), b""), member.compress_size, where)
            data = b"".join(steps)
    except EOFError as error:
        raise SourceError(f"{where} ends too early; download it again.") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,  # a name that is no text
    ) as error:
        raise SourceError(f"{where} is damaged inside; download it again.") from error
    except OSError as error:
        raise SourceError(f"{where} cannot be read: {error.strerror or error}.") from error
    if data.startswith(_GZIP):
        return _gunzip(data, where)
    return data


def _gunzip(data: bytes, where: str) -> bytes:
    try:
        with gzip.open(BytesIO(data)) as stream:
            return b"".join(_bounded(iter(lambda: stream.read(_STEP), b""), len(data), where))
    except EOFError as error:
        raise SourceError(f"{where} ends too early; download it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(f"{where} is damaged inside; download it again.") from error


def _bounded(steps: Iterable[bytes], packed: int, where: str) -> Iterator[bytes]:
    """Pieces as they are unpacked, stopped at the bounds whatever was claimed."""
    size = 0
    for step in steps:
        size += len(step)
        _check_size(size, packed, where)
        yield step


def _check_size(size: int, packed: int, where: str) -> None:
    if size > MAX_FILE_BYTES:
        raise SourceError(f"{where} unpacks to more than {_MAX_SAID}; it was not read.")
    if size > _SMALL and size > MAX_RATIO * max(packed, 1):
        raise SourceError(
            f"{where} unpacks to more than {MAX_RATIO} times its size, as no honest table "
            "does; it was not read."
        )


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
