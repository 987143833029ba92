from __future__ import annotations

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInputError
from kernel.uploads import FileKind, check_package, check_upload, clean_name

MB = 1_000_000
_WHEN = (2026, 11, 23, 10, 0, 0)  # whatever the clock says: these files name tests, and workers compare those names
BOOK = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
PDF, PNG = b"%PDF-1.7\n...", b"\x89PNG\r\n\x1a\n...."


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, _WHEN), content, method)
    return target.getvalue()


def refused(name: str, content: bytes, *kinds: FileKind) -> str:
    with pytest.raises(InvalidInputError) as caught:
        check_upload(name, content, kinds or tuple(FileKind), most_bytes=5 * MB)
    assert caught.value.field == "file"
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("people.csv", b"name,phone\nNadia,07700 900123\n", FileKind.CSV),
        ("ludzie.CSV", "imię\nŻaneta\n".encode(), FileKind.CSV),
        ("people.xlsx", packed(BOOK), FileKind.XLSX),
        ("plan.docx", packed({"word/document.xml": b"<w/>"}), FileKind.DOCX),
        ("policy.pdf", PDF, FileKind.PDF),
        ("photo.png", PNG, FileKind.PNG),
        ("photo.jpeg", b"\xff\xd8\xff\xe0....", FileKind.JPEG),
    ],
)
def test_what_a_file_is_shows_in_its_content_and_its_name(name: str, content: bytes, kind: FileKind) -> None:
    taken = check_upload(name, content, tuple(FileKind), most_bytes=5 * MB)
    assert (taken.kind, taken.content) == (kind, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", b"MZ\x90\x00 a program"),
        ("photo.png", PDF),
        ("people.csv", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("people.csv", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("people.csv", b"name\x00,phone"),
        ("people.csv", b"name\x1b[2J,phone"),
        ("people.csv", b"\xd0\xcf\x11\xe0 an old Excel file"),
        ("people.xlsx", b"name,phone"),
        ("people.exe", b"name,phone"),
        ("people", b"name,phone"),
        ("people.xlsx", packed({"a.txt": b"no workbook"})),
        ("people.xlsx", packed(BOOK)[:60]),
        ("people.docx", packed(BOOK)),
        ("people.xlsx", b""),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, content: bytes) -> None:
    refused(name, content)


def test_a_kind_that_is_not_taken_here_and_a_file_too_large_are_refused() -> None:
    assert refused("policy.pdf", PDF, FileKind.CSV, FileKind.XLSX).endswith("Choose one of: CSV, XLSX.")
    assert refused("people.csv", b"x" * (5 * MB + 1)) == "The file is larger than 5 MB."


def test_a_zip_bomb_is_refused_by_its_own_figures() -> None:
    assert "unpacks to more than" in refused("people.xlsx", packed({**BOOK, "xl/big.xml": bytes(61 * MB)}))


def test_a_zip_bomb_that_lies_about_its_figures_is_refused_too() -> None:
    """The directory says 10 bytes a part; unpacking tells the truth."""
    bomb = bytearray(packed({**BOOK, "xl/big.xml": bytes(3 * MB)}))
    at = bomb.rindex(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(InvalidInputError):
        check_package(bytes(bomb), most_unpacked=MB)


def test_too_many_parts_are_refused() -> None:
    assert "unpacks to more than" in refused(
        "people.xlsx", packed({**BOOK, **{f"xl/{n}.xml": b"" for n in range(2_001)}})
    )


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\evil", "C:\\evil", "xl/vbaProject.bin"])
def test_parts_that_lead_elsewhere_and_macros_are_refused(name: str) -> None:
    assert "locked or holds macros" in refused("people.xlsx", packed({**BOOK, name: b"x"}))


def test_links_and_locked_parts_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    assert "links" in refused("people.xlsx", target.getvalue())
    locked = bytearray(packed(BOOK))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert "locked" in refused("people.xlsx", bytes(locked))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("people.csv", "people.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\people.xlsx", "people.xlsx"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie_ x.csv"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("<script>.csv", "_script_.csv"),
        ("Żaneta's  plan (2).docx", "Żaneta's plan (2).docx"),
        ("...", "file"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
    ],
)
def test_a_name_is_made_fit_to_be_shown(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@given(st.text(max_size=300))
def test_a_clean_name_never_holds_what_steers(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert len(clean) <= 100
    assert not set(clean) & set('/\\:*?"<>|\r\n\0\u202e')
    assert clean_name(clean) == clean


@given(st.binary(max_size=400))
def test_any_bytes_are_taken_or_refused_in_words(content: bytes) -> None:
    for begin in (b"", b"PK\x03\x04"):
        with contextlib.suppress(InvalidInputError):
            check_upload("x.csv", begin + content, tuple(FileKind), most_bytes=MB)
