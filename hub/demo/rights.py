from __future__ import annotations

from datetime import timedelta

from hub.demo.cast import Cast
from kernel.calendar import london_date
from kernel.work import Work
from people.actions.log_request import NewRequest, log_request
from people.model import Actor
from people.queries import person
from people.rights.model import CameBy, RequestKind

_LONG_AGO, _LATELY = timedelta(days=25), timedelta(days=3)


def seed(work: Work, cast: Cast) -> None:
    """Give the data-protection officer four requests: one due soon, one that nobody has taken on."""
    officer = person(work.session, cast.auditor_id)
    _log(work, cast, officer, RequestKind.ACCESS, "Please send me all that you hold about us.", _LONG_AGO, 4)
    _log(work, cast, officer, RequestKind.ERASURE, "We have moved to Scotland. Please delete our details.", _LATELY, 13)
    _log(work, cast, officer, RequestKind.RECTIFICATION, "My name is spelt wrongly in your messages.", _LATELY, 9)
    _log(work, cast, None, RequestKind.OBJECTION, "Please stop asking me about school.", timedelta(0), 11)


def _log(
    work: Work, cast: Cast, officer: Actor | None, kind: RequestKind, words: str, ago: timedelta, parent: int
) -> None:
    who = person(work.session, cast.parents[parent])
    new = NewRequest(
        council_id=cast.council_id,
        kind=kind,
        requester=who.name,
        reach=f"{who.name.lower().replace(' ', '.')}@example.org",
        words=words,
        came_by=CameBy.EMAIL,
        received_on=london_date(work.now) - ago,
        person_id=who.id if officer else None,
    )
    log_request(work, new, officer)
