from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import python_calamine

from kernel.errors import InvalidInputError
from kernel.uploads import check_package

LARGEST_BYTES = 5_000_000
MOST_ROWS = 100_000
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DELIMITERS = (",", ";", "\t")
_LONGEST_CELL = 5_000


def read_sheet(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file or of the first sheet of an XLSX file, as stripped text; empty rows stay.

    What it is shows in its first bytes, not in its name. CSV may be UTF-8, with or without a mark, or Windows-1252,
    parted by commas, semicolons or tabs. Raises InvalidInputError("file") for what cannot be read, is larger than 5 MB
    or unpacks to more than 60 MB.
    """
    if not content.strip():
        raise InvalidInputError("file", "The file is empty. It needs a row of headings and a row for each record.")
    if len(content) > LARGEST_BYTES:
        raise InvalidInputError("file", "The file is larger than 5 MB. Divide it into smaller ones.")
    if content.startswith(_OLD_EXCEL):
        raise InvalidInputError("file", "This is an old Excel file (.xls) or locked by a password. Save it as .xlsx.")
    rows = _workbook(content) if content.startswith(_ZIP) else _csv(content)
    if len(rows) > MOST_ROWS:
        raise InvalidInputError("file", "The file has more than {most} rows.", most=MOST_ROWS)
    return rows


def _workbook(content: bytes) -> list[list[str]]:
    unreadable = InvalidInputError("file", "The file cannot be read as a spreadsheet. Save it as .xlsx or .csv.")
    try:
        if "xl/workbook.xml" not in check_package(content):
            raise unreadable
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise unreadable from error
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a sheet holds every number as a fraction
    return str(value).strip()


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = [[cell.strip() for cell in row] for row in read]
    except csv.Error as error:
        raise InvalidInputError("file", "The file cannot be read as CSV: {why}.", why=error) from error
    if any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        raise InvalidInputError("file", "A cell holds more than {most} letters.", most=_LONGEST_CELL)
    return rows


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise InvalidInputError("file", "This is no CSV or XLSX file. Save the sheet as one of these.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise InvalidInputError("file", "The letters of the file cannot be read. Save it as CSV UTF-8.") from error


def column_name(number: int) -> str:
    """Return what a spreadsheet calls its `number`th column, from 0 on: A, B, ... Z, AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_blank(row: Sequence[str]) -> bool:
    """Tell whether nothing stands in a row."""
    return not any(row)
