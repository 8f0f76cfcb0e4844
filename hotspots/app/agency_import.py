"""Partners' files on the Data page: looked at first, then read as the mapping says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hotspots.app import data_store, importing, own_words
from hotspots.errors import HotspotsError
from hotspots.library import import_agency, import_postcodes
from hotspots.library.mappings import kept_in_words, mappings
from hotspots.library.postcodes import held as postcodes_held
from hotspots.settings import MODEL_FILES, data_folder
from hotspots.sources import agencies
from hotspots.sources.agency_mapping import KINDS, ROLES, Mapping
from hotspots.sources.tabular import Tabular
from hotspots.views import partner_words, wording

_ENDINGS: Final = ("csv", "tsv", "txt", "gz", "zip", "xlsx", "geojson", "json", "gpkg")
_LOOKED_AT: Final = "partner file looked at "
_DONE: Final = "partner imports done"
_SHOWN: Final = 8
_NO_COLUMN: Final = "—"
_ACROSS: Final = 3


def box() -> None:
    """A place for a partner's files, what their columns seem to be, and the import."""
    with st.container(border=True):
        st.markdown("**Partners’ reports: force systems, councils, landlords, community groups**")
        st.caption(partner_words.ADDING)
        with st.expander("What to ask your partner for, and model files"):
            ask_for = (MODEL_FILES / "README.md").read_text(encoding="utf-8")
            st.markdown(partner_words.below(ask_for))
            for path in sorted(MODEL_FILES.glob("*.csv")):
                st.download_button(
                    f"{path.name}", path.read_bytes(), path.name, "text/csv", on_click="ignore"
                )
        files = st.file_uploader(
            "CSV, TSV, Excel (.xlsx), GeoJSON or GeoPackage, of one partner",
            type=list(_ENDINGS),
            accept_multiple_files=True,
            key=f"partner files {st.session_state.get(_DONE, 0)}",
        )
        if files:
            _ask(files)
    loaded = postcodes_held(data_store.library().folder)
    importing.box(
        "Postcodes: OS Code-Point Open or the ONS Postcode Directory",
        import_postcodes,
        name="postcodes",
        kinds=("csv", "gz", "zip"),
        hint=partner_words.postcodes(loaded),
    )


def _ask(files: Sequence[UploadedFile]) -> None:
    looked = _look(files[0])
    if looked is None:
        return
    shown, kept = st.container(), mappings(data_folder())
    known = st.selectbox(
        "Read it like",
        [None, *kept],
        format_func=lambda name: name or "a new partner: columns guessed from their names",
        key=f"like {files[0].file_id}",
    )
    key = f"{files[0].file_id} {known}"
    usual = kept[known].sheet if known else ""
    sheet = _sheet(looked[0], usual, key=key)
    if sheet and sheet != looked[0].sheet:
        looked = _look(files[0], sheet)
    if looked is None:
        return
    first, guessed = looked
    shown.dataframe(first.table.slice(0, _SHOWN).to_pandas().astype("str"), hide_index=True)
    for note in first.notes:
        shown.caption(wording.plain(note))
    mapping = replace(kept[known] if known else guessed, sheet=sheet)
    key += f" {sheet}"
    asked = own_words.ask(files, _asked(mapping, first, key=key), key=key)
    if st.button("Import", type="primary", key="import partner"):
        _import(files, asked)


def _sheet(first: Tabular, usual: str, *, key: str) -> str:
    """Sheet of a workbook that is to be read; empty = the one that looks most like reports."""
    if len(first.sheets) < 2:  # noqa: PLR2004
        return ""
    offered = ["", *first.sheets]
    chosen: str = st.selectbox(
        "Sheet",
        offered,
        index=offered.index(usual) if usual in offered else 0,
        format_func=lambda name: name or f"the one most like reports: {first.sheet}",
        key=f"sheet {key}",
    )
    return chosen


def _asked(mapping: Mapping, first: Tabular, *, key: str) -> Mapping:
    """Mapping as a person corrects it."""
    left, right = st.columns(2)
    source = left.text_input("Who recorded these reports", mapping.source, key=f"source {key}")
    kind = right.selectbox(
        "What sort of partner",
        list(KINDS),
        index=list(KINDS).index(mapping.kind),
        format_func=lambda each: KINDS[each].capitalize(),
        key=f"kind of {key}",
    )
    st.caption("Which column is what. A dash means that no column says it.")
    offered = [_NO_COLUMN, *first.columns]
    chosen: dict[str, str] = {}
    places = st.columns(_ACROSS)
    for number, (role, words) in enumerate(ROLES.items()):
        guessed = mapping.columns.get(role, _NO_COLUMN)
        name = places[number % _ACROSS].selectbox(
            words,
            offered,
            index=offered.index(guessed) if guessed in offered else 0,
            key=f"{role} {key}",
        )
        if name != _NO_COLUMN:
            chosen[role] = name
    day_first = st.toggle("03/01/2025 is the third of January", mapping.day_first, key=f"day {key}")
    snapped = st.toggle(
        "Places are moved to points that several addresses share",
        mapping.snapped,
        key=f"snapped {key}",
    )
    keep_text = "text" in chosen and st.toggle(
        "Keep the free text (never shown to the public)", mapping.keep_text, key=f"keep text {key}"
    )
    return replace(
        mapping,
        source=source,
        kind=kind,
        columns=chosen,
        day_first=day_first,
        snapped=snapped,
        keep_text=keep_text,
        asb=mapping.asb if "kind" in chosen else (),
    )


def _look(file: UploadedFile, sheet: str = "") -> tuple[Tabular, Mapping] | None:
    """First rows of a file, read once for each of its sheets."""
    kept = st.session_state.get(_LOOKED_AT + sheet)
    if kept is None or kept[0] != file.file_id:
        with st.spinner("Looking at the first rows…"), importing.on_disk([file]) as paths:
            try:
                kept = (file.file_id, agencies.preview(paths[0], sheet=sheet))
            except HotspotsError as error:
                st.error(wording.plain(str(error)), icon=":material/error:")
                return None
        st.session_state[_LOOKED_AT + sheet] = kept
    looked: tuple[Tabular, Mapping] = kept[1]
    return looked


def _import(files: Sequence[UploadedFile], mapping: Mapping) -> None:
    report = importing.read(
        files, lambda paths, library: import_agency(paths, library, mapping=mapping)
    )
    if report is None:
        return
    importing.keep_said([*report.sentences(), kept_in_words(mapping, Path())])
    st.session_state.pop(_LOOKED_AT, None)
    st.session_state[_DONE] = st.session_state.get(_DONE, 0) + 1  # an empty uploader again
    st.rerun()
