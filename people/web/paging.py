from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for

SIZE = 25
_ASKED = "page"
_NEAR = 1
_FARTHEST = 100_000


@dataclass(frozen=True)
class Page:
    """One page of a long list: its number from 1 on, how many rows a page holds, how many there are in all.

    A page past the end shows the last one: rows may have gone since the link to it was made. `name` is what the number
    is called in the address; of several lists on one page each has its own.
    """

    number: int
    size: int
    total: int
    name: str = _ASKED

    def __post_init__(self) -> None:
        """Keep the number within the list."""
        object.__setattr__(self, "number", min(max(self.number, 1), self.last))

    @property
    def last(self) -> int:
        """Return the number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """Return how many rows stand before this page."""
        return (self.number - 1) * self.size

    @property
    def first_row(self) -> int:
        """Return the number of the page's first row, from 1 on; 0 where there are none."""
        return min(self.offset + 1, self.total)

    @property
    def last_row(self) -> int:
        """Return the number of the page's last row."""
        return min(self.offset + self.size, self.total)

    def links(self, endpoint: str | None = None, **args: object) -> dict[str, object]:
        """Return what govukPagination shows: the first page, the last, those near this one, and the way on and back.

        Each link keeps what else the address asks for (filters), as it is now or as `args` say.
        """
        there = endpoint or request.endpoint or ""
        kept: dict[str, object] = {**request.args.to_dict(flat=False), **(request.view_args or {}), **args}

        def link(number: int) -> str:
            kept[self.name] = number if number > 1 else None
            return url_for(there, **kept)  # type: ignore[arg-type] # names of arguments come from the address

        shown: dict[str, object] = {"items": [_item(number, self.number, link) for number in _numbers(self)]}
        if self.number > 1:
            shown["previous"] = {"href": link(self.number - 1)}
        if self.number < self.last:
            shown["next"] = {"href": link(self.number + 1)}
        return shown


def _numbers(page: Page) -> list[int | None]:
    """Return the numbers to show; None stands for two or more that are left out."""
    near = range(page.number - _NEAR, page.number + _NEAR + 1)
    shown = sorted({1, page.last} | {number for number in near if 1 <= number <= page.last})
    spaced: list[int | None] = []
    before = 0
    for number in shown:
        if number - before > 1:
            spaced.append(number - 1 if number - before == _NEAR + 1 else None)
        spaced.append(number)
        before = number
    return spaced


def _item(number: int | None, current: int, link: Callable[[int], str]) -> dict[str, object]:
    if number is None:
        return {"ellipsis": True}
    return {"number": number, "href": link(number), "current": number == current}


def page_asked(name: str = _ASKED) -> int:
    """Return the page that the address asks for (`?page=`); the first for whatever is no such number."""
    number = request.args.get(name, default=1, type=int)
    return min(max(number, 1), _FARTHEST)


def page_of(total: int, size: int = SIZE, name: str = _ASKED) -> Page:
    """Return the page that the address asks for of a list of so many rows."""
    return Page(page_asked(name), size, total, name)
