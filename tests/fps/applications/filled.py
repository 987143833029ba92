"""Applications for tests: every section filled in, every piece of evidence added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.tables import MessageRow
from fps.actions.applications.add_file import AddFile, add_file
from fps.actions.applications.change_settings import add_setting
from fps.actions.applications.save_section import SaveSection, save_section
from fps.actions.applications.start_application import start_application
from fps.actions.applications.submit_application import SubmitApplication, submit_application
from fps.actions.evidence.offer_document import TAKEN
from fps.model import DocumentKind
from fps.model.application_form import EXCLUSIONS
from fps.model.applications import ORGANISATION, Answer, Submitted
from fps.model.rounds import RoundCard
from fps.queries.applications import draft_of, own_application
from fps.rules.application_tasks import evidence_of
from kernel.uploads import CheckedFile, check_upload
from kernel.work import Work
from people.model import Actor
from tests.fps.world import World

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CLOSES = datetime(2026, 12, 18, 12, tzinfo=UTC)
AFTER = CLOSES + timedelta(hours=2)
UNTIL = date(2027, 12, 31)
PDF = b"%PDF-1.7 an invented certificate"
WORDS = "We do this every day, and we can show it."

OF_ORGANISATION: Mapping[str, Mapping[str, Answer]] = {
    "details": {
        "legal_name": "Provider Learning Ltd",
        "company_number": "01234567",
        "contact_name": "Uma Sent",
        "contact_email": "uma@example.org",
        "contact_phone": "07700 900123",
    },
    "declarations": {name: "no" for name, _ in EXCLUSIONS},
    "finance": {"accounts": WORDS, "public_liability": "£5,000,000", "employers_liability": "10000000"},
    "policies": {"policies": ["safeguarding", "complaints"], "services": WORDS, "costs": WORDS},
}
PLACE: Mapping[str, Answer] = {
    "name": "Brand New School",
    "kind": "independent_special",
    "urn": "999777",
    "age_from": "7",
    "age_to": "16",
    "intake": "mixed",
    "district": "Sefton",
}
OF_SETTING: Mapping[str, Mapping[str, Answer]] = {
    "registrations": {"education": WORDS, "judgement": "Good", "judged_on": "March 2026"},
    "practice": dict.fromkeys(("overview", "parents", "learners", "services", "costs"), WORDS),
}


def pdf(name: str = "certificate.pdf") -> CheckedFile:
    """Return a small file that is let in."""
    return check_upload(name, PDF, TAKEN, most_bytes=1000)


def started(work: Work, joined: RoundCard, provider: tuple[str, Actor]) -> str:
    """Start a provider's application."""
    return start_application(work, provider[1], joined.id, provider[0], work.now)


def fill_organisation(work: Work, actor: Actor, application_id: str) -> None:
    """Fill in all that is asked of the organisation."""
    for section, answers in OF_ORGANISATION.items():
        save_section(work, actor, SaveSection(application_id, ORGANISATION, section, answers, 0), work.now)


def fill_setting(work: Work, actor: Actor, application_id: str, entry_id: str, lots: list[str]) -> None:
    """Fill in all that is asked of a setting, the facts of a new one too."""
    draft = draft_of(work.session, own_application(work.session, actor, application_id))
    is_new = next(entry.card is None for entry in draft.entries if entry.id == entry_id)
    parts: dict[str, Mapping[str, Answer]] = {"place": PLACE} if is_new else {}
    parts |= {"lots": {"lots": lots, "places": "40", "lodges_52": "no"}, **OF_SETTING}
    for section, answers in parts.items():
        save_section(work, actor, SaveSection(application_id, entry_id, section, answers, 0), work.now)


def add_evidence(work: Work, actor: Actor, application_id: str) -> None:
    """Add every piece of evidence that is not held already."""
    draft = draft_of(work.session, own_application(work.session, actor, application_id))
    for subject in (ORGANISATION, *(entry.id for entry in draft.entries)):
        for kind in evidence_of(draft, subject):
            if (subject, kind) not in draft.held:
                add_one(work, actor, application_id, subject, kind)


def add_one(
    work: Work, actor: Actor, application_id: str, subject: str, kind: DocumentKind, until: date | None = UNTIL
) -> str:
    """Add one piece of evidence."""
    return add_file(work, actor, AddFile(application_id, subject, kind, pdf(f"{kind}.pdf"), None, until), work.now)


def filled(work: Work, world: World, joined: RoundCard, number: int = 0, setting_id: str | None = None) -> str:
    """Fill in an application of the provider of that number, for one setting on the round's first lot."""
    actor = world.providers[number][1]
    application_id = started(work, joined, world.providers[number])
    fill_organisation(work, actor, application_id)
    entry_id = add_setting(work, actor, application_id, setting_id, work.now)
    fill_setting(work, actor, application_id, entry_id, [joined.lot_ids[0]])
    add_evidence(work, actor, application_id)
    return application_id


def send(work: Work, actor: Actor, application_id: str, at: datetime | None = None) -> Submitted:
    """Send an application."""
    command = SubmitApplication(application_id, is_declared=True, received_at=at or work.now)
    return submit_application(work, actor, command)


def told(session: Session, key: str, person_id: str | None = None) -> list[Mapping[str, Any]]:
    """Return the values of the messages of a kind, to one person or to all, in the order in which they were queued."""
    rows = select(MessageRow.values).where(MessageRow.key == key).order_by(MessageRow.seq)
    return list(session.scalars(rows.where(MessageRow.person_id == person_id) if person_id else rows))
