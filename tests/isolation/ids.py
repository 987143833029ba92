"""What the arguments of routes name. A new argument that names a row gets its line in IDS, any other one in NOT_IDS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from channels.tables import InboundRow, MessageRow, QueueItemRow
from fps.tables import ApplicationRow, DocumentRow, FeeRow
from people.tables import (
    ApiTokenRow,
    ContactPointRow,
    DelegationRow,
    ImportRow,
    InvitationRow,
    MergeRow,
    PasskeyRow,
    RightsRequestRow,
    SessionRow,
)
from qa_visits.tables import ActionRow, VisitRow
from referrals.queries.notices import duties_of
from referrals.tables import (
    AnswerFileRow,
    ApprovalRow,
    AttachmentRow,
    ClockRow,
    ContractRow,
    LateResponseRow,
    NoticeRow,
    PlacementPartRow,
    PlacementReviewRow,
    PlacementRow,
    QuestionRow,
    RecipientRow,
    ReferralRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from surveys.tables import SessionRow as SurveySessionRow
from surveys.tables import SurveyRow
from tests.isolation.half import Half

Ids = Callable[[Session, Half], Sequence[str]]


def _where(column: InstrumentedAttribute[str], whose: Callable[[Half], ColumnElement[bool]]) -> Ids:
    return lambda session, half: session.scalars(select(column).where(whose(half)).order_by(column)).all()


def everybody(half: Half) -> list[str]:
    """Return the ids of everybody who belongs to a half."""
    return [each.id for each in (*half.people.values(), *half.families, *half.colleagues)]


def _is_own_message(half: Half) -> ColumnElement[bool]:
    """Leave out what the other council wrote to this half's provider about a referral of its own."""
    theirs = select(ReferralRow.id).where(ReferralRow.council_id != half.council)
    return MessageRow.person_id.in_(everybody(half)) & func.coalesce(MessageRow.about_id, "").not_in(theirs)


def _organisations(_session: Session, half: Half) -> list[str]:
    return [half.council, half.forum, half.provider]


def _sessions(session: Session, half: Half) -> list[str]:
    """Return the ids of a half's browsers and of its conversations in surveys: both are called sessions."""
    browsers = select(SessionRow.id).where(SessionRow.person_id.in_(everybody(half)))
    surveyed = select(SurveySessionRow.id).where(SurveySessionRow.person_id.in_(everybody(half)))
    return [session.scalars(rows.order_by(text("1"))).all()[-1] for rows in (browsers, surveyed)]


def _offered(session: Session, half: Half) -> Sequence[str]:
    """Return the documents that wait: what was accepted is every council's to read."""
    own = DocumentRow.provider_id == half.provider
    return session.scalars(select(DocumentRow.id).where(own, DocumentRow.state == "offered")).all()


def _placement_reviews(session: Session, half: Half) -> Sequence[str]:
    """Return the reviews of the council's placements."""
    own = select(PlacementRow.id).where(PlacementRow.council_id == half.council)
    return session.scalars(select(PlacementReviewRow.id).where(PlacementReviewRow.placement_id.in_(own))).all()


def _attachments(session: Session, half: Half) -> Sequence[str]:
    """Return the files that the council's referrals go out with."""
    own = select(ReferralRow.id).where(ReferralRow.council_id == half.council)
    return session.scalars(select(AttachmentRow.id).where(AttachmentRow.referral_id.in_(own))).all()


def _late_answers(session: Session, half: Half) -> Sequence[str]:
    """Return the answers that came too late for the council's referrals."""
    own = select(RecipientRow.id).where(RecipientRow.council_id == half.council)
    return session.scalars(select(LateResponseRow.id).where(LateResponseRow.recipient_id.in_(own))).all()


def _answer_files(session: Session, half: Half) -> Sequence[str]:
    """Return the files that came with answers to the council's referrals."""
    own = select(RecipientRow.id).where(RecipientRow.council_id == half.council)
    return session.scalars(select(AnswerFileRow.id).where(AnswerFileRow.recipient_id.in_(own))).all()


def _deliveries(session: Session, half: Half) -> Sequence[str]:
    own = select(WebhookEndpointRow.id).where(WebhookEndpointRow.council_id == half.council)
    return session.scalars(select(WebhookDeliveryRow.id).where(WebhookDeliveryRow.endpoint_id.in_(own))).all()


def _owed_notices(session: Session, half: Half) -> Sequence[str]:
    return [duty.key for duty in duties_of(session, [half.council], date(2026, 11, 23))]


_OF_PERSONS = ("person_id", "kept_id", "gone_id", "first_id", "second_id")

IDS: Mapping[str, Ids] = MappingProxyType(
    {
        "application_id": _where(ApplicationRow.id, lambda half: ApplicationRow.provider_id == half.provider),
        "survey_id": _where(SurveyRow.id, lambda half: SurveyRow.forum_id == half.forum),
        "referral_id": _where(ReferralRow.id, lambda half: ReferralRow.council_id == half.council),
        "recipient_id": _where(RecipientRow.id, lambda half: RecipientRow.provider_id == half.provider),
        "late_id": _late_answers,
        "answer_file_id": _answer_files,
        "referral_question_id": _where(QuestionRow.id, lambda half: QuestionRow.council_id == half.council),
        "visit_id": _where(VisitRow.id, lambda half: VisitRow.council_id == half.council),
        "action_id": _where(ActionRow.id, lambda half: ActionRow.council_id == half.council),
        "item_id": _where(QueueItemRow.id, lambda half: QueueItemRow.person_id.in_(everybody(half))),
        "inbound_id": _where(InboundRow.id, lambda half: InboundRow.person_id.in_(everybody(half))),
        "message_id": _where(MessageRow.id, _is_own_message),
        "point_id": _where(ContactPointRow.id, lambda half: ContactPointRow.person_id.in_(everybody(half))),
        "request_id": _where(RightsRequestRow.id, lambda half: RightsRequestRow.council_id == half.council),
        "session_id": _sessions,
        "delegation_id": _where(DelegationRow.id, lambda half: DelegationRow.organisation_id == half.council),
        "invitation_id": _where(InvitationRow.id, lambda half: InvitationRow.organisation_id == half.council),
        "merge_id": _where(MergeRow.id, lambda half: MergeRow.kept_id.in_(everybody(half))),
        "import_id": _where(ImportRow.id, lambda half: ImportRow.person_id.in_(everybody(half))),
        "passkey_id": _where(PasskeyRow.id, lambda half: PasskeyRow.person_id.in_(everybody(half))),
        **dict.fromkeys(_OF_PERSONS, lambda _session, half: everybody(half)),
        "organisation_id": _organisations,
        "document_id": _offered,
        "fee_id": _where(FeeRow.id, lambda half: FeeRow.setting_id == half.setting),
        "api_token_id": _where(ApiTokenRow.id, lambda half: ApiTokenRow.organisation_id == half.council),
        "attachment_id": _attachments,
        "approval_id": _where(ApprovalRow.id, lambda half: ApprovalRow.council_id == half.council),
        "contract_id": _where(ContractRow.id, lambda half: ContractRow.council_id == half.council),
        "placement_id": _where(PlacementRow.id, lambda half: PlacementRow.council_id == half.council),
        "part_id": _where(PlacementPartRow.id, lambda half: PlacementPartRow.council_id == half.council),
        "review_id": _placement_reviews,
        "endpoint_id": _where(WebhookEndpointRow.id, lambda half: WebhookEndpointRow.council_id == half.council),
        "delivery_id": _deliveries,
        "clock_id": _where(ClockRow.id, lambda half: ClockRow.council_id == half.council),
        "notice_id": _where(NoticeRow.id, lambda half: NoticeRow.council_id == half.council),
        "notice_key": _owed_notices,
        "council_id": lambda _session, half: [half.council],
    }
)
"""Argument by argument, the ids of one half's rows."""

NOT_IDS: Mapping[str, str] = MappingProxyType(
    {
        "provider_id": "a provider stands on the register too: tests/fps/evidence/test_pages.py",
        "recheck_id": "a yearly check, for the lead of its framework alone: tests/fps/evidence/test_rechecks.py",
        "setting_id": "a setting stands on the register, which is every council's (Q3)",
        "framework_id": "a framework stands on the register, which is every council's",
        "lot_id": "a lot of a framework, which is every council's",
        "option_id": "an extension option of a framework, which every council reads",
        "user_id": "who else may use a framework: a name on the register",
        "band_id": "free places of an age band, which everybody may see; its provider alone changes them",
        "uuid": "something of the open directory, which everybody may see",
        "token": "a secret: whoever holds the link is who it was made for",
        "question_id": "a question of what the token opens, or about a round: tests/fps/rounds/test_pages.py",
        "entry_id": "a setting of the application named beside it",
        "section": "a section of the application named beside it",
        "piece": "a kind of evidence of the application named beside it",
        "piece_id": "a file of the application named beside it",
        "clarification_id": "a question about the application named beside it",
        "round_id": "an advert that all may read; its lead alone changes it: tests/fps/rounds/test_pages.py",
        "engagement_id": "a session of a round, which everybody may read",
        "contact_id": "who takes part in a round, for its lead authority alone: tests/fps/rounds/test_pages.py",
        "clock_step": "a step of the clock named beside it",
        "step": "a step of a rights request, by its name",
        "name": "a figure or an identity provider of the whole hub",
        "number": "the place of a file in a message",
        "key": "the wording of a message, which is the whole hub's",
        "channel": "a kind of address",
        "verb": "what to do with it",
        "wish": "what to do with all of them",
        "held": "a role and where it is held, of the person named beside it",
        "kind": "a kind of file",
        "file_id": "a file of public registers, which any lead authority may hand in and look at",
        "urn": "a school of the public registers",
        "colour": "a colour of a style sheet",
        "filename": "a file that everybody gets",
    }
)
"""Arguments that name no row of anybody's, and what they name."""


VALUES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "number": ["0"],
        "channel": ["email", "sms"],
        "verb": ["prefer", "resend", "remove", "give", "withdraw"],
        "wish": ["stop", "start"],
        "kind": ["csv"],
        "step": ["close", "extend", "hand", "identity", "pause"],
    }
)
"""What is tried for them; the rest with a word that means nothing."""


def ids_of(session: Session, half: Half, argument: str) -> list[str]:
    """Return up to three of a half's ids for an argument; fails for one that nobody explained."""
    if argument not in IDS:
        message = f"Say in tests/isolation/ids.py what the argument {argument!r} of a route names: IDS or NOT_IDS."
        raise AssertionError(message)
    found = list(IDS[argument](session, half))
    assert found, f"tests/isolation/world.py makes nothing for {argument!r}"
    return found if len(found) <= 3 else [found[0], found[len(found) // 2], found[-1]]
