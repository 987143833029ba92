from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, update

from kernel import audit
from kernel.errors import NotFoundError, TooLateError
from kernel.work import Work
from people.actions.issue_grant import spend_grant
from people.codes import is_code
from people.queries import LINK_SPENT, digest, open_grant
from people.rules.codes import MOST_TRIES, Refusal, digits_of
from people.tables import AskRow, CodeRow

MOST_A_DAY = 25
"""Codes typed within a day for one address; the links in the emails go on working."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entrant:
    """Who proved that an address is theirs, and by which contact point; None where a link said only who."""

    person_id: str
    contact_point_id: str | None = None


@dataclass(frozen=True)
class _Tried:
    id: str
    tries: int
    address_digest: str


def take_code(work: Work, purpose: str, browser: str, typed: str) -> Entrant | Refusal:
    """Take a code that was typed into the browser that asked for it, once; say whom it lets in, or why nobody.

    The try is counted before the code is looked at, and a refusal is returned so that it stays counted: nobody gets
    more than 5, however many they type at once. The answer is the same where the address was nobody's.
    """
    asks = _count_try(work, purpose, browser)
    if not asks:
        return _why_not(work, purpose, browser)
    if _tries_today(work, asks) > MOST_A_DAY:
        return Refusal.TOO_OFTEN
    codes = work.session.scalars(select(CodeRow).where(CodeRow.ask_id.in_([ask.id for ask in asks]))).all()
    right = next((code for code in codes if is_code(work.keys, code.id, digits_of(typed), code.digest)), None)
    if right is None:
        _record_void(work, asks, codes)
        return Refusal.TOO_OFTEN if all(ask.tries >= MOST_TRIES for ask in asks) else Refusal.WRONG
    _spend(work, purpose, browser)
    return Entrant(right.person_id, right.contact_point_id)


def take_link(work: Work, purpose: str, browser: str | None, token: str) -> Entrant | None:
    """Spend a link in the browser that asked for it; return whom it lets in, None in any other browser.

    Raises NotFoundError for a link that was never sent, TooLateError for one that has run out or was used.
    """
    grant = open_grant(work.session, token, purpose, work.now)
    if grant.person_id is None:
        raise NotFoundError
    ask = work.session.get(AskRow, grant.target, with_for_update=True)
    if ask is None or ask.spent_at is not None:
        raise TooLateError(LINK_SPENT)
    if browser is None or ask.browser != digest(browser):
        return None
    spend_grant(work, grant.id)
    _spend(work, purpose, browser)
    return Entrant(grant.person_id)


def _of_browser(purpose: str, browser: str) -> ColumnElement[bool]:
    return (AskRow.browser == digest(browser)) & (AskRow.purpose == purpose) & AskRow.spent_at.is_(None)


def _count_try(work: Work, purpose: str, browser: str) -> list[_Tried]:
    """Count a try at every ask of the browser that is open, and lock them."""
    is_open = _of_browser(purpose, browser) & (AskRow.expires_at > work.now) & (AskRow.tries < MOST_TRIES)
    change = update(AskRow).where(is_open).values(tries=AskRow.tries + 1)
    found = change.returning(AskRow.id, AskRow.tries, AskRow.address_digest)
    return [_Tried(*row) for row in work.session.execute(found.execution_options(synchronize_session=False))]


def _tries_today(work: Work, asks: Sequence[_Tried]) -> int:
    """Count what was typed within a day for these addresses, in whatever browser: patience must not pay."""
    lately = select(func.sum(AskRow.tries)).where(
        AskRow.address_digest.in_({ask.address_digest for ask in asks}), AskRow.asked_at > work.now - _A_DAY
    )
    return work.session.scalar(lately) or 0


def _why_not(work: Work, purpose: str, browser: str) -> Refusal:
    asked = select(AskRow.expires_at, AskRow.tries).where(_of_browser(purpose, browser))
    latest = work.session.execute(asked.order_by(AskRow.id.desc()).limit(1)).first()
    if latest is None:
        return Refusal.NONE_OPEN
    return Refusal.RUN_OUT if latest.expires_at <= work.now else Refusal.TOO_OFTEN


def _spend(work: Work, purpose: str, browser: str) -> None:
    """Close everything that this browser asked for: what else is in the mailbox lets nobody in any more."""
    change = update(AskRow).where(_of_browser(purpose, browser)).values(spent_at=work.now)
    work.session.execute(change.execution_options(synchronize_session=False))


def _record_void(work: Work, asks: Sequence[_Tried], codes: Sequence[CodeRow]) -> None:
    void = {ask.id for ask in asks if ask.tries >= MOST_TRIES}
    subjects = [("person", code.person_id) for code in codes if code.ask_id in void]
    for subject in subjects or [("ask", ask_id) for ask_id in sorted(void)]:
        facts = {"tries": MOST_TRIES}
        audit.record(work, actor=audit.SYSTEM, action="people.code_void", subject=subject, details=facts)
