from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import persons
from referrals.queries.councils import THE_HUB
from referrals.queries.courses import standings
from referrals.rules.issuing import issue_hash
from referrals.rules.standing import check_readable
from referrals.tables import AcknowledgementRow, IssueRow, QuestionRow, RecipientRow, ReferralRow, ResponseRow

_LABELS = {
    "outcomes": "What the learner should achieve",
    "risk_wording": "Risks",
    "travel_zone": "How far the learner can travel",
    "starts_from": "Earliest start",
    "starts_until": "Latest start",
}


@dataclass(frozen=True)
class Difference:
    """What one version says differently from the one before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """A version of an issued referral: when, why, and what is different in it."""

    number: int
    issued_at: datetime
    deadline_at: datetime
    moved_from: datetime | None
    reason: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class News:
    """What has happened to a referral since a provider was asked; the newest version first.

    `to_confirm` is the number of the version that the provider has not confirmed, None where there is nothing to
    confirm (R10).
    """

    referral_id: str
    versions: tuple[Version, ...]
    to_confirm: int | None
    answered: int


@dataclass(frozen=True)
class VersionCard(Version):
    """A version as its council sees it: who issued it, its fingerprint and whether what is stored still gives it."""

    issued_by: str
    hash: str
    is_intact: bool


@dataclass(frozen=True)
class Confirmed:
    """Whether a setting has confirmed the version that holds; `has_answered_since` is None while nobody may know it."""

    setting_name: str
    at: datetime | None
    by: str
    has_answered_since: bool | None


@dataclass(frozen=True)
class Confirmations:
    """Who has confirmed the version that holds, by setting; `count` is how many have, or have answered since.

    `tells_who`: the answers may be read, so that it tells whose they are (R21).
    """

    settings: tuple[Confirmed, ...]
    count: int
    tells_who: bool


def news(session: Session, actor: Actor, referral_id: str, now: datetime) -> News:
    """Return what has happened to a referral about which the actor's provider was asked.

    Raises NotFoundError for any other and before the release, TooLateError after the days of grace (R32).
    """
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    row = session.get(ReferralRow, referral_id)
    asked = select(RecipientRow.id).where(
        RecipientRow.referral_id == referral_id, RecipientRow.provider_id.in_(providers)
    )
    recipients = session.scalars(asked).all()
    if row is None or not recipients:
        raise NotFoundError
    standing = standings(session, [row])[row.id]
    check_readable(standing.course, standing.terms, now)
    issues = _issues(session, row.id)
    latest = issues[-1]
    confirmed = select(func.count()).select_from(AcknowledgementRow)
    own = confirmed.where(AcknowledgementRow.issue_id == latest.id, AcknowledgementRow.recipient_id.in_(recipients))
    is_confirmed = latest.version == 1 or session.scalar(own) == len(recipients)
    answered = select(func.count()).select_from(QuestionRow).where(QuestionRow.referral_id == row.id)
    return News(
        row.id,
        tuple(_version(before, after) for before, after in reversed(list(pairwise(issues)))),
        None if is_confirmed else latest.version,
        session.scalar(answered.where(QuestionRow.answered_at.is_not(None))) or 0,
    )


def versions_of(session: Session, actor: Actor, referral_id: str) -> tuple[VersionCard, ...]:
    """Return the versions of an issued referral of the actor's council, the newest first.

    Raises NotFoundError for any other and for a draft.
    """
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    issues = _issues(session, row.id)
    if not issues:
        raise NotFoundError
    asked = session.scalars(select(RecipientRow.setting_id).where(RecipientRow.referral_id == row.id)).all()
    names = persons(session, {one.issued_by for one in issues if one.issued_by})
    befores: list[IssueRow | None] = [None, *issues]
    return tuple(
        VersionCard(
            **vars(_version(before, one)),
            issued_by=names[one.issued_by].name if one.issued_by else THE_HUB,
            hash=one.hash,
            is_intact=one.hash == issue_hash(one.text, one.release_at, one.deadline_at, asked),
        )
        for before, one in reversed(list(zip(befores, issues, strict=False)))
    )


def confirmations(session: Session, actor: Actor, referral_id: str) -> Confirmations:
    """Return for each setting that was asked whether it has confirmed the version that holds, by name (R10).

    Raises NotFoundError as versions_of does.
    """
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    standing = standings(session, [row])[row.id]
    issue = standing.issue
    if issue is None:
        raise NotFoundError
    asked = session.execute(
        select(RecipientRow.id, RecipientRow.setting_name)
        .where(RecipientRow.referral_id == row.id)
        .order_by(RecipientRow.setting_name, RecipientRow.id)
    ).all()
    rows = session.scalars(select(AcknowledgementRow).where(AcknowledgementRow.issue_id == issue.id))
    seen = {one.recipient_id: one for one in rows}
    since = select(ResponseRow.recipient_id).where(ResponseRow.received_at >= issue.issued_at)
    answered = set(session.scalars(since.where(ResponseRow.recipient_id.in_([one.id for one in asked]))))
    names = persons(session, {one.person_id for one in seen.values()})
    settings = tuple(
        Confirmed(
            one.setting_name,
            seen[one.id].at if one.id in seen else None,
            names[seen[one.id].person_id].name if one.id in seen else "",
            one.id in answered if standing.is_opened else None,
        )
        for one in asked
    )
    return Confirmations(settings, len(answered | seen.keys()), standing.is_opened)


def _issues(session: Session, referral_id: str) -> Sequence[IssueRow]:
    rows = select(IssueRow).where(IssueRow.referral_id == referral_id)
    return session.scalars(rows.order_by(IssueRow.version)).all()


def _version(before: IssueRow | None, after: IssueRow) -> Version:
    has_moved = before is not None and before.deadline_at != after.deadline_at
    return Version(
        after.version,
        after.issued_at,
        after.deadline_at,
        before.deadline_at if before is not None and has_moved else None,
        after.reason or "",
        _differences(before.text, after.text) if before is not None else (),
    )


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    return tuple(
        Difference(label, _shown(before.get(key)), _shown(after.get(key)))
        for key, label in _LABELS.items()
        if before.get(key) != after.get(key)
    )


def _shown(value: object) -> str:
    written = str(value or "")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return written or "Nothing"
    return f"{day.day} {day:%B %Y}"
