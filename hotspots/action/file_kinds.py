"""
What a file is, told from its content and never from its name, and whether it may be kept.

Kept are papers, tables, pictures and plain text. What can run a program, hides its content
or brings other files along is refused in a sentence: macros, forms that act, passwords,
archives, and parts that are fetched from elsewhere when the file is opened.
"""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hotspots.errors import SelectionError


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept: its name, and how its name ends."""

    name: str
    ending: str


PDF: Final = Kind("PDF", "pdf")
PNG: Final = Kind("PNG picture", "png")
JPEG: Final = Kind("JPEG picture", "jpg")
WORD: Final = Kind("Word document", "docx")
EXCEL: Final = Kind("Excel workbook", "xlsx")
SLIDES: Final = Kind("PowerPoint slides", "pptx")
TEXT: Final = Kind("Plain text", "txt")
KINDS: Final = (PDF, WORD, EXCEL, SLIDES, PNG, JPEG, TEXT)
WANTED: Final = "Keep it as PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), PNG, JPEG or text."

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ARCHIVES: Final = (
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)
_MAIN: Final = {
    "word/document.xml": WORD,
    "xl/workbook.xml": EXCEL,
    "ppt/presentation.xml": SLIDES,
}
_TYPES: Final = "[Content_Types].xml"
_MOST_PARTS: Final = 3_000
_MOST_UNPACKED: Final = 200_000_000
_MOST_OF_A_PART: Final = 20_000_000
_MACROS: Final = re.compile(r"(^|/)(vbaproject|vbadata)|(^|/)(macrosheets|activex)/", re.IGNORECASE)
_BROUGHT: Final = re.compile(r"(^|/)(embeddings|externallinks)/", re.IGNORECASE)
_LINK: Final = re.compile(rb"<[^<>]*\bRelationship\b[^<>]*>")
_STREAM: Final = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_ACTS: Final = re.compile(
    rb"/(JS|JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z])"
)
# Letters that Windows keeps for itself, and names of its devices.
_RESERVED: Final = re.compile(r'[<>:"|?*]')
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
_LONGEST_STEM: Final = 80
_TAR_AT: Final = 257


def kind_of(content: bytes) -> Kind:
    r"""
    What a file is, if it may be kept.

    Raises
    ------
    SelectionError
        In one sentence, when it is of no kind that is kept, or holds what is not.

    Examples
    --------
    >>> kind_of(b"Lamps mended on Tuesday.\n").name
    'Plain text'
    """
    if not content:
        raise SelectionError("The file is empty.")
    if content.startswith(_ZIP):
        return _office(content)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SelectionError("The file has a password: save it without one, then add it.")
        raise SelectionError(f"Older Office files may carry macros, so they are not kept. {WANTED}")
    if content.startswith(_ARCHIVES) or content[_TAR_AT : _TAR_AT + 5] == b"ustar":
        raise SelectionError(f"An archive is not kept: add the files in it one by one. {WANTED}")
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        if not content.rstrip(b"\x00").endswith(b"\xff\xd9"):
            raise SelectionError("The picture is cut off, or something follows it. Save it anew.")
        return JPEG
    return _text(content)


def safe_name(name: str, kind: Kind) -> str:
    r"""
    A name that any computer can keep, ending as the kind does whatever it was called.

    Examples
    --------
    >>> safe_name("..\\..\\Minutes <May>.pdf.exe", PDF)
    'Minutes _May_.pdf.pdf'
    >>> safe_name("con.txt", TEXT)
    '_con.txt'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    stem = _RESERVED.sub("_", " ".join(seen.split())).rsplit(".", 1)[0]
    stem = stem[:_LONGEST_STEM].strip(". ") or "file"
    return f"{'_' if _DEVICES.fullmatch(stem.split('.')[0]) else ''}{stem}.{kind.ending}"


def _office(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return _office_parts(parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise SelectionError("The file is damaged; save it anew, then add it.") from error


def _office_parts(parts: zipfile.ZipFile) -> Kind:
    every = parts.infolist()
    names = [part.filename for part in every]
    kind = next((kind for main, kind in _MAIN.items() if main in names), None)
    if kind is None or _TYPES not in names:
        raise SelectionError(f"An archive is not kept: add the files in it one by one. {WANTED}")
    if any(part.flag_bits & 1 for part in every):
        raise SelectionError("The file has a password: save it without one, then add it.")
    if len(every) > _MOST_PARTS or sum(part.file_size for part in every) > _MOST_UNPACKED:
        raise SelectionError("The file unpacks to more than is kept; make it smaller.")
    types = _part(parts, _TYPES).lower()
    if any(_MACROS.search(name) for name in names) or b"macroenabled" in types:
        raise SelectionError("The file carries macros: save it without them, then add it.")
    if any(_BROUGHT.search(name) for name in names):
        raise SelectionError("The file holds or reads other files: take them out, then add it.")
    for name in names:
        if name.lower().endswith(".rels") and _fetches(_part(parts, name)):
            raise SelectionError(
                "The file fetches something from elsewhere when it is opened: take that out, "
                "then add it."
            )
    return kind


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    with parts.open(name) as part:
        held = part.read(_MOST_OF_A_PART + 1)
    if len(held) > _MOST_OF_A_PART:
        raise SelectionError("The file unpacks to more than is kept; make it smaller.")
    return held


def _fetches(links: bytes) -> bool:
    """Whether a list of links names anything outside the file but addresses to click on."""
    # Another encoding, or an entity, would hide a link from the eye below.
    if b"\x00" in links or b"<!" in links:
        return True
    return any(
        b"external" in link.lower() and b"/hyperlink" not in link.lower()
        for link in _LINK.findall(links)
    )


def _pdf(content: bytes) -> Kind:
    outside = _STREAM.sub(b"", content)
    for part in (outside, *_packed_objects(content)):
        plain = re.sub(rb"#([0-9a-fA-F]{2})", lambda code: bytes([int(code[1], 16)]), part)
        if re.search(rb"/Encrypt(?![A-Za-z])", plain):
            raise SelectionError("The PDF has a password: save it without one, then add it.")
        if _ACTS.search(plain):
            raise SelectionError(
                "The PDF carries a program, a form that acts or other files: print it to a new "
                "PDF, then add that."
            )
    return PDF


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """Objects that a PDF keeps packed, unpacked as far as is reasonable."""
    for found in _STREAM.finditer(content):
        if b"/ObjStm" not in content[max(0, found.start() - 500) : found.start()]:
            continue
        packed = re.sub(rb"^stream\r?\n", b"", found.group())
        unpacking = zlib.decompressobj()
        try:
            yield unpacking.decompress(packed, _MOST_OF_A_PART)
        except zlib.error as error:
            raise SelectionError("The PDF is damaged; print it to a new one.") from error
        if unpacking.unconsumed_tail:
            raise SelectionError("The file unpacks to more than is kept; make it smaller.")


def _png(content: bytes) -> Kind:
    at = len(_PNG)
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        at += 12 + length
        if name == b"IEND" and at == len(content):
            return PNG
    raise SelectionError("The picture is cut off, or something follows it. Save it anew.")


def _text(content: bytes) -> Kind:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SelectionError(f"This kind of file is not kept. {WANTED}") from error
    if any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\f" for sign in text):
        raise SelectionError(f"This kind of file is not kept. {WANTED}")
    if re.match(r"\s*(<[!?a-zA-Z]|#!|@echo|\{\\rtf)", text):
        raise SelectionError(f"Pages, scripts and programs are not kept. {WANTED}")
    return TEXT
