from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from sqlalchemy import select, union
from sqlalchemy.orm import Session

import channels.retention
import fps.retention
import people.retention
import qa_visits.retention
import referrals.retention
import referrals.webhooks.retention
import surveys.retention
from kernel.calendar import at_london, london_date
from kernel.errors import ConfigurationError
from kernel.old_events import forget_events, old_events
from people.retention import Cut, Sweeper
from people.rights.queries import persons_held
from people.rights.rules import month_later


class After(StrEnum):
    """What becomes of rows whose time is over."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


@dataclass(frozen=True)
class Rule:
    """One line of the retention schedule: `months` from `since`; None where nothing goes by the clock.

    `source` is the rule of DOMAIN.md, or own. HUB_KEEP_MONTHS gives other months by key, but where `months` is A_DAY,
    and never fewer than `least`.
    """

    key: str
    what: str
    months: int | None
    since: str
    after: After
    source: str
    least: int = 1


A_DAY = 0
"""In place of months: 24 hours, which no setting makes longer."""
_PLACEMENT = "the placement ended, or it was closed without one"
_LEAST = 36
RETENTION: tuple[Rule, ...] = (
    Rule("surveys.answers", "Raw survey answers", 24, "the survey closed", After.ANONYMISE, "V13"),
    Rule("channels.deliveries", "Delivery logs: messages we sent", 12, "the message was written", After.DELETE, "V13"),
    Rule("channels.texts", "Messages that came in", 24, "they were dealt with", After.DELETE, "V13, as raw feedback"),
    Rule("people.contacts", "Addresses", 6, "the person left, or the address was removed", After.DELETE, "V13"),
    Rule("qa_visits.visits", "Quality visits with their reports and actions", 84, "the visit", After.DELETE, "V13"),
    Rule("people.sessions", "Where people signed in", 3, "the session ended", After.DELETE, "own"),
    Rule("people.sign_ins", "Links and codes asked for to sign in", 1, "they ran out", After.DELETE, "own"),
    Rule("people.ceremonies", "Passkey and single sign-on ceremonies", 1, "they ran out", After.DELETE, "own"),
    Rule("people.codes", "Codes to check an address", 1, "they ran out", After.DELETE, "own"),
    Rule("people.imports", "Files of people read and not written", A_DAY, "they were read", After.DELETE, "own"),
    Rule("people.links", "Links that are spent or have run out", 6, "they ended", After.DELETE, "own"),
    Rule("people.requests", "Rights requests", 36, "they were closed", After.DELETE, "own"),
    Rule("people.purposes", "Why personal data was opened", 24, "it was said", After.DELETE, "own"),
    Rule("fps.documents", "Documents that were replaced or refused", 72, "another took its place", After.DELETE, "own"),
    Rule("fps.applications", "Applications to join without a contract", 72, "the round closed", After.DELETE, "R36"),
    Rule("fps.unsent_applications", "Applications never sent", 12, "the round closed", After.DELETE, "own"),
    Rule("fps.round_contacts", "Who took part in joining rounds", 6, "the round closed", After.DELETE, "own"),
    Rule("fps.round_unconfirmed", "Addresses nobody confirmed", A_DAY, "the link ran out", After.DELETE, "own"),
    Rule("fps.leaving_learners", "Learners on plans of settings that left", 12, "it left", After.DELETE, "own"),
    Rule("kernel.events", "Facts that the parts of the hub told each other", 3, "they were heard", After.DELETE, "own"),
    Rule("referrals.webhooks", "What councils' systems were told", 12, "it happened", After.DELETE, "V13"),
    Rule("referrals.procurement", "Referrals, answers, messages", 72, _PLACEMENT, After.DELETE, "R36", _LEAST),
    Rule("referrals.placements", "Placements without a kept referral", 72, "it ended", After.DELETE, "R36", _LEAST),
    Rule("referrals.clocks", "Statutory clocks", 72, "the last step was done, or it stopped", After.DELETE, "own"),
    Rule("channels.concerns", "Safeguarding concerns", None, "the council's own schedule", After.KEEP, "V9 (f), V13"),
    Rule("kernel.audit", "The audit log", None, "it is append-only, and holds numbers, no names", After.KEEP, "R34"),
)  # fmt: skip
"""How long what is kept, in the order in which it is swept."""

SWEEPERS: Mapping[str, Sweeper] = MappingProxyType(
    {
        **surveys.retention.SWEEPERS,
        **channels.retention.SWEEPERS,
        **people.retention.SWEEPERS,
        **qa_visits.retention.SWEEPERS,
        **fps.retention.SWEEPERS,
        **referrals.retention.SWEEPERS,
        **referrals.webhooks.retention.SWEEPERS,
        "kernel.events": Sweeper(lambda cut: old_events(cut.before), forget_events),
    }
)
Periods = Mapping[str, int]


@dataclass(frozen=True)
class Due:
    """How much of a rule is due, and how much more will be in each of the coming months."""

    rule: Rule
    months: int | None
    count: int
    coming: tuple[int, ...]


def periods(overrides: Periods) -> Periods:
    """Return the months of each rule that goes by the clock; raises ConfigurationError for a rule that there is not."""
    by_clock = {rule.key: rule.months for rule in RETENTION if rule.months is not None}
    unknown = set(overrides) - {key for key, months in by_clock.items() if months != A_DAY}
    short = {rule.key for rule in RETENTION if overrides.get(rule.key, rule.least) < rule.least}
    if unknown or short:
        raise ConfigurationError(
            "HUB_KEEP_MONTHS takes rules of the retention schedule, each with no fewer months than it asks for at "
            "least: 1, or 36 for the records of a procurement (R36). Check {names}.",
            names=", ".join(sorted(unknown | short)),
        )
    return {**by_clock, **overrides}


def cut_of(now: datetime, months: int, *, ahead: int = 0) -> Cut:
    """Return what is due at `now`, or `ahead` months later: older than so many months, and nobody's on legal hold.

    On hold are persons about whom a request is under way, and those of whom a safeguarding concern is kept (V9 f).
    """
    day = month_later(london_date(now), ahead - months)
    before = now - timedelta(hours=24) if months == A_DAY and not ahead else at_london(day, time(0))
    held = union(persons_held(), channels.retention.persons_with_concern()).subquery()
    return Cut(before, select(*held.columns))


def forecast(session: Session, now: datetime, kept: Periods, *, ahead: int = 6) -> list[Due]:
    """Say what each rule would take now, and what it will take in each of the months that come."""
    return [_due(session, now, rule, kept.get(rule.key), ahead) for rule in RETENTION]


def _due(session: Session, now: datetime, rule: Rule, months: int | None, ahead: int) -> Due:
    if months is None:
        return Due(rule, None, 0, ())
    found = [SWEEPERS[rule.key].count(session, cut_of(now, months, ahead=each)) for each in range(ahead + 1)]
    coming = tuple(later - earlier for earlier, later in pairwise(found))
    return Due(rule, months, found[0], coming)
