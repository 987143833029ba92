"""Where Ofsted shows what it says of a school, and how its grades are named."""

from __future__ import annotations

from collections.abc import Mapping

from fps.model.open_data import Judgement, JudgementKind
from fps.rules.open_data.headings import AREAS

_REPORTS = "https://reports.ofsted.gov.uk/provider"
_CATEGORIES: Mapping[str, frozenset[str]] = {
    "27": frozenset({"10", "11", "49"}),
    "25": frozenset({"7", "8", "12", "33", "36", "44"}),
    "22": frozenset({"14", "38", "42", "43"}),
    "39": frozenset({"32"}),
    "31": frozenset({"18"}),
}
"""Ofsted's categories by the types of GIAS (DOMAIN.md 6)."""
OLD_GRADES: Mapping[str, str] = {"1": "Outstanding", "2": "Good", "3": "Requires improvement", "4": "Inadequate"}
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def ofsted_page(urn: str, type_code: str) -> str | None:
    """Return the address of Ofsted's page of a school; None for a type of which no category is known."""
    category = next((name for name, types in _CATEGORIES.items() if type_code in types), None)
    return f"{_REPORTS}/{category}/{urn}" if category else None


def grades_of(judgement: Judgement) -> list[tuple[str, str]]:
    """Return the grades by heading, in Ofsted's order and words; an old grade is a number with its name."""
    order = {area: place for place, area in enumerate(AREAS)}
    names = sorted(
        judgement.grades, key=lambda name: (order.get(name, len(order)), name != "overall effectiveness", name)
    )
    return [(name[:1].upper() + name[1:], _named(judgement.kind, judgement.grades[name])) for name in names]


def _named(kind: JudgementKind, grade: str) -> str:
    if kind is JudgementKind.OEIF and grade in OLD_GRADES:
        return f"{grade}, {OLD_GRADES[grade].lower()}"
    return grade


def web_address(website: str) -> str | None:
    """Return a school's website as a link; None for what is none."""
    address = website if "://" in website else f"https://{website}"
    is_plain = address.startswith(("http://", "https://")) and not any(sign.isspace() for sign in address)
    return address if website and is_plain else None


def plain_cell(text: str) -> str:
    """Return a cell of CSV so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
