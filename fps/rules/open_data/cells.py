"""What stands in a cell: each raises ValueError with a sentence that says what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

Parse = Callable[[str], "str | int | None"]

_URN = re.compile(r"[0-9]{6}", re.ASCII)
_UKPRN = re.compile(r"1[0-9]{7}", re.ASCII)
_GIAS_DAY = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})", re.ASCII)
_OFSTED_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
_LARGEST = 2_000_000_000
_OLDEST = 130


def urn(cell: str) -> str:
    """Read a URN: six digits, kept as text."""
    if not _URN.fullmatch(cell):
        message = f"“{cell[:20]}” is no URN. It has six digits."
        raise ValueError(message)
    return cell


def ukprn(cell: str) -> str:
    """Read a UKPRN: eight digits that begin with 1, or nothing."""
    if cell and not _UKPRN.fullmatch(cell):
        message = f"“{cell[:20]}” is no UKPRN. It has eight digits and begins with 1."
        raise ValueError(message)
    return cell


@lru_cache(maxsize=8192)
def gias_day(cell: str) -> str | None:
    """Read a date as GIAS writes it, 31-08-2026, as ISO text; None where there is none."""
    return _day(_GIAS_DAY, cell, "31-08-2026")


@lru_cache(maxsize=8192)
def ofsted_day(cell: str) -> str | None:
    """Read a date as Ofsted writes it, 31/08/2026, as ISO text; None where there is none."""
    return _day(_OFSTED_DAY, cell, "31/08/2026")


def _day(form: re.Pattern[str], cell: str, example: str) -> str | None:
    if not cell:
        return None
    found = form.fullmatch(cell)
    try:
        if found is not None:
            day, month, year = found.groups()
            return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        pass
    message = f"“{cell[:20]}” is no date. A date is written as {example}."
    raise ValueError(message)


@lru_cache(maxsize=8192)
def number(cell: str) -> int | None:
    """Read a whole number from 0 on; None where there is none."""
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit()) or len(cell) > len(str(_LARGEST)) or int(cell) > _LARGEST:
        message = f"“{cell[:20]}” is no whole number."
        raise ValueError(message)
    return int(cell)


def grid(cell: str) -> int | None:
    """Read a coordinate; 0 stands for none."""
    return number(cell) or None


def age(cell: str) -> int | None:
    """Read an age in whole years."""
    years = number(cell)
    if years is not None and years > _OLDEST:
        message = f"“{cell[:20]}” is no age."
        raise ValueError(message)
    return years


def code(longest: int) -> Parse:
    """Return what reads a code of at most so many signs."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            message = f"“{cell[:20]}” is longer than {longest} signs."
            raise ValueError(message)
        return cell

    return read
