from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fps.model import FrameworkCard, LotCard, SettingKind
from fps.model.frameworks import KIND_WORDS, Days, Existence, Requirement
from kernel.errors import ConflictError, InvalidInputError

LONGEST_REASON = 1000
LONGEST_TERM_MONTHS = 120
WARN_D = 365
"""Calendar days before its end from which a framework's page warns of it ([own])."""
_MOST_LOTS = 99
_NAMED = 5


def check_kind(lot: LotCard, kind: SettingKind, on: date) -> None:
    """Raise ConflictError unless the lot, as asked for on that day, is open and takes settings of the kind."""
    check_open(lot.title, Days(lot.since, lot.until), on)
    if kind not in lot.kinds:
        raise ConflictError(
            "{lot} does not take a setting of the kind “{kind}” on {day}. Choose another lot.",
            lot=lot.title,
            kind=KIND_WORDS[kind],
            day=_day(on),
        )


def check_open(title: str, days: Days, on: date) -> None:
    """Raise ConflictError unless a lot of that title is open on the day."""
    if not days.hold(on):
        raise ConflictError("{lot} is not open on {day}. Choose another lot.", lot=title, day=_day(on))


def check_joins(title: str, days: Days, on: date) -> None:
    """Raise ConflictError unless a lot of that title is open on the day and has no last day: else it takes nobody."""
    check_open(title, days, on)
    if days.until is not None:
        raise ConflictError(
            "{lot} has a last day, {day}, and takes nobody new. Choose another lot.", lot=title, day=_day(days.until)
        )


def check_reason(reason: str) -> str:
    """Return the reason without blanks around it; raises InvalidInputError for none, or for one too long."""
    reason = reason.strip()
    if not reason:
        raise InvalidInputError("reason", "Say why. It stands in the framework's history.")
    if len(reason) > LONGEST_REASON:
        raise InvalidInputError("reason", "The reason can have up to {most} characters.", most=LONGEST_REASON)
    return reason


def check_words(field: str, what: str, words: str, longest: int) -> str:
    """Return what was written without blanks around it; raises InvalidInputError for nothing, or too much."""
    words = " ".join(words.split())
    if not words:
        raise InvalidInputError(field, "Enter {what}.", what=what)
    if len(words) > longest:
        raise InvalidInputError(field, "It can have up to {most} characters.", most=longest)
    return words


def check_term(starts_on: date, ends_on: date) -> None:
    """Raise InvalidInputError for a framework that would end before it starts."""
    if ends_on <= starts_on:
        raise InvalidInputError("ends_on", "The last day must be after the first day, {first}.", first=_day(starts_on))


def check_extension(ends_on: date, to: date) -> None:
    """Raise InvalidInputError for an extension that does not lengthen the term."""
    if to <= ends_on:
        raise InvalidInputError("ends_on", "Enter a day after {end}, the last day so far.", end=_day(ends_on))


def check_correction(card: FrameworkCard, to: date) -> None:
    """Raise InvalidInputError for a correction that corrects nothing or ends the framework before it starts."""
    if to == card.ends_on:
        raise InvalidInputError("ends_on", "{end} is the last day already.", end=_day(to))
    check_term(card.starts_on, to)


def check_months(months: int) -> None:
    """Raise InvalidInputError for an extension option of no months, or of more than ten years."""
    if not 0 < months <= LONGEST_TERM_MONTHS:
        raise InvalidInputError("months", "Enter how many months, from 1 to {most}.", most=LONGEST_TERM_MONTHS)


def is_end_near(card: FrameworkCard, on: date) -> bool:
    """Tell whether a framework that runs ends soon ([own]: within a year), so that its lead authority must decide."""
    return on <= card.ends_on <= on + timedelta(days=WARN_D)


def check_lot_days(card: FrameworkCard, days: Days) -> None:
    """Raise InvalidInputError for a lot that is not within its framework's term."""
    if not card.starts_on <= days.since <= card.ends_on:
        raise InvalidInputError(
            "since",
            "Enter a first day from {first} to {last}, while the framework runs.",
            first=_day(card.starts_on),
            last=_day(card.ends_on),
        )
    if days.until is not None and days.until < days.since:
        raise InvalidInputError("until", "The last day cannot be before the first day, {day}.", day=_day(days.since))


def check_number(number: int, days: Days, lots: Iterable[LotCard]) -> None:
    """Raise InvalidInputError for a number that another lot has on one of the days."""
    if not 0 < number <= _MOST_LOTS:
        raise InvalidInputError("number", "Enter a number from 1 to {most}.", most=_MOST_LOTS)
    for lot in lots:
        if lot.number == number and days.meet(Days(lot.since, lot.until)):
            raise InvalidInputError(
                "number",
                "{lot} has this number then. Choose another number, or replace that lot.",
                lot=lot.title,
            )


def check_kinds(kinds: Collection[str]) -> None:
    """Raise InvalidInputError for a lot that would take no setting at all."""
    if not kinds:
        raise InvalidInputError("kinds", "Choose at least one kind of setting that the lot takes.")


def check_from(on: date, today: date, lot: LotCard) -> None:
    """Raise InvalidInputError for a change of what a lot takes or asks for that would rewrite what has held."""
    first = max(today, lot.since)
    if on < first:
        raise InvalidInputError(
            "since", "Enter {first} or a later day. What held before stays as it was.", first=_day(first)
        )
    if lot.until is not None and on > lot.until:
        raise InvalidInputError("since", "The lot ends on {last}. Enter an earlier day.", last=_day(lot.until))


def check_last_day(until: date, today: date, lot: LotCard) -> None:
    """Raise an error for a last day that has passed, or of a lot that has ended already."""
    if lot.until is not None and lot.until < today:
        raise ConflictError("{lot} ended on {day}.", lot=lot.title, day=_day(lot.until))
    first = max(today, lot.since)
    if until < first:
        raise InvalidInputError("until", "Enter {first} or a later day.", first=_day(first))


def check_replaceable(lot: LotCard, today: date) -> None:
    """Raise ConflictError for a lot that has ended, or has not been open for a day yet."""
    if lot.until is not None and lot.until < today:
        raise ConflictError("{lot} ended on {day}.", lot=lot.title, day=_day(lot.until))
    if lot.since >= today:
        raise ConflictError(
            "{lot} begins on {day}. It can be replaced from the day after.", lot=lot.title, day=_day(lot.since)
        )


def check_nobody_stands(lot: LotCard, standing: int) -> None:
    """Raise ConflictError for ending a lot on which settings stand."""
    if standing:
        raise ConflictError(
            "{count} on {lot}. Decommission them first, or replace the lot by another: they then move with it.",
            count="1 setting still stands" if standing == 1 else f"{standing} settings still stand",
            lot=lot.title,
        )


def check_all_taken(kinds: Collection[str], standing: Sequence[tuple[str, SettingKind]]) -> None:
    """Raise InvalidInputError for settings (name, kind) that the lot to which they would move does not take."""
    out = [name for name, kind in standing if kind not in kinds]
    if out:
        more = f" and {len(out) - _NAMED} more" if len(out) > _NAMED else ""
        raise InvalidInputError(
            "kinds",
            "The lot must take the kinds of the settings that move: {names}. Choose their kinds, or decommission them.",
            names=", ".join(out[:_NAMED]) + more,
        )


def check_membership(card: FrameworkCard, council: Existence, days: Days, held: Iterable[Days]) -> None:
    """Raise InvalidInputError for days outside the framework's term or the council's life, or held already (C2)."""
    if not card.starts_on <= days.since <= card.ends_on:
        raise InvalidInputError(
            "since",
            "Enter a day from {first} to {last}, while the framework runs.",
            first=_day(card.starts_on),
            last=_day(card.ends_on),
        )
    if council.since is not None and days.since < council.since:
        raise InvalidInputError(
            "since",
            "{name} begins on {day}. Enter that day or later.",
            name=council.name,
            day=_day(council.since),
        )
    check_membership_end(council, days)
    if any(days.meet(other) for other in held):
        raise InvalidInputError("since", "{name} is a member on some of these days already.", name=council.name)


def check_membership_end(council: Existence, days: Days) -> None:
    """Raise InvalidInputError for a last day before the first, or after the council's own last day (C2)."""
    if days.until is not None and days.until < days.since:
        raise InvalidInputError("until", "The last day cannot be before the first day, {day}.", day=_day(days.since))
    if council.until is None or (days.until is not None and days.until <= council.until):
        return
    heirs = f" {' and '.join(council.successors)} followed it: add them as members." if council.successors else ""
    raise InvalidInputError(
        "until",
        "{name} ended on {day}. Enter that day or an earlier one.{heirs}",
        name=council.name,
        day=_day(council.until),
        heirs=heirs,
    )


@dataclass(frozen=True)
class Shift:
    """What must be written so that from a day on just the wanted kinds hold.

    `ended` are to end the day before, `dropped` would only have begun on the day or later, `reopened` have an end set
    that is to go, `begun` begin on the day.
    """

    ended: tuple[Requirement, ...]
    dropped: tuple[Requirement, ...]
    reopened: tuple[Requirement, ...]
    begun: tuple[str, ...]


def shift(held: Sequence[Requirement], wanted: Collection[str], on: date) -> Shift:
    """Work out how what held becomes what is wanted from a day on; what held before that day never changes."""
    running = {one.kind: one for one in held if one.days.hold(on) and one.days.since < on}
    planned = [one for one in held if one.days.since >= on]
    return Shift(
        ended=tuple(one for kind, one in running.items() if kind not in wanted),
        dropped=tuple(planned),
        reopened=tuple(one for kind, one in running.items() if kind in wanted and one.days.until is not None),
        begun=tuple(kind for kind in wanted if kind not in running),
    )


def day_before(on: date) -> date:
    """Return the day before."""
    return on - timedelta(days=1)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
