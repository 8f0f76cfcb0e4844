"""
Changes to the library that happen whole or not at all.

New files are written beside the old ones, under `.incoming`, and made durable; then each
takes its place in one step, and the journal puts all of them back if the process is killed
between two steps. Writers take turns by a lock; readers need none.
"""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from hotspots.errors import LibraryError
from hotspots.library import journal
from hotspots.library.journal import About

_INCOMING: Final = ".incoming"
_NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Change:
    """
    New files on their way into the library; see `changing`.

    Examples
    --------
    >>> with changing(folder) as change:  # doctest: +SKIP
    ...     change.put(b"…", "incidents/police.uk/cheshire/2025-01.parquet")
    ...     change.commit()
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / _INCOMING
        self._put: dict[str, Path] = {}
        self._parked = 0

    def park(self, data: bytes) -> Path:
        """Write bytes beside the library, durably; where they are until they are put."""
        self._parked += 1
        path = self._incoming / str(self._parked)
        _write(path, data)
        return path

    def put(self, data: bytes | Path, name: str) -> None:
        """Have bytes, or something parked, take the place of `name` at the commit."""
        self._put[name] = data if isinstance(data, Path) else self.park(data)

    def commit(self, remove: Sequence[str] = (), *, about: About | None = None) -> None:
        """
        Let every file take its place and remove others, all of it or nothing.

        Parameters
        ----------
        remove
            Names of files that go.
        about
            What the journal says of it.
        """
        parents = {(self.folder / name).parent for name in (*self._put, *remove)}
        for parent in sorted(parents):
            parent.mkdir(parents=True, exist_ok=True)
            if not os.access(parent, os.W_OK):  # before the first change, not after it
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(parent))
        with journal.written_down(
            self.folder,
            about or About(),
            put=list(self._put),
            removed=list(remove),
            durable=make_durable,
        ):
            for name, parked in self._put.items():
                parked.replace(self.folder / name)
            for name in remove:
                (self.folder / name).unlink(missing_ok=True)
            for changed in sorted(parents | {parent.parent for parent in parents}):
                make_durable(changed)
        self._put.clear()


@contextmanager
def changing(folder: Path, *, waiting: Callable[[], object] | None = None) -> Iterator[Change]:
    """
    The right to change the library, one writer at a time; what is not committed is dropped.

    Parameters
    ----------
    folder
        The library's own folder; made when it does not exist.
    waiting
        Told once when another writer has to finish first.

    Raises
    ------
    LibraryError
        When the disk is full or may not be written: in one sentence, nothing changed.
    """
    incoming = folder / _INCOMING
    with _said(folder), locked(folder, waiting):
        shutil.rmtree(incoming, ignore_errors=True)  # what a killed import left behind
        incoming.mkdir()
        journal.put_back(folder, make_durable)
        try:
            yield Change(folder)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)


def settle(folder: Path) -> None:
    """
    Put back a change that was killed half-way, unless somebody is still at it.

    Cheap when there is none, so that every reader may ask for it.
    """
    if not journal.is_pending(folder):
        return
    with suppress(OSError), locked(folder, waiting=_busy):
        journal.put_back(folder, make_durable)


class _BusyError(OSError):
    """Somebody else holds the library."""


def _busy() -> None:
    raise _BusyError


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """What the system says, in one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            said = f"The disk is full: there is no room in {folder}; make room and import again."
        elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
            said = (
                f"You have no permission to write in {folder}; name another folder with "
                "HOTSPOTS_DATA or --data."
            )
        elif isinstance(error, FileExistsError | NotADirectoryError):
            said = f"{folder} cannot be made: a file stands in its way."
        else:
            said = f"{folder} cannot be written: {error.strerror or error}."
        raise LibraryError(said) from error


@contextmanager
def locked(folder: Path, waiting: Callable[[], object] | None = None) -> Iterator[None]:
    """
    A folder held against every other writer, until the block ends or the process does.

    Parameters
    ----------
    folder
        Made when it does not exist.
    waiting
        Told when another writer has to finish first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        import msvcrt

        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)
        try:
            while True:  # LK_LOCK gives up after ten seconds
                try:
                    msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    if waiting:
                        waiting()
            yield
        finally:
            os.close(handle)
    else:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting:
                    waiting()
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def make_durable(folder: Path) -> None:
    """Ask the disk to remember a folder's names; where folders cannot be opened, it does."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
