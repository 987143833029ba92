from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fps.queries import settings_of
from kernel import scope
from kernel.errors import NotFoundError
from qa_visits.model import (
    ActionCard,
    ActionState,
    EvidenceCard,
    Head,
    Judgement,
    Priority,
    SettingCalendar,
    Span,
    TimelineEntry,
    Verdict,
    VisitCard,
    VisitSettings,
    VisitState,
    VisitType,
)
from qa_visits.rules.days import DayQuestion
from qa_visits.rules.figures import with_figures
from qa_visits.rules.plans import Standing, rag, shown_state
from qa_visits.tables import (
    ActionRow,
    EvidenceRow,
    FigureRow,
    OfficerDayRow,
    SettingSpanRow,
    StepRow,
    VisitRow,
)

PAGE = 50
HALF_TERM, CLOSURE = "half_term", "closure"


class Which(StrEnum):
    """Which visits or actions of a list to show."""

    OPEN = "open"
    ENDED = "ended"


_ENDED_VISITS = (VisitState.DONE, VisitState.CANCELLED)


def figures(session: Session) -> VisitSettings:
    """Return the figures of DOMAIN.md 4 that now hold: the defaults with what was changed."""
    return with_figures(VisitSettings(), {row.name: row.value for row in session.scalars(select(FigureRow))})


def setting_calendar(session: Session, setting_id: str) -> SettingCalendar:
    """Return when a setting is open, as far as it has told (Q3)."""
    rows = select(SettingSpanRow).where(SettingSpanRow.setting_id == setting_id).order_by(SettingSpanRow.first_on)
    spans = [(row.kind, Span(row.first_on, row.last_on)) for row in session.scalars(rows)]
    return SettingCalendar(
        half_terms=tuple(span for kind, span in spans if kind == HALF_TERM),
        closures=tuple(span for kind, span in spans if kind == CLOSURE),
    )


def busy_days(session: Session, officer_id: str, *, since: date, but_visit_id: str | None = None) -> frozenset[date]:
    """Return the days from `since` on that visits have taken of an officer, leaving one visit's own day out."""
    taken = select(OfficerDayRow.day).where(OfficerDayRow.officer_id == officer_id, OfficerDayRow.day >= since)
    if but_visit_id is not None:
        taken = taken.where(OfficerDayRow.visit_id != but_visit_id)
    return frozenset(session.scalars(taken))


def day_question(
    session: Session,
    *,
    visit_type: VisitType,
    is_unannounced: bool,
    setting_id: str,
    officer_id: str,
    today: date,
    but_visit_id: str | None = None,
) -> DayQuestion:
    """Gather all that decides on which days a visit may take place."""
    return DayQuestion(
        visit_type=visit_type,
        is_unannounced=is_unannounced,
        today=today,
        calendar=setting_calendar(session, setting_id),
        settings=figures(session),
        busy=busy_days(session, officer_id, since=today, but_visit_id=but_visit_id),
    )


def visit(session: Session, visit_id: str, council_ids: Iterable[str]) -> VisitCard:
    """Return a visit of one of these councils; raises NotFoundError for any other."""
    row = session.get(VisitRow, visit_id)
    if row is None or row.council_id not in tuple(council_ids):
        raise NotFoundError
    return _visit_cards(session, [row])[0]


def visit_card(session: Session, visit_id: str) -> VisitCard:
    """Return a visit to this package's own actions, whosever it is."""
    return _visit_cards(session, [session.get_one(VisitRow, visit_id)])[0]


def visits(
    session: Session,
    council_ids: Iterable[str],
    *,
    which: Which,
    officer_id: str | None = None,
    offset: int = 0,
) -> list[VisitCard]:
    """Return a page of the councils' visits, of one officer or all: those to come by day, ended ones latest first."""
    rows = select(VisitRow).where(VisitRow.council_id.in_(tuple(council_ids)))
    if officer_id is not None:
        rows = rows.where(VisitRow.officer_id == officer_id)
    if which is Which.OPEN:
        rows = rows.where(VisitRow.state.not_in(_ENDED_VISITS)).order_by(VisitRow.day, VisitRow.id)
    else:
        rows = rows.where(VisitRow.state.in_(_ENDED_VISITS)).order_by(VisitRow.day.desc(), VisitRow.id.desc())
    return _visit_cards(session, session.scalars(rows.offset(offset).limit(PAGE)).all())


def visits_near(session: Session, setting_id: str, day: date, *, within_d: int) -> list[VisitCard]:
    """Return every council's visits to a setting within so many days of one, so that one may serve all (Q2)."""
    reach = timedelta(days=within_d)
    rows = (
        select(VisitRow)
        .where(
            VisitRow.setting_id == setting_id,
            VisitRow.day.between(day - reach, day + reach),
            VisitRow.state != VisitState.CANCELLED,
        )
        .order_by(VisitRow.day)
    )
    with scope.system("one visit may serve all councils that need it (Q2)", session):
        return _visit_cards(session, session.scalars(rows).all())


def timeline(session: Session, subject_id: str) -> list[TimelineEntry]:
    """Return what happened to a visit or an action, the latest first."""
    rows = select(StepRow).where(StepRow.subject_id == subject_id).order_by(StepRow.seq.desc())
    return [TimelineEntry(row.at, row.actor_id, row.what, row.note) for row in session.scalars(rows)]


def action(
    session: Session,
    action_id: str,
    *,
    today: date,
    council_ids: Iterable[str] = (),
    provider_ids: Iterable[str] = (),
) -> ActionCard:
    """Return an action of one of these councils or providers; raises NotFoundError for any other."""
    row = session.get(ActionRow, action_id)
    if row is None or not (row.council_id in tuple(council_ids) or row.provider_id in tuple(provider_ids)):
        raise NotFoundError
    return action_cards(session, [row], today)[0]


def action_card(session: Session, action_id: str, *, today: date) -> ActionCard:
    """Return an action to this package's own actions, whosever it is."""
    return action_cards(session, [session.get_one(ActionRow, action_id)], today)[0]


def actions_of_councils(
    session: Session, council_ids: Iterable[str], *, which: Which, today: date, offset: int = 0
) -> list[ActionCard]:
    """Return a page of the councils' improvement actions, those due first at the top."""
    return _actions(session, ActionRow.council_id.in_(tuple(council_ids)), which, today, offset)


def actions_of_providers(
    session: Session, provider_ids: Iterable[str], *, which: Which, today: date, offset: int = 0
) -> list[ActionCard]:
    """Return a page of the providers' own improvement actions, those due first at the top."""
    return _actions(session, ActionRow.provider_id.in_(tuple(provider_ids)), which, today, offset)


def actions_of_visit(session: Session, visit_id: str, *, today: date) -> list[ActionCard]:
    """Return the improvement actions that a visit left."""
    rows = select(ActionRow).where(ActionRow.visit_id == visit_id).order_by(ActionRow.due_on, ActionRow.id)
    return action_cards(session, session.scalars(rows).all(), today)


def evidence(session: Session, action_id: str) -> list[EvidenceCard]:
    """Return what was sent in for an action, the latest first."""
    rows = select(EvidenceRow).where(EvidenceRow.action_id == action_id).order_by(EvidenceRow.seq.desc())
    return [
        EvidenceCard(row.id, row.text, row.sent_by, row.sent_at, Verdict(row.verdict), row.verdict_note)
        for row in session.scalars(rows)
    ]


def _actions(session: Session, whose: ColumnElement[bool], which: Which, today: date, offset: int) -> list[ActionCard]:
    rows = select(ActionRow).where(whose)
    if which is Which.OPEN:
        rows = rows.where(ActionRow.state != ActionState.VERIFIED).order_by(ActionRow.due_on, ActionRow.id)
    else:
        rows = rows.where(ActionRow.state == ActionState.VERIFIED).order_by(ActionRow.due_on.desc(), ActionRow.id)
    return action_cards(session, session.scalars(rows.offset(offset).limit(PAGE)).all(), today)


def _setting_names(session: Session, rows: Sequence[VisitRow] | Sequence[ActionRow]) -> dict[str, str]:
    return {card.id: card.name for card in settings_of(session, {row.provider_id for row in rows})}


def _visit_cards(session: Session, rows: Sequence[VisitRow]) -> list[VisitCard]:
    names = _setting_names(session, rows)
    return [
        VisitCard(
            id=row.id,
            council_id=row.council_id,
            setting_id=row.setting_id,
            setting_name=names[row.setting_id],
            provider_id=row.provider_id,
            visit_type=VisitType(row.visit_type),
            state=VisitState(row.state),
            officer_id=row.officer_id,
            proposed_by=row.proposed_by,
            day=row.day,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            is_unannounced=row.is_unannounced,
            sequence=row.sequence,
            judgement=Judgement(row.judgement) if row.judgement else None,
            summary=row.summary,
        )
        for row in rows
    ]


def action_cards(session: Session, rows: Sequence[ActionRow], today: date) -> list[ActionCard]:
    """Return rows of this package's own as cards of that day."""
    names = _setting_names(session, rows)
    amber_within_wd = figures(session).amber_within_wd
    standings = [Standing(ActionState(row.state), row.due_on, row.is_evidence_rejected) for row in rows]
    return [
        ActionCard(
            id=row.id,
            visit_id=row.visit_id,
            council_id=row.council_id,
            setting_id=row.setting_id,
            setting_name=names[row.setting_id],
            provider_id=row.provider_id,
            officer_id=row.officer_id,
            title=row.title,
            head=Head(row.head),
            priority=Priority(row.priority),
            owner_id=row.owner_id,
            success_measure=row.success_measure,
            due_on=row.due_on,
            state=shown_state(standing, today),
            rag=rag(standing, today, amber_within_wd=amber_within_wd),
        )
        for row, standing in zip(rows, standings, strict=True)
    ]
