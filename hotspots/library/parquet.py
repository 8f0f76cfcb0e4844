"""
Tables as Parquet with a note on where they come from inside the same file.

The note stands in the file's footer, so that rows and provenance change in one step and
cannot disagree. `content` in it is a hash of the rows alone: the same rows give the same
hash whenever they were read and however they were packed.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from hotspots.errors import LibraryError

Note = dict[str, Any]

_KEY: Final = b"hotspots"
# Written into every file; a later layout reads the number and knows what to expect.
LAYOUT: Final = 1
_MANY: Final = 20_000


def packed(
    table: pa.Table,
    note: Mapping[str, Any],
    *,
    plain: tuple[str, ...] = (),
    provenance: tuple[str, ...] = (),
) -> bytes:
    """
    Table and note as one Parquet file.

    Parameters
    ----------
    note
        What JSON can hold; `layout` and `content` are added to it.
    plain
        Columns in which hardly a value repeats.
    provenance
        Columns that say where a row comes from, and are not part of its content.
    """
    table = table.combine_chunks()
    content = table.select([name for name in table.column_names if name not in provenance])
    full = {**note, "layout": LAYOUT, "content": _content(content)}
    text = json.dumps(full, ensure_ascii=False, sort_keys=True)
    metadata = {**(table.schema.metadata or {}), _KEY: text.encode()}
    sink = BytesIO()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        sink,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name in table.column_names if name not in plain],
        write_statistics=False,
    )
    return sink.getvalue()


def note_of(path: Path) -> Note:
    """
    The note inside a file; read once for each state of the file.

    Raises
    ------
    LibraryError
        When the file is not one of the library's.
    FileNotFoundError
        When it has just been removed.
    """
    state = path.stat()
    return dict(_note(path, state.st_mtime_ns, state.st_size, state.st_ino))


def read(path: Path, columns: list[str] | None = None) -> tuple[pa.Table, Note]:
    """
    Table, or some columns of it, with the note that came with it.

    Raises
    ------
    LibraryError
        When the file is not one of the library's.
    FileNotFoundError
        When it has just been removed.
    """
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            return file.read(columns=columns, use_threads=False), _parsed(file, path)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        raise _broken(path, error) from error


@lru_cache(maxsize=_MANY)
def _note(path: Path, modified: int, size: int, inode: int) -> Note:
    del modified, size, inode  # they tell one state of the file from another
    try:
        with pq.ParquetFile(path) as file:
            return _parsed(file, path)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        raise _broken(path, error) from error


def _parsed(file: pq.ParquetFile, path: Path) -> Note:
    note: Note = json.loads((file.metadata.metadata or {})[_KEY])
    if note.get("layout") != LAYOUT:
        raise LibraryError(
            f"{path} was written by another version of this program; import its data again."
        )
    return note


def _broken(path: Path, error: Exception) -> LibraryError:
    if isinstance(error, PermissionError):
        return LibraryError(f"You have no permission to read {path}.")
    return LibraryError(f"{path} is damaged; delete it and import its data again.")


def _content(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema.remove_metadata()) as stream:
        stream.write_table(table)
    return sha256(sink.getvalue()).hexdigest()
