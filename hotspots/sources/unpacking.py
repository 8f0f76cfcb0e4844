"""
What is packed, unpacked within bounds: zip files, their members, and gzip.

Everything here is hostile until read. Nothing is ever unpacked onto the disk, and sizes
are bounded before and while unpacking.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
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

GZIP: Final = b"\x1f\x8b"
_WORKBOOK: Final = "[Content_Types].xml"
STEP: Final = 1 << 20

MAX_SAID: Final = f"{MAX_FILE_BYTES >> 30} GB"


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
    where = inside(archive, member)
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


def inside(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    """A member as a person knows it: "download.zip: 2025-01/2025-01-cheshire-street.csv"."""
    return f"{Path(archive.filename or '').name}: {member.filename}"


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """
    Bytes of a member, unpacked once more when it is gzipped.

    Raises
    ------
    SourceError
        When it is damaged, or unpacks beyond bounds.
    """
    where = inside(archive, member)
    try:
        with archive.open(member) as stream:
            steps = bounded(iter(lambda: stream.read(STEP), b""), member.compress_size, where)
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
    if data.startswith(GZIP):
        return _gunzip(data, where)
    return data


def _gunzip(data: bytes, where: str) -> bytes:
    try:
        with gzip.open(BytesIO(data)) as stream:
            return b"".join(bounded(iter(lambda: stream.read(STEP), b""), len(data), where))
    except EOFError as error:
        raise SourceError(f"{where} ends too early; download it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(f"{where} is damaged inside; download it again.") from error


def bounded(steps: Iterable[bytes], packed: int, where: str) -> Iterator[bytes]:
    """Pieces as they are unpacked, stopped at the bounds whatever was claimed."""
    size = 0
    for step in steps:
        size += len(step)
        _check_size(size, packed, where)
        yield step


def _check_size(size: int, packed: int, where: str) -> None:
    if size > MAX_FILE_BYTES:
        raise SourceError(f"{where} unpacks to more than {MAX_SAID}; it was not read.")
    if size > _SMALL and size > MAX_RATIO * max(packed, 1):
        raise SourceError(
            f"{where} unpacks to more than {MAX_RATIO} times its size, as no honest table "
            "does; it was not read."
        )
