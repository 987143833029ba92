"""What an application says, as staff read it: answers, evidence as it stands, and what open data say beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fps.model import Intake, SettingCard
from fps.model.application_form import OF_NEW_SETTING, OF_ORGANISATION, evidence_title
from fps.model.applications import ORGANISATION, ApplicationCard, Submitted
from fps.model.evidence import DOCUMENT_STATE_WORDS
from fps.model.open_data import Judgement, School
from fps.queries import lots_by_id, settings_by_id
from fps.queries.application_evidence import HeldPiece, evidence_held
from fps.queries.applications import entry_names
from fps.queries.open_data import judgements, schools
from fps.queries.urns import others_with_urns
from fps.web.application_words import shown_answers

_GENDERS = {Intake.MIXED: "Mixed", Intake.BOYS: "Boys", Intake.GIRLS: "Girls"}


@dataclass(frozen=True)
class Compared:
    """A fact as it was entered, and as open data have it. A difference is marked and never refused."""

    what: str
    entered: str
    known: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things, whatever their capitals and spaces."""
        return bool(self.known) and self.known.casefold().split() != self.entered.casefold().split()


@dataclass(frozen=True)
class Subject:
    """What is said of the organisation or of one setting."""

    name: str
    sections: tuple[tuple[str, list[tuple[str, str]]], ...]
    evidence: tuple[tuple[str, HeldPiece, str], ...]
    compared: tuple[Compared, ...]
    others: tuple[str, ...] = ()
    """Who else has its URN."""


def content_of(session: Session, card: ApplicationCard, sent: Submitted) -> list[Subject]:
    """Return what was sent: the organisation first, then each setting."""
    held = evidence_held(session, card, sent)
    entries = sent.content["settings"]
    lots = lots_by_id(session, {lot_id for one in entries for lot_id in one["lots"]}).values()
    by_entry = _settings(session, card.id)
    urns = {one["entry"]: _urn(by_entry.get(one["entry"]), one) for one in entries}
    known, others = schools(session, {urn for urn in urns.values() if urn}), others_with_urns(session, card.id)
    found = []
    for name, subject, sections, answers in (
        ("Organisation", ORGANISATION, OF_ORGANISATION, sent.content["organisation"]),
        *((one["name"], one["entry"], OF_NEW_SETTING, one["sections"]) for one in entries),
    ):
        shown = tuple(
            (section.title, shown_answers(section, answers[section.key], lots))
            for section in sections
            if section.key in answers
        )
        evidence = tuple(
            (evidence_title(kind), piece, DOCUMENT_STATE_WORDS[piece.state] if piece.state else "")
            for kind, piece in held.get(subject, {}).items()
        )
        setting, school = by_entry.get(subject), known.get(urns.get(subject, ""))
        compared = _compared(session, setting, school, answers) if setting and school else ()
        found.append(Subject(name, shown, evidence, compared, tuple(others.get(subject, ()))))
    return found


def _settings(session: Session, application_id: str) -> dict[str, SettingCard]:
    names = entry_names(session, [application_id])
    cards = settings_by_id(session, [setting_id for _name, setting_id in names.values() if setting_id])
    return {entry_id: cards[setting_id] for entry_id, (_name, setting_id) in names.items() if setting_id in cards}


def _urn(setting: SettingCard | None, one: Mapping[str, Any]) -> str:
    """Return the URN on the register, or the one with which a new setting applies."""
    return (setting.urn if setting else None) or str(one["sections"].get("place", {}).get("urn", ""))


def _compared(
    session: Session, setting: SettingCard, school: School, answers: dict[str, dict[str, str]]
) -> tuple[Compared, ...]:
    places, judgement = answers.get("lots", {}).get("places", ""), answers.get("registrations", {}).get("judgement", "")
    return (
        Compared("Name", setting.name, school.name),
        Compared("Ages", f"{setting.age_from} to {setting.age_to}", f"{school.age_from} to {school.age_to}"),
        Compared("Whom it takes", _GENDERS[setting.intake], school.gender),
        Compared("Places", places, "" if school.capacity is None else str(school.capacity)),
        Compared("District", setting.district, school.la_name),
        Compared("Status", "Open", school.status),
        Compared("Latest judgement", judgement, _in_words(judgements(session, school.urn))),
    )


def _in_words(found: list[Judgement]) -> str:
    if not found:
        return ""
    grades = "; ".join(f"{heading}: {grade}" for heading, grade in found[0].grades.items())
    when = found[0].inspected_on
    return f"{grades} ({when.day} {when:%B %Y})" if when else grades
