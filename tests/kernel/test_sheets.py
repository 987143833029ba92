from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInputError
from kernel.sheets import LARGEST_BYTES, column_name, read_sheet


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return made.getvalue()


def packed(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"Name,Role\r\nAmelia Hart, Parent \r\n", [["Name", "Role"], ["Amelia Hart", "Parent"]]),
        ("\ufeffName;Role\nZo\u00eb;Parent\n".encode(), [["Name", "Role"], ["Zo\u00eb", "Parent"]]),
        ("Name\tRole\nZo\u00eb\tParent".encode("cp1252"), [["Name", "Role"], ["Zo\u00eb", "Parent"]]),
        (b'Name,Role\n"Hart, Amelia","a\nb"\n', [["Name", "Role"], ["Hart, Amelia", "a\nb"]]),
    ],
)
def test_reads_csv_as_councils_save_it(content: bytes, rows: list[list[str]]) -> None:
    assert read_sheet(content) == rows


def test_reads_the_first_sheet_of_a_workbook_as_text() -> None:
    content = workbook([["Name", "Mobile"], ["Amelia Hart", "07700 900101"], ["Ben", 7700900102]])
    assert read_sheet(content) == [["Name", "Mobile"], ["Amelia Hart", "07700 900101"], ["Ben", "7700900102"]]


def test_rows_keep_the_numbers_that_the_sheet_shows() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.add_worksheet().write(2, 1, "Name")
    book.close()
    assert read_sheet(made.getvalue()) == [["", ""], ["", ""], ["", "Name"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"x" * (LARGEST_BYTES + 1), "larger than 5 MB"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel file"),
        (b"PK\x03\x04 and nothing more", "cannot be read as a spreadsheet"),
        (packed(**{"word/document.xml": b"<w/>"}), "cannot be read as a spreadsheet"),
        (packed(**{"xl/workbook.xml": b"<broken"}), "cannot be read as a spreadsheet"),
        (packed(**{"xl/workbook.xml": b"<workbook/>", "bomb": b"\0" * 61_000_000}), "unpacks to more than 60 MB"),
        (b"%PDF-1.7\0binary", "no CSV or XLSX"),
        (b'"never closed', "cannot be read as CSV"),
        (b"Name\n\x81\x8d", "letters of the file cannot be read"),
        (b"Name\n" + b"x" * 5_001, "A cell holds more than"),
        (b"a\n" * 100_001, "more than 100000 rows"),
    ],
)
def test_says_why_a_file_cannot_be_read(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as refused:
        read_sheet(content)
    assert refused.value.field == "file"


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda rest: b"PK\x03\x04" + rest))
def test_always_reads_or_says_why_not(content: bytes) -> None:
    with suppress(InvalidInputError):
        assert all(isinstance(cell, str) for row in read_sheet(content) for cell in row)


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    assert [column_name(number) for number in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
