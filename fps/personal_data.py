from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import DeclarativeBase

from fps import tables
from fps.application_holdings import APPLICATION_HOLDINGS
from fps.evidence_holdings import EVIDENCE_HOLDINGS
from people.holdings import Fate, Holding, Holdings

_WHY = "It is part of the register of the framework, which is evidence of its procurement (R36)."
_UNTIL = "6 years after the framework has ended"

_KEPT_BLIND = "What was asked and answered in a round is evidence of equal treatment (R11). It stays, without you."


def _of_contact(table: type[DeclarativeBase]) -> Callable[[str], ColumnElement[bool]]:
    """Find what hangs on somebody's taking part in rounds."""
    contact = tables.RoundContactRow
    column = table.__table__.c.contact_id
    return lambda person_id: column.in_(select(contact.id).where(contact.person_id == person_id))


HOLDINGS = (
    Holding(
        "contacts",
        "Settings whose referrals come to you",
        tables.SettingRow,
        Fate.KEEP,
        "referral_contact_id",
        shown={"name": "Setting"},
        why="A setting must have somebody to whom referrals go. Name somebody else there: until then nobody is told.",
        until="somebody else is named",
    ),
    Holding(
        "status_changes",
        "Changes of a setting's status",
        tables.StatusChangeRow,
        Fate.KEEP,
        "actor_id",
        shown={"to_status": "To", "effective_on": "From", "reason": "Reason", "recorded_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "framework_changes",
        "Changes of a framework",
        tables.FrameworkChangeRow,
        Fate.KEEP,
        "actor_id",
        shown={"what": "What", "reason": "Reason", "recorded_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "documents",
        "Documents you recorded",
        tables.DocumentRow,
        Fate.KEEP,
        "recorded_by",
        shown={"kind": "Kind", "valid_until": "Valid until", "recorded_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "fees",
        "Fees you recorded",
        tables.FeeRow,
        Fate.KEEP,
        "recorded_by",
        shown={"band": "Band", "valid_from": "From", "recorded_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "profile_versions",
        "What you wrote of a setting for the directory",
        tables.ProfileVersionRow,
        Fate.KEEP,
        "written_by",
        shown={"number": "Version", "written_at": "When", "published_at": "Published"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "vacancy_reports",
        "Free places that you told of",
        tables.VacancyReportRow,
        Fate.KEEP,
        "reported_by",
        shown={"places": "Places", "channel": "How", "at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "vacancy_asks",
        "Monthly questions about free places",
        tables.VacancyAskRow,
        Fate.KEEP,
        "person_id",
        shown={"month": "Month", "asked_at": "Asked", "closed_at": "Closed"},
        why="It shows that every provider was asked in the same way.",
        until=_UNTIL,
    ),
    Holding(
        "open_data_imports",
        "Files of open data you handed in",
        tables.OpenDataImportRow,
        Fate.KEEP,
        "person_id",
        shown={"source": "What", "as_at": "As at", "created_at": "When", "state": "State"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "open_data_changes",
        "Changes in public registers that you dealt with",
        tables.OpenDataChangeRow,
        Fate.KEEP,
        "dealt_by",
        shown={"urn": "School", "what": "What", "dealt_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "round_replies",
        "Your answers to questionnaires of joining rounds",
        tables.RoundReplyRow,
        Fate.DELETE,
        of=_of_contact(tables.RoundReplyRow),
        shown={"words": "Answer", "at": "When"},
    ),
    Holding(
        "round_places",
        "Your places in engagement sessions",
        tables.RoundSignUpRow,
        Fate.DELETE,
        of=_of_contact(tables.RoundSignUpRow),
        shown={"at": "Booked", "cancelled_at": "Given up"},
    ),
    Holding(
        "round_questions",
        "Questions you asked about joining rounds",
        tables.RoundQuestionRow,
        Fate.EMPTY,
        of=_of_contact(tables.RoundQuestionRow),
        shown={"words": "Question", "asked_at": "When"},
        emptied={"contact_id": None},
        why=_KEPT_BLIND,
        until=_UNTIL,
    ),
    Holding(
        "round_contacts",
        "Joining rounds you took part in",
        tables.RoundContactRow,
        Fate.DELETE,
        "person_id",
        shown={"organisation_name": "For", "met_at": "Since", "interested_at": "Registered interest"},
    ),
    Holding(
        "round_versions",
        "Joining rounds you published or changed",
        tables.RoundVersionRow,
        Fate.KEEP,
        "actor_id",
        shown={"number": "Version", "at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "round_answers",
        "Answers you gave about joining rounds",
        tables.RoundAnswerRow,
        Fate.KEEP,
        "answered_by",
        shown={"question": "Question", "answer": "Answer", "published_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
)


def _decided(kind: str, title: str, row: type[DeclarativeBase], column: str, **shown: str) -> Holding:
    """Return a part of a decision about a setting: it stays with the name of whoever took it (L4 to L6)."""
    return Holding(kind, title, row, Fate.KEEP, column, shown=shown, why=_WHY, until=_UNTIL)


_DECISIONS = (
    _decided(
        "pauses",
        "Pauses of your council's placements that you decided",
        tables.CouncilPauseRow,
        "actor_id",
        reason="Reason",
        recorded_at="When",
    ),
    _decided(
        "pause_reviews",
        "Reviews of your council's pauses by you",
        tables.PauseReviewRow,
        "reviewed_by",
        reasons="Reasons",
        reviewed_at="When",
    ),
    _decided("pauses_ended", "Pauses that you ended", tables.CouncilPauseRow, "ended_by", ended_at="When"),
    _decided(
        "pause_replies",
        "Your replies to councils' pauses",
        tables.CouncilPauseRow,
        "replied_by",
        reply="Reply",
        replied_at="When",
    ),
    _decided(
        "suspensions",
        "Suspensions that you decided",
        tables.SuspensionRow,
        "decided_by",
        reasons="Reasons",
        recorded_at="When",
    ),
    _decided(
        "suspensions_ended",
        "Suspensions that you ended",
        tables.SuspensionRow,
        "ended_by",
        end_reasons="Reasons",
        ended_at="When",
    ),
    _decided(
        "suspension_replies",
        "Your replies to suspensions",
        tables.SuspensionRow,
        "replied_by",
        reply="Reply",
        replied_at="When",
    ),
    _decided(
        "suspension_reviews",
        "Reviews of suspensions by you",
        tables.SuspensionReviewRow,
        "reviewed_by",
        reasons="Reasons",
        reviewed_at="When",
    ),
    _decided(
        "leaving_plans",
        "Settings that you decided are to leave",
        tables.LeavingPlanRow,
        "decided_by",
        reasons="Reasons",
        recorded_at="When",
    ),
    _decided("leaving_plans_ended", "Plans that you ended", tables.LeavingPlanRow, "ended_by", ended_at="When"),
    _decided(
        "leaving_replies",
        "Your replies to plans by which a setting leaves",
        tables.LeavingPlanRow,
        "replied_by",
        reply="Reply",
        replied_at="When",
    ),
    _decided(
        "leaving_answers",
        "Plans for which you said that your council's list is complete",
        tables.LeavingAnswerRow,
        "answered_by",
        answered_at="When",
    ),
    _decided(
        "leaving_lines",
        "Learners whom you listed for a plan, by your council's reference",
        tables.LeavingLearnerRow,
        "recorded_by",
        next_step="What comes next",
        recorded_at="When",
    ),
)
PERSON_DATA = Holdings("fps", (*HOLDINGS, *_DECISIONS, *APPLICATION_HOLDINGS, *EVIDENCE_HOLDINGS))
