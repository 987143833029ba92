from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from fps.model.rounds import RoundCard, RoundState, RoundTerms
from kernel.calendar import LONDON, add_working_days, at_london, is_working_day, london_date
from kernel.errors import ConflictError, InvalidInputError

CLOSES_AT = time(12)
"""London time at which a round closes unless its lead says otherwise, as a referral does (R14)."""
AFTER_CHANGE_WD = 2
"""[own] Working days that must be left after a change of an open round, as after one of a referral (R10)."""
SHORTEST_OPEN_WD = 10
"""[own] Working days for which a round is open at least, from the day on which it opens to that on which it closes."""
AFTER_ANSWER_WD = 1
"""[own] Working days that must be left after an answer (R11)."""
CLOSING_REMINDERS_WD = (5, 1)
"""[own] Working days before a round closes on which everybody who has not sent an application is reminded."""
SESSION_REMINDER_WD = 3
"""[own] Working days before a session on which its guests are reminded; they are again the day before."""
LONGEST_TITLE = 200
LONGEST_ADVERT = 20_000
LONGEST_NOTICE = 200
MOST_STANDSTILL_D = 60
_MOST_NUMBER = 999

_STEPS: Mapping[RoundState, RoundState] = {
    RoundState.CLOSED: RoundState.EVALUATING,
    RoundState.EVALUATING: RoundState.DECIDED,
    RoundState.DECIDED: RoundState.LISTED,
}


def check_terms(terms: RoundTerms, lots_of_framework: Collection[str]) -> None:
    """Check what a round says; raises InvalidInputError at the field that is wrong."""
    _check_words(terms)
    if not terms.lot_ids:
        raise InvalidInputError("lot_ids", "Choose at least one lot.")
    if not set(terms.lot_ids) <= set(lots_of_framework):
        raise InvalidInputError("lot_ids", "Choose lots of this framework.")
    _check_order(terms)
    _check_after(terms)


def _check_words(terms: RoundTerms) -> None:
    if not 1 <= terms.number <= _MOST_NUMBER:
        raise InvalidInputError("number", "Enter a round number from 1 to {most}.", most=_MOST_NUMBER)
    for field, words, longest, what in (
        ("title", terms.title, LONGEST_TITLE, "a title"),
        ("advert", terms.advert, LONGEST_ADVERT, "the advert"),
    ):
        if not words.strip():
            raise InvalidInputError(field, "Enter {what}.", what=what)
        if len(words) > longest:
            raise InvalidInputError(field, "Use at most {longest} characters.", longest=longest)
    if len(terms.notice_reference) > LONGEST_NOTICE:
        raise InvalidInputError("notice_reference", "Use at most {longest} characters.", longest=LONGEST_NOTICE)


def _check_order(terms: RoundTerms) -> None:
    if terms.questions_close_at <= terms.opens_at:
        raise InvalidInputError("questions_close", "Questions must close after the round opens.")
    if terms.closes_at <= terms.questions_close_at:
        raise InvalidInputError("closes", "The round must close after its questions close.")
    if not is_working_day(london_date(terms.closes_at)):
        raise InvalidInputError("closes", "The round must close on a working day. Choose another day.")


def _check_after(terms: RoundTerms) -> None:
    if not 0 <= terms.standstill_days <= MOST_STANDSTILL_D:
        raise InvalidInputError("standstill_days", "Enter a number of days from 0 to {most}.", most=MOST_STANDSTILL_D)
    if terms.decide_by <= london_date(terms.closes_at):
        raise InvalidInputError("decide_by", "The decision must come after the day on which the round closes.")
    if terms.contracts_start_on <= terms.decide_by + timedelta(days=terms.standstill_days):
        raise InvalidInputError(
            "contracts_start_on", "Contracts must start after the decision and the standstill that follows it."
        )


def check_publication(terms: RoundTerms, now: datetime) -> None:
    """Check that a round can still be told before it opens, and leaves time to apply; raises InvalidInputError."""
    if terms.opens_at < now:
        raise InvalidInputError("opens", "The round would have opened in the past. Give it a later opening.")
    if london_date(terms.closes_at) < add_working_days(london_date(terms.opens_at), SHORTEST_OPEN_WD):
        raise InvalidInputError(
            "closes",
            "A round is open for at least {days} working days. Let it close later.",
            days=SHORTEST_OPEN_WD,
        )


def check_change(card: RoundCard, wanted: RoundTerms, now: datetime) -> None:
    """Check a change of a published round against equal treatment; raises ConflictError or InvalidInputError.

    What everybody has read of its closing moves later only. Once it is open, its number, lots and opening stand, and a
    change leaves 2 working days. Once it has closed, only what comes after the closing can change, until it is decided.
    """
    state = card.state_at(now)
    if state is RoundState.PUBLISHED:
        check_publication(wanted, now)
        _check_not_earlier(card.terms, wanted)
        return
    if state is RoundState.OPEN:
        _check_open(card.terms, wanted, now)
        return
    if state not in (RoundState.CLOSED, RoundState.EVALUATING):
        raise ConflictError("This round is over. It cannot change any more.")
    if _before_closing(card.terms) != _before_closing(wanted):
        raise ConflictError("This round has closed. Only the decision day, standstill and contract start can change.")


def _check_open(before: RoundTerms, wanted: RoundTerms, now: datetime) -> None:
    if (before.opens_at, before.number) != (wanted.opens_at, wanted.number):
        raise ConflictError("The round is open. Its number and opening cannot change.")
    if set(before.lot_ids) != set(wanted.lot_ids):
        raise ConflictError("The round is open. For other lots, open another round.")
    _check_not_earlier(before, wanted)
    if london_date(wanted.closes_at) < add_working_days(london_date(now), AFTER_CHANGE_WD):
        raise InvalidInputError(
            "closes",
            "Everybody needs at least {days} working days after a change. Let the round close later.",
            days=AFTER_CHANGE_WD,
        )


def _check_not_earlier(before: RoundTerms, wanted: RoundTerms) -> None:
    if wanted.closes_at < before.closes_at:
        raise InvalidInputError("closes", "The round is published. It may close later, but not earlier.")
    if wanted.questions_close_at < before.questions_close_at:
        raise InvalidInputError(
            "questions_close", "The round is published. Its questions may close later, but not earlier."
        )


def _before_closing(terms: RoundTerms) -> tuple[object, ...]:
    return (
        terms.number,
        terms.title,
        frozenset(terms.lot_ids),
        terms.advert,
        terms.notice_reference,
        terms.opens_at,
        terms.questions_close_at,
        terms.closes_at,
    )


def check_step(card: RoundCard, wanted: RoundState, now: datetime) -> None:
    """Check a step after closing: evaluation, decision, the list to all; raises ConflictError for any other order."""
    if _STEPS.get(card.state_at(now)) is not wanted:
        raise ConflictError("The round is not at that step. Look at the round again.")


def check_answer_time(card: RoundCard, now: datetime) -> None:
    """Check that an answer leaves everybody a working day (R11); raises ConflictError where the round must move."""
    if card.state is not RoundState.PUBLISHED or now > card.closes_at:
        raise ConflictError("The round has closed. Its questions cannot be answered any more.")
    if london_date(card.closes_at) < add_working_days(london_date(now), AFTER_ANSWER_WD):
        raise ConflictError(
            "Less than a working day is left. Let the round close later first, then publish the answer."
        )


def changes_between(before: RoundTerms, after: RoundTerms, lot_titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return what changed, one sentence each, as everybody reads it."""
    told = (
        (before.number, after.number, "Its number is now {0}."),
        (before.title, after.title, "Its title is now “{0}”."),
        (_lots(before, lot_titles), _lots(after, lot_titles), "It now opens: {0}."),
        (before.advert, after.advert, "The text of the advert has changed."),
        (before.notice_reference, after.notice_reference, "The notice reference is now {0}."),
        (_moment(before.opens_at), _moment(after.opens_at), "It now opens on {0}."),
        (_moment(before.questions_close_at), _moment(after.questions_close_at), "Questions now close on {0}."),
        (_moment(before.closes_at), _moment(after.closes_at), "It now closes on {0}."),
        (_day(before.decide_by), _day(after.decide_by), "Decisions now come by {0}."),
        (before.standstill_days, after.standstill_days, "The standstill is now {0} days."),
        (_day(before.contracts_start_on), _day(after.contracts_start_on), "Contracts now start on {0}."),
    )
    return tuple(sentence.format(now) for then, now, sentence in told if then != now)


def _lots(terms: RoundTerms, titles: Mapping[str, str]) -> str:
    return ", ".join(titles[lot_id] for lot_id in titles if lot_id in terms.lot_ids)


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{_day(local.date())} at {local:%H:%M}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def latest_reminder(closes_at: datetime, today: date) -> int | None:
    """Return which reminder of a closing is the latest that is due: so many working days before; None for none."""
    day = london_date(closes_at)
    due = [before_wd for before_wd in CLOSING_REMINDERS_WD if add_working_days(day, -before_wd) <= today < day]
    return min(due, default=None)


def session_reminder(starts_at: datetime, today: date) -> date | None:
    """Return the day of the latest reminder of a session that is due: 3 working days and 1 day before it."""
    day = london_date(starts_at)
    days = (add_working_days(day, -SESSION_REMINDER_WD), day - timedelta(days=1))
    return max((due for due in days if due <= today < day), default=None)


def closing_on(day: date) -> datetime:
    """Return the usual closing moment of a day: 12:00 in London (R14)."""
    return at_london(day, CLOSES_AT)
