"""Files brought in through the Data page: the same readers as the command line's."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hotspots.app import data_store, signing
from hotspots.errors import HotspotsError
from hotspots.library import Library
from hotspots.library.journal import acting
from hotspots.views import wording

_SAID: Final = "import-said"
_CHUNK: Final = 1 << 20


class Report(Protocol):
    """What an import says of itself."""

    def sentences(self) -> list[str]:
        """What was read, what was left out and why."""


Importer = Callable[[Sequence[Path], Library], Report]


def box(label: str, importer: Importer, *, name: str, kinds: Iterable[str], hint: str) -> None:
    """
    One place to drop files, and the button that imports them.

    Parameters
    ----------
    label, hint
        What is asked for, and where people get it.
    importer
        The library's importer for it.
    name
        Key of the form.
    kinds
        File endings offered by the chooser; what a file really is, the reader finds out.
    """
    with st.form(f"import-{name}", clear_on_submit=True, border=True):
        files = st.file_uploader(label, type=list(kinds), accept_multiple_files=True, help=hint)
        asked = st.form_submit_button("Import")
    if asked and files:
        _import(files, importer)
    elif asked:
        st.info("Choose one or more files first.")


def keep_said(sentences: list[str]) -> None:
    """Keep what an import said until the page is drawn again."""
    st.session_state[_SAID] = sentences


def said() -> None:
    """What the last import read and left out, after the page was drawn again."""
    for sentence in st.session_state.pop(_SAID, []):
        st.success(wording.plain(sentence), icon=":material/check_circle:")


def _import(files: Sequence[UploadedFile], importer: Importer) -> None:
    if report := read(files, importer):
        keep_said(report.sentences())
        st.rerun()


def read(files: Sequence[UploadedFile], importer: Importer) -> Report | None:
    """Files brought in in the reader's name; None when they were refused, and it was said."""
    with st.spinner("Reading…"), on_disk(files) as paths:
        try:
            with acting(signing.name()):
                return importer(paths, data_store.library())
        except HotspotsError as error:
            st.error(wording.plain(str(error)), icon=":material/error:")
            return None


@contextmanager
def on_disk(files: Sequence[UploadedFile]) -> Iterator[list[Path]]:
    """Uploads as files of their own names, each in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, file in enumerate(files):
            path = Path(folder) / str(number) / Path(file.name).name
            path.parent.mkdir()
            file.seek(0)
            with path.open("wb") as target:
                while part := file.read(_CHUNK):
                    target.write(part)
            paths.append(path)
        yield paths
