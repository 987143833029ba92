from __future__ import annotations

from flask import request

from qa_visits.queries import Which

_LAST_PAGE = 10_000


def page_number() -> int:
    """Return the page of a list that was asked for, from 0 on."""
    return min(max(request.args.get("page", 0, type=int), 0), _LAST_PAGE)


def which_asked() -> Which:
    """Return whether open or ended ones were asked for."""
    return Which.ENDED if request.args.get("which") == Which.ENDED else Which.OPEN
