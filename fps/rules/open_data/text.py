"""From bytes to rows: what kind of text a file is, and its rows with their lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fps.rules.open_data.faults import UnreadableError

LARGEST_BYTES = 120_000_000
_PIECE = 1 << 20
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_NO_LETTERS = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")

Open = Callable[[], BinaryIO]
"""Opens the file from its beginning; may be called again."""


@dataclass(frozen=True)
class Written:
    """How a file is written, and how long it is."""

    encoding: str
    size: int


def look_through(opens: Open) -> Written:
    """Return how a file is written: UTF-8 with or without a mark, else Windows-1252; it is walked through once.

    Raises UnreadableError for an empty file, one of another kind or with NUL in it, one larger than 120 MB, a line of
    more than 1 MB, or letters that are neither.
    """
    unicode = _Unicode()
    lines, size, strange = 0, 0, 0
    with opens() as file:
        while piece := file.read(_PIECE):
            if not size:
                _check_beginning(piece)
            size += len(piece)
            _check_piece(piece, size, lines)
            unicode.take(piece)
            strange = strange or _strange_line(piece, lines)
            lines += piece.count(b"\n")
    if not size:
        raise UnreadableError("The file is empty. Download it again.")
    unicode.take(b"", final=True)
    if unicode.holds:
        return Written("utf-8-sig", size)
    if strange:
        text = "The letters cannot be read. The file must be written in UTF-8 or Windows-1252: download it again."
        raise UnreadableError(text, strange)
    return Written("cp1252", size)


class _Unicode:
    """Tells whether all pieces of a file together are UTF-8."""

    def __init__(self) -> None:
        self.holds = True
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()

    def take(self, piece: bytes, *, final: bool = False) -> None:
        try:
            if self.holds:
                self._decoder.decode(piece, final)
        except UnicodeDecodeError:
            self.holds = False


def _strange_line(piece: bytes, lines: int) -> int:
    """Return the line, from 1 on, of the first byte that Windows-1252 has no letter for; 0 where there is none."""
    places = [place for byte in _NO_LETTERS if (place := piece.find(byte)) >= 0]
    return lines + piece.count(b"\n", 0, min(places)) + 1 if places else 0


def _check_beginning(piece: bytes) -> None:
    if piece.startswith((_ZIP, _OLD_EXCEL)):
        raise UnreadableError("This is an Excel or zip file. Unpack it, or download the file as CSV.")
    if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError("The file is written in UTF-16. Save it as CSV UTF-8, or download it again.")


def _check_piece(piece: bytes, size: int, lines: int) -> None:
    if size > LARGEST_BYTES:
        raise UnreadableError(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB. No file of this kind is.")
    place = piece.find(b"\0")
    if place >= 0:
        line = lines + piece.count(b"\n", 0, place) + 1
        raise UnreadableError("There is a NUL character in it: this is no CSV file, or it is damaged.", line)
    if len(piece) == _PIECE and b"\n" not in piece:
        raise UnreadableError("The line is longer than 1 MB: this is no CSV file, or it is damaged.", lines + 1)


def rows_of(file: BinaryIO, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with the line in which it ends; the file is closed at the end.

    Raises UnreadableError where a quotation mark is not closed or a cell holds more than 131,072 letters.
    """
    with io.TextIOWrapper(file, encoding, newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            for row in reader:
                if row:
                    yield reader.line_num, row
        except csv.Error as error:
            told = f"The line cannot be read as CSV ({error}). Is the file cut off? Download it again."
            raise UnreadableError(told, reader.line_num) from error
