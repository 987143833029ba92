from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from fps.model import Status
from fps.model.standing import LONGEST_WORDS, LeavingAnswer, StandingTerms
from fps.rules import ALLOWED
from kernel.calendar import add_working_days, is_working_day, next_working_day, working_days_between
from kernel.errors import ConflictError, InvalidInputError, TooLateError

# what a decision of its own brings about, with a right to reply and a review, and not a step by itself
_BY_DECISION = frozenset({Status.SUSPENDED, Status.DECOMMISSIONING})
_REFERENCE = re.compile(r"(?=.*[0-9])[A-Z0-9]+(?:[-/][A-Z0-9]+)*")
_LETTERS_IN_A_ROW = re.compile(r"[A-Z]{4}")
_DIGITS = re.compile(r"[0-9]")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_SHORTEST, _LONGEST, _MOST_DIGITS = 3, 12, 7
CHASE_WD = 5
"""Working days between reminders of a plan by which a setting leaves ([own])."""


def steps_by_hand(before: Status | None) -> tuple[Status, ...]:
    """Return the steps that the lead authority takes by a step's own form; the others come of a decision (L5, L6)."""
    if before is Status.DECOMMISSIONING:
        return ()
    return tuple(status for status in Status if status in ALLOWED[before] - _BY_DECISION)


def check_words(field: str, words: str) -> str:
    """Return what somebody wrote, trimmed; raises InvalidInputError where there is nothing or too much."""
    written = words.strip()
    if not written:
        raise InvalidInputError(field, "Say why.")
    if len(written) > LONGEST_WORDS:
        raise InvalidInputError(field, "Write at most {most} characters.", most=LONGEST_WORDS)
    return written


def reply_day(today: date, terms: StandingTerms) -> date:
    """Return the last day of the provider's right to reply: 5 working days after today ([own])."""
    return add_working_days(today, terms.reply_wd)


def check_review_day(review_on: date, today: date, terms: StandingTerms) -> None:
    """Raise InvalidInputError unless the review is on a working day, after today and at most 20 working days off."""
    last = add_working_days(today, terms.review_wd)
    if not today < review_on <= last or not is_working_day(review_on):
        raise InvalidInputError(
            "review_on",
            "Choose a working day for the review, from tomorrow to {last}.",
            last=f"{last.day} {last:%B %Y}",
        )


def can_be_suspended(before: Status | None) -> bool:
    """Tell whether a setting may be suspended from where it stands: active, paused or on hold."""
    return Status.SUSPENDED in ALLOWED[before]


def check_suspendable(before: Status | None) -> None:
    """Raise ConflictError unless a setting may be suspended from where it stands."""
    if not can_be_suspended(before):
        raise ConflictError("The setting cannot be suspended on a lot on which it is not active, paused or on hold.")


def check_notice_over(*, is_urgent: bool, has_replied: bool, reply_by: date, today: date) -> None:
    """Raise ConflictError while a setting may not be suspended yet: not urgent, no reply, and time to reply is left."""
    if not is_urgent and not has_replied and today <= reply_by:
        raise ConflictError(
            "The provider may reply until {day}. Suspend it after that day, or once it has replied. If children are "
            "at risk, withdraw this notice and suspend at once.",
            day=f"{reply_by.day} {reply_by:%B %Y}",
        )


def check_may_reply(*, has_replied: bool, reply_by: date, today: date, is_over: bool) -> None:
    """Raise unless the provider may reply now: once, to the end of the last day, and while the decision stands."""
    if has_replied:
        raise ConflictError("Your reply has been sent already. The council reads it.")
    if is_over:
        raise ConflictError("This decision has ended. There is nothing to reply to any more.")
    if today > reply_by:
        raise TooLateError(
            "The time to reply ended on {day}. Call the council instead.", day=f"{reply_by.day} {reply_by:%B %Y}"
        )


def status_after(before: Status | None, *, has_documents: bool, is_held_by_hand: bool = False) -> Status:
    """Return where lifting a suspension leads: to the provider's own pause, to active, or to a hold.

    `is_held_by_hand`: it stood on hold because a person said so, and stands so again until a person ends that.
    """
    if before is Status.SELF_PAUSED:
        return Status.SELF_PAUSED
    return Status.ACTIVE if has_documents and not is_held_by_hand else Status.COMPLIANCE_HOLD


def check_reference(written: str) -> str:
    """Return a learner's reference in capitals; raises InvalidInputError for what may say who they are (A3).

    A short code of the council's own: letters and digits, at least one digit, never four letters in a row, so that
    no name fits; no postcode, and not so many digits as a date, an NHS number or a unique pupil number.
    """
    reference = written.strip().upper()
    bare = re.sub(r"[-/]", "", reference)
    is_code = _SHORTEST <= len(reference) <= _LONGEST and _REFERENCE.fullmatch(reference)
    tells = (
        _LETTERS_IN_A_ROW.search(reference)
        or _POSTCODE.fullmatch(bare)
        or len(_DIGITS.findall(reference)) > _MOST_DIGITS
        or re.fullmatch(r"[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2}(?:[0-9]{2})?", reference)
    )
    if not is_code or tells:
        raise InvalidInputError(
            "reference",
            "Enter a short code of your own, such as LN-4821: 3 to 12 letters and digits. No name, initials alone, "
            "date of birth, postcode, NHS number or pupil number.",
        )
    return reference


def check_may_leave(answers: Iterable[LeavingAnswer], leaves_on: date, today: date, *, goes_without: bool) -> int:
    """Raise ConflictError until all is done for every learner and every council has answered (L6).

    From the day on for which it is planned, it may go without those who have not answered ([own]); a learner whose
    next step is not done is never passed over. Returns how many councils it goes without.
    """
    found = list(answers)
    silent = sum(answer.answered_at is None for answer in found)
    left = sum(answer.learners - answer.done for answer in found)
    if silent and not (goes_without and today >= leaves_on):
        raise ConflictError(
            "{count} of {all} councils have not said yet who of their learners is there. They are reminded every "
            "{every} working days. From {day} on you can go on without them and say why.",
            count=silent,
            all=len(found),
            every=CHASE_WD,
            day=f"{leaves_on.day} {leaves_on:%B %Y}",
        )
    if left:
        raise ConflictError(
            "Learners whose next step is not done yet: {count}. The setting can leave after.", count=left
        )
    return silent


def is_plan_chased(asked_on: date, leaves_on: date, today: date) -> bool:
    """Tell whether whoever owes something for a plan is reminded on a working day.

    Every 5 working days since they were asked, and on the day for which the leaving is planned, or the next working
    day ([own]).
    """
    since = working_days_between(asked_on, today)
    return today == next_working_day(leaves_on) or (since > 0 and since % CHASE_WD == 0)
