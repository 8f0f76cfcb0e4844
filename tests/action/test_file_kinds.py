"""A file is what its content says, and what could act or hide is refused."""

import io
import struct
import tarfile
import zipfile
import zlib

import docx
import openpyxl
import pptx
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from hotspots.action.file_kinds import (
    EXCEL,
    JPEG,
    KINDS,
    PDF,
    PNG,
    SLIDES,
    TEXT,
    WORD,
    kind_of,
    safe_name,
)
from hotspots.errors import SelectionError


def chunk(name, body):
    """One part of a PNG picture."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def saved(paper):
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def with_parts(content, **parts):
    """An Office file with more parts, or others in their place."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        told = {name: old.read(name) for name in old.namelist()} | parts
        for name, text in told.items():
            new.writestr(name, text)
    return file.getvalue()


def link(kind, target="http://evil.invalid/x"):
    return (
        b'<Relationships><Relationship Id="r1" Type="http://schemas/%s" Target="%s" '
        b'TargetMode="External"/></Relationships>' % (kind.encode(), target.encode())
    )


def pdf_with(text, *, packed=False):
    body = zlib.compress(text) if packed else b""
    held = b"<< /Type /ObjStm >>\nstream\n" + body + b"\nendstream" if packed else text
    return b"%PDF-1.7\n1 0 obj\n" + held + b"\nendobj\n%%EOF\n"


def of_type_zip(**names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name, text in names.items():
            parts.writestr(name, text)
    return file.getvalue()


def tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as parts:
        parts.addfile(tarfile.TarInfo("a"))
    return file.getvalue()


PICTURE = b"\x89PNG\r\n\x1a\n" + b"".join(
    chunk(name, body)
    for name, body in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\x00")),
        (b"IEND", b""),
    )
)
PHOTO = b"\xff\xd8\xff\xe0" + b"\x00" * 40 + b"\xff\xd9"
PAPER = saved(docx.Document())
BOOK = saved(openpyxl.Workbook())
PRINTED = typst.compile(b"= Minutes\nLamps mended. /JS is a word here.")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PRINTED, PDF),
        (PAPER, WORD),
        (BOOK, EXCEL),
        (saved(pptx.Presentation()), SLIDES),
        (PICTURE, PNG),
        (PHOTO, JPEG),
        ("Gärten, 5 °C\r\n\tEnde".encode(), TEXT),
        (b"\xef\xbb\xbfa,b\n=1+1,2\n", TEXT),
        (with_parts(PAPER, **{"word/_rels/x.xml.rels": link("hyperlink")}), WORD),
    ],
    ids=["pdf", "docx", "xlsx", "pptx", "png", "jpeg", "text", "csv", "address"],
)
def test_what_is_kept(content, kind):
    assert kind_of(content) is kind


REFUSED = {
    "nothing": (b"", "empty"),
    "macro": (with_parts(PAPER, **{"word/vbaProject.bin": b"x"}), "macros"),
    "macro in capitals": (with_parts(PAPER, **{"word/VBAPROJECT.BIN": b"x"}), "macros"),
    "old macro sheet": (with_parts(BOOK, **{"xl/macrosheets/sheet1.xml": b"x"}), "macros"),
    "control": (with_parts(PAPER, **{"word/activeX/activeX1.xml": b"x"}), "macros"),
    "macro by type": (
        with_parts(BOOK, **{"[Content_Types].xml": b"<Types>sheet.macroEnabled.main+xml</Types>"}),
        "macros",
    ),
    "a file within": (with_parts(PAPER, **{"word/embeddings/oleObject1.bin": b"x"}), "other files"),
    "another workbook": (with_parts(BOOK, **{"xl/externalLinks/e1.xml": b"x"}), "other files"),
    "template from elsewhere": (
        with_parts(PAPER, **{"word/_rels/settings.xml.rels": link("attachedTemplate")}),
        "from elsewhere",
    ),
    "hidden by an entity": (
        with_parts(PAPER, **{"word/_rels/settings.xml.rels": b'<!DOCTYPE a [<!ENTITY x "y">]>'}),
        "from elsewhere",
    ),
    "hidden by its encoding": (
        with_parts(PAPER, **{"word/_rels/x.rels": "<Relationships/>".encode("utf-16")}),
        "from elsewhere",
    ),
    "archive": (of_type_zip(a="1", b="2"), "archive"),
    "program in an archive": (of_type_zip(**{"run.exe": "MZ"}), "archive"),
    "gzip": (b"\x1f\x8b\x08" + b"\x00" * 20, "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"\x00" * 20, "archive"),
    "rar": (b"Rar!\x1a\x07\x00", "archive"),
    "tar": (tar(), "archive"),
    "old Office": (OLD, "Older Office"),
    "locked Office": (OLD + "EncryptedPackage".encode("utf-16-le"), "password"),
    "cut-off Office": (PAPER[:600], "damaged"),
    "locked PDF": (pdf_with(b"<< /Encrypt 5 0 R >>"), "password"),
    "PDF that acts": (pdf_with(b"<< /OpenAction << /S /JavaScript /JS (x) >> >>"), "program"),
    "its name written otherwise": (pdf_with(b"<< /S /J#61va#53cript >>"), "program"),
    "PDF that acts, packed": (pdf_with(b"<< /S /Launch >>", packed=True), "program"),
    "PDF with files": (pdf_with(b"<< /EmbeddedFiles 3 0 R >>"), "other files"),
    "damaged PDF": (b"%PDF-1.7\n<< /Type /ObjStm >>\nstream\nxx\nendstream\n", "damaged"),
    "picture with more behind": (PICTURE + PAPER, "something follows"),
    "cut-off picture": (PICTURE[:-5], "cut off"),
    "photo with more behind": (PHOTO + b"<script>", "something follows"),
    "page": (b"  <!DOCTYPE html><script>alert(1)</script>", "scripts"),
    "drawing": (b'<svg xmlns="x" onload="alert(1)"/>', "scripts"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "scripts"),
    "batch": (b"@echo off\r\n", "scripts"),
    "RTF": (b"{\\rtf1\\object}", "scripts"),
    "program": (b"MZ\x90\x00\x03", "not kept"),
    "Linux program": (b"\x7fELF\x02\x01\x01", "not kept"),
    "Latin-1": ("Gärten".encode("latin-1"), "not kept"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused_is_refused_in_one_sentence(content, why):
    with pytest.raises(SelectionError, match=why) as refused:
        kind_of(content)
    assert str(refused.value).count("\n") == 0
    assert len(str(refused.value)) < 260


def test_a_file_that_unpacks_to_more_than_memory_is_refused_unread():
    bomb = with_parts(PAPER, **{"word/media/a.bin": b"\x00" * 100})
    # The size that the list of contents tells is what is summed, before anything is unpacked.
    at = bomb.rfind(b"word/media/a.bin") - 46 + 24
    lied = bomb[:at] + struct.pack("<I", 4_000_000_000) + bomb[at + 4 :]
    with pytest.raises(SelectionError, match="unpacks to more"):
        kind_of(lied)
    packed = pdf_with(b"\x00" * 30_000_000, packed=True)
    assert len(packed) < 100_000
    with pytest.raises(SelectionError, match="unpacks to more"):
        kind_of(packed)


@given(st.binary(max_size=400))
def test_whatever_comes_is_of_a_kind_or_refused(content):
    try:
        kind = kind_of(content)
    except SelectionError:
        return
    assert kind in KINDS


@given(st.text(max_size=300), st.sampled_from(KINDS))
def test_a_name_never_leads_anywhere_and_ends_as_its_kind(name, kind):
    kept = safe_name(name, kind)
    assert kept.endswith(f".{kind.ending}")
    assert not set(kept) & set('/\\<>:"|?*\x00\n\u202e')
    assert 0 < len(kept) <= 90
    assert not kept.startswith(".")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("report.pdf.exe", "report.pdf.txt"),
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\Users\\x\\notes.doc", "notes.txt"),
        ("gpj.\u202etxt.exe", "gpj.txt.txt"),
        ("LPT1.pdf", "_LPT1.txt"),
        ("...", "file.txt"),
        ('"><img src=x onerror=alert(1)>.png', "___img src=x onerror=alert(1)_.txt"),
        ("=cmd|calc.csv", "=cmd_calc.txt"),
    ],
)
def test_names_as_people_and_attackers_write_them(name, kept):
    assert safe_name(name, TEXT) == kept
