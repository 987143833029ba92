from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.calendar import london_date, next_working_day, start_of_day
from kernel.errors import ConflictError, InvalidInputError
from referrals.model.evaluation import Offer, Preference, Score
from referrals.rules.evaluating import check_reason
from referrals.rules.identifying import Mark, identifying_text
from referrals.rules.questions import names_in
from referrals.rules.ranking import Ranked, leaders

LONGEST_STANDSTILL = 10
_OTHER_FIRST = "Law puts another setting first. While that stands, no other can be awarded."
_MONEY = re.compile(
    r"£|\b(?:pounds?|gbp|quid)\b|\b\d+(?:\.\d+)?k\b|\b\d{1,3}(?:[, ]\d{3})+\b|\b(?!(?:19|20)\d\d\b)\d{4,}\b",
    re.IGNORECASE,
)
"""What reads like an amount; years of inspections and visits stay."""
_TELLING = frozenset(Mark) - {Mark.NAME, Mark.DATE}
"""Names and dates of inspections, therapies and visits belong into reasons; what else looks like a person does not."""


@dataclass(frozen=True)
class Evaluated:
    """What stands when somebody is to be awarded; `ranked` is empty until all scores are settled and moderated.

    `seen` is the mark of the offers as they stand: who awards must have looked at exactly these.
    """

    offers: Collection[str]
    seen: str
    ranked: Sequence[Ranked]
    preference: Preference | None
    has_view: bool


def check_award(recipient_id: str | None, found: Evaluated) -> None:
    """Raise unless this offer may be awarded: the one that law puts first, else one that ranks first (R24, R26).

    Raises InvalidInputError for another offer, ConflictError while scores, moderation or the family's view are missing.
    """
    check_lawful(recipient_id, found)
    if found.preference is not None:
        return
    if not found.ranked:
        raise ConflictError("Score the offers, agree on the scores and record the moderation first.")
    if not found.has_view:
        raise ConflictError("Record the family's and the learner's view first.")
    if recipient_id not in leaders(found.ranked):
        raise InvalidInputError(
            "winner", "Only an offer that ranks first can be awarded. The weights were fixed when it was issued."
        )


def check_lawful(recipient_id: str | None, found: Evaluated) -> None:
    """Raise InvalidInputError unless this is an offer, and no other setting comes first by law (R26)."""
    if recipient_id is None or recipient_id not in found.offers:
        raise InvalidInputError("winner", "Choose one of the offers.")
    if found.preference is not None and found.preference.recipient_id != recipient_id:
        raise InvalidInputError("winner", _OTHER_FIRST)


def check_supplier(supplier: str, preference: Preference | None) -> None:
    """Raise ConflictError where law puts another first than this supplier off the framework (R26)."""
    if preference is not None and _plain(preference.school) != _plain(supplier):
        raise ConflictError(_OTHER_FIRST)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def awardable(found: Evaluated, *, is_competitive: bool = True) -> tuple[str, ...]:
    """Return the offers that may be awarded as things stand (R24, R26)."""
    if found.preference is not None:
        return tuple(one for one in found.offers if one == found.preference.recipient_id)
    if not is_competitive:
        return tuple(found.offers)
    return leaders(found.ranked) if found.has_view else ()


def check_seen(seen: str, found: Evaluated) -> None:
    """Raise ConflictError unless whoever decides looked at the offers as they stand.

    Where nobody competes, an answer can change until the deadline, also after somebody has read it.
    """
    if seen != found.seen:
        raise ConflictError("An offer has changed since you looked. Read the offers again, then decide.")


def offers_mark(offers: Iterable[Offer]) -> str:
    """Return a SHA-256 over the offers as they stand."""
    whole = sorted((one.recipient_id, one.checksum) for one in offers)
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def check_feedback(field: str, reason: str, rivals: Iterable[str]) -> None:
    """Raise InvalidInputError for a reason that a provider may not read (R27).

    It names no rival and no price, and nothing in it looks like the number or address of a person. `rivals` are the
    names of the other settings and of their providers.
    """
    check_reason(field, reason)
    if _MONEY.search(reason):
        raise InvalidInputError(field, "Take the price out. The provider reads this.")
    if names_in(reason, rivals):
        raise InvalidInputError(field, "Take the name of the other setting out. The provider reads this.")
    for finding in identifying_text({field: reason}):
        if finding.mark in _TELLING:
            raise InvalidInputError(
                field, "Take out what looks like {mark}. The provider reads this.", mark=finding.mark
            )


def standstill_end(told_at: datetime, days: int) -> datetime | None:
    """Return when a standstill of so many days after the telling is over, None where there is none (R27).

    It ends with the last day by London clocks, or with the next working day where the last is none.
    """
    if days <= 0:
        return None
    last = next_working_day(london_date(told_at) + timedelta(days=min(days, LONGEST_STANDSTILL)))
    return start_of_day(last + timedelta(days=1))


def award_fingerprint(referral_id: str, recipient_id: str, seen: str, scores: Iterable[Score]) -> str:
    """Return a SHA-256 over who is to be awarded, the offers and the scores that lead to it: what a panel approves."""
    whole = {
        "referral": referral_id,
        "recipient": recipient_id,
        "offers": seen,
        "scores": sorted((one.recipient_id, one.criterion.value, one.score, one.reason) for one in scores),
    }
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()
