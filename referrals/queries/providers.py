from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, and_, case, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from kernel import scope
from kernel.errors import NotFoundError
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from people.queries.holders import hears_for, holders
from referrals.model import Phase, Receipt, Terms
from referrals.queries.courses import Standing, standings
from referrals.queries.withdrawn import withdrawn_among
from referrals.rules.deadlines import is_late
from referrals.rules.issuing import Text, thaw
from referrals.rules.standing import check_readable
from referrals.tables import HandoverRow, IssueRow, RecipientRow, ReferralRow, ResponseRow


class Shown(StrEnum):
    """Which of the referrals that a provider can open are shown."""

    ALL = "all"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class InvitedSetting:
    """A setting of the provider that was asked, and the receipts of its responses, the current one last."""

    recipient_id: str
    name: str
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class Invitation:
    """A referral as a provider that was asked sees it: the frozen text, its own settings, and nobody else's.

    `is_sealed`: nobody reads an answer before the deadline, because others compete (R21). `is_ended`: the council has
    decided or withdrawn it, and its deadline is still to come.
    """

    referral_id: str
    text: Text
    release_at: datetime
    deadline_at: datetime
    is_open: bool
    is_sealed: bool
    version: int
    issued_at: datetime
    settings: tuple[InvitedSetting, ...]
    is_withdrawn: bool
    is_ended: bool

    @property
    def unanswered(self) -> int:
        """How many of the provider's settings have not answered."""
        return sum(not setting.receipts for setting in self.settings)


def invitations_of(
    session: Session,
    actor: Actor,
    now: datetime,
    show: Shown = Shown.ALL,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[Invitation]:
    """Return the referrals that the actor's providers can open now: those open for answers first, by deadline."""
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    rows = session.scalars(
        select(ReferralRow)
        .join(IssueRow, IssueRow.referral_id == ReferralRow.id)
        .where(*_readable(session, providers, now, show))
        .order_by(case((and_(*is_open(now)), 0), else_=1), IssueRow.deadline_at, ReferralRow.id)
        .offset(offset)
        .limit(limit)
    ).all()
    known = standings(session, rows)
    settings = _settings(session, rows, providers)
    withdrawn = withdrawn_among(session, list(known))
    return [_invitation(row, known[row.id], settings[row.id], now, is_withdrawn=row.id in withdrawn) for row in rows]


def count_invitations(session: Session, actor: Actor, now: datetime, show: Shown = Shown.ALL) -> int:
    """Count what invitations_of returns."""
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    rows = select(func.count()).select_from(ReferralRow).join(IssueRow, IssueRow.referral_id == ReferralRow.id)
    return session.scalar(rows.where(*_readable(session, providers, now, show))) or 0


def _readable(
    session: Session, providers: Sequence[str], now: datetime, show: Shown
) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL what referrals.rules.standing.can_read says, of those that the providers were asked about (R32)."""
    asked = exists().where(RecipientRow.referral_id == ReferralRow.id, RecipientRow.provider_id.in_(providers))
    went_out = or_(ReferralRow.closed_at.is_(None), ReferralRow.closed_at >= IssueRow.release_at)
    conditions = (asked, IssueRow.release_at <= now, went_out, is_latest())
    if show is Shown.OPEN:
        return (*conditions, *is_open(now))
    grace = func.coalesce(IssueRow.terms["link_grace_d"].as_integer(), Terms().link_grace_d)
    rows = select(grace).join(ReferralRow, ReferralRow.id == IssueRow.referral_id).where(asked).distinct()
    kept = (and_(grace == days, IssueRow.deadline_at >= now - timedelta(days=days)) for days in session.scalars(rows))
    still = or_(false(), *kept)
    return (*conditions, still, not_(and_(*is_open(now)))) if show is Shown.OVER else (*conditions, still)


def invitation(session: Session, actor: Actor, referral_id: str, now: datetime) -> Invitation:
    """Return one referral that the actor's provider was asked about.

    Raises NotFoundError for any other and before the release, TooLateError after the days of grace (R32).
    """
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    row = session.get(ReferralRow, referral_id)
    settings = _settings(session, [row], providers)[row.id] if row else []
    if row is None or not settings:
        raise NotFoundError
    standing = standings(session, [row])[row.id]
    check_readable(standing.course, standing.terms, now)
    return _invitation(row, standing, settings, now, is_withdrawn=bool(withdrawn_among(session, [row.id])))


def referral_asked(session: Session, actor: Actor, reference: str) -> str | None:
    """Return the id of the referral with a reference, if the actor's provider was asked about it."""
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    rows = select(ReferralRow.id).join(RecipientRow, RecipientRow.referral_id == ReferralRow.id)
    mine = (ReferralRow.reference == reference, RecipientRow.provider_id.in_(providers))
    return session.scalars(rows.where(*mine).limit(1)).first()


def open_referral_ids(session: Session, now: datetime) -> Sequence[str]:
    """Return the referrals that are open for answers by their latest version, the next deadline first."""
    rows = select(IssueRow.referral_id).join(ReferralRow, ReferralRow.id == IssueRow.referral_id)
    return session.scalars(rows.where(*is_open(now)).order_by(IssueRow.deadline_at)).all()


def waiting_contacts(session: Session, referral_id: str) -> Sequence[str]:
    """Return who hears for a setting with no final response (R18), each once: its contact, or all if they have left."""
    latest_is_final = (
        select(ResponseRow.is_final)
        .where(ResponseRow.recipient_id == RecipientRow.id)
        .order_by(ResponseRow.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    users = holders(Role.PROVIDER_USER)
    rows = _heard_by(users).where(RecipientRow.referral_id == referral_id, ~func.coalesce(latest_is_final, false()))
    with scope.system("who stands for settings of two providers is reminded until both have answered", session):
        return session.scalars(rows.distinct().order_by(users.c.person_id)).all()


def everybody_asked(session: Session, referral_id: str) -> Sequence[str]:
    """Return who hears for any setting that was asked, each once, whatever it has answered (R10, R11)."""
    users = holders(Role.PROVIDER_USER)
    rows = _heard_by(users).where(RecipientRow.referral_id == referral_id)
    with scope.system("whatever changes is told to all who were asked", session):
        return session.scalars(rows.distinct().order_by(users.c.person_id)).all()


def hearers_of(session: Session, referral_id: str) -> dict[str, list[str]]:
    """Return who hears for each setting that was asked, by recipient; one for which nobody does is there too."""
    users = holders(Role.PROVIDER_USER)
    asked = select(RecipientRow.id).where(RecipientRow.referral_id == referral_id)
    heard = _heard_by(users).add_columns(RecipientRow.id).where(RecipientRow.referral_id == referral_id)
    with scope.system("whether everybody who was asked is reached is for the hub to see", session):
        found: dict[str, list[str]] = {recipient_id: [] for recipient_id in session.scalars(asked)}
        for person_id, recipient_id in session.execute(heard.order_by(users.c.person_id)):
            found[recipient_id].append(person_id)
    return found


def asked_by(session: Session, person_id: str, council_ids: Collection[str]) -> Sequence[str]:
    """Return the referrals of these councils about which somebody hears for a setting that was asked."""
    users = holders(Role.PROVIDER_USER)
    rows = _heard_by(users).with_only_columns(RecipientRow.referral_id)
    ours = RecipientRow.council_id.in_(list(council_ids))
    return session.scalars(rows.where(users.c.person_id == person_id, ours).distinct()).all()


def contacts_of(session: Session, recipient_id: str) -> Sequence[str]:
    """Return who hears for a setting that was asked."""
    users = holders(Role.PROVIDER_USER)
    return session.scalars(_heard_by(users).where(RecipientRow.id == recipient_id).order_by(users.c.person_id)).all()


def taken_over() -> ScalarSelect[str]:
    """Select to whom the request for a setting was handed last; NULL where it never was."""
    latest = select(HandoverRow.to_id).where(HandoverRow.recipient_id == RecipientRow.id)
    latest = latest.order_by(HandoverRow.at.desc(), HandoverRow.id.desc()).limit(1)
    return latest.correlate(RecipientRow).scalar_subquery()


def is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say of a referral and its issue that it is the latest version and that answers are in time."""
    second = now.replace(microsecond=0)  # a deadline is met to the second (R16)
    return (IssueRow.release_at <= now, IssueRow.deadline_at >= second, ReferralRow.closed_at.is_(None), is_latest())


def is_latest() -> ColumnElement[bool]:
    """Say of an issue that no later version has taken its place (R10)."""
    later = aliased(IssueRow)
    return ~exists().where(later.referral_id == IssueRow.referral_id, later.version > IssueRow.version)


def _heard_by(users: Subquery) -> Select[str]:
    """Select who hears for settings: whoever took the request over, else the contact (see hears_for)."""
    heard = hears_for(users, RecipientRow.provider_id.expression, func.coalesce(taken_over(), RecipientRow.contact_id))
    return select(users.c.person_id).select_from(RecipientRow).join(users, heard)


def _settings(
    session: Session, rows: Sequence[ReferralRow], providers: Sequence[str]
) -> dict[str, list[InvitedSetting]]:
    """Return for each referral the providers' own settings among its recipients, with their receipts."""
    references = {row.id: row.reference for row in rows}
    asked = session.scalars(
        select(RecipientRow)
        .where(RecipientRow.referral_id.in_(list(references)), RecipientRow.provider_id.in_(providers))
        .order_by(RecipientRow.setting_name, RecipientRow.id)
    ).all()
    receipts: dict[str, list[Receipt]] = defaultdict(list)
    names = {one.id: (references[one.referral_id], one.setting_name) for one in asked}
    columns = select(ResponseRow.recipient_id, ResponseRow.received_at, ResponseRow.checksum)
    kept = session.execute(columns.where(ResponseRow.recipient_id.in_(list(names))).order_by(ResponseRow.number))
    for recipient_id, received_at, checksum in kept:
        receipts[recipient_id].append(Receipt(*names[recipient_id], received_at, checksum, is_late=False))
    found: dict[str, list[InvitedSetting]] = defaultdict(list)
    for one in asked:
        found[one.referral_id].append(InvitedSetting(one.id, one.setting_name, tuple(receipts[one.id])))
    return found


def _invitation(
    row: ReferralRow, standing: Standing, settings: Sequence[InvitedSetting], now: datetime, *, is_withdrawn: bool
) -> Invitation:
    issue = standing.issue
    if issue is None:
        raise NotFoundError
    return Invitation(
        row.id,
        thaw(issue.text),
        issue.release_at,
        issue.deadline_at,
        standing.phase(now) is Phase.OPEN,
        standing.course.is_competitive,
        issue.version,
        issue.issued_at,
        tuple(settings),
        is_withdrawn,
        standing.phase(now) is Phase.CLOSED and not is_late(now, issue.deadline_at),
    )
