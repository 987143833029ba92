"""What a file may be: never an unhandled error, and always a sentence with line and column."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fps.model.open_data import Source
from fps.rules.open_data.faults import UnreadableError
from fps.rules.open_data.headings import GIAS, NEEDED, SEN, as_at
from fps.rules.open_data.reading import OpenFile
from fps.rules.open_data.text import LARGEST_BYTES, look_through
from tests.fps.open_data.files import gias, school, written


def _faults(content: bytes, name: str = "file.csv") -> list[str]:
    try:
        opened = OpenFile(lambda: io.BytesIO(content), name)
        for _ in opened.portions():
            pass
    except UnreadableError as error:
        return [str(error.fault)]
    return opened.faults.lines()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04rest", "This is an Excel or zip file."),
        (b"\xd0\xcf\x11\xe0rest", "This is an Excel or zip file."),
        ("URN,Name".encode("utf-16"), "The file is written in UTF-16."),
        (b"URN,EstablishmentName\r\n1,\0", "Line 2: There is a NUL character in it"),
        (b"URN,EstablishmentName\r\n1,\x81", "Line 2: The letters cannot be read."),
        (b'URN,EstablishmentName\r\n1,"open', "Line 2: The line cannot be read as CSV"),
        (
            b"a,b,c\r\n1,2,3\r\n",
            "Line 1: This is none of the files that are taken here. Its headings are “a”, “b”, “c”.",
        ),
        (b"x" * (1 << 21), "Line 1: The line is longer than 1 MB"),
    ],
)
def test_what_is_no_such_file_is_told(content: bytes, said: str) -> None:
    assert _faults(content)[0].startswith(said)


def test_a_missing_column_is_named_with_the_nearest_one() -> None:
    names = ["GSSLACode (nmae)" if name == "GSSLACode (name)" else name for name in (*GIAS.values(), *SEN)]
    (fault,) = _faults(written(names, []))
    assert fault.startswith("Line 1, column “GSSLACode (name)”: The column is missing.")
    assert "The nearest that was found is “GSSLACode (nmae)”." in fault


def test_a_file_that_is_cut_off_is_told_at_its_last_line() -> None:
    content = gias(school("100001"), school("100002"))
    (fault,) = _faults(content[:-60])
    assert fault.startswith("Line 3: The file ends within this line. There are 82 values where the headings are 140.")


def test_a_line_with_other_than_its_values_is_told_in_the_middle() -> None:
    lines = gias(school("100001"), school("100002")).split(b"\r\n")
    assert _faults(b"\r\n".join([*lines[:2], b"1,2", *lines[2:]]))[0].startswith("Line 3: There are 2 values")


def test_a_urn_that_comes_twice_is_told() -> None:
    assert _faults(gias(school("100001"), school("100001"))) == [
        "Line 3, column “URN”: 100001 stands there a second time. Download the file again."
    ]


def test_headings_without_rows_are_no_extract() -> None:
    assert _faults(gias())[0].startswith("There is nothing below the headings.")


def test_more_than_120_mb_is_refused() -> None:
    line = b"x," * 50_000 + b"\n"

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, _size: int | None = -1) -> bytes:
            return line * 10

    with pytest.raises(UnreadableError, match=f"larger than {LARGEST_BYTES // 1_000_000} MB"):
        look_through(Endless)  # type: ignore[arg-type] # reads like a file


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_each_way_of_writing_letters_is_read(encoding: str) -> None:
    content = gias(school("100001", name="Café — “Schöol”"), encoding=encoding)
    opened = OpenFile(lambda: io.BytesIO(content), "x.csv")
    (portion,) = opened.portions()
    assert portion.rows[0][2] == "Café — “Schöol”"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("edubasealldata20261120.csv", date(2026, 11, 20)),
        ("Management_information_-_state-funded_schools_as_at_31_Oct_2026.csv", date(2026, 10, 31)),
        ("as at 31 October 2026", date(2026, 10, 31)),
        ("as at 31 Smarch 2026", None),
        ("edubasealldata20269999.csv", None),
    ],
)
def test_the_day_of_a_file_stands_in_its_name(name: str, day: date | None) -> None:
    assert as_at((name,)) == day


_ROWS = st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_bytes_are_ever_an_unhandled_error(content: bytes) -> None:
    assert all(isinstance(fault, str) for fault in _faults(content))


@given(st.sampled_from([*Source]), _ROWS, st.binary(max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_rows_below_good_headings_are_ever_an_unhandled_error(
    source: Source, rows: list[list[str]], tail: bytes
) -> None:
    headings = NEEDED[source]
    content = written(headings, [dict(zip(headings, row, strict=False)) for row in rows], "utf-8") + tail
    assert all(isinstance(fault, str) for fault in _faults(content))
