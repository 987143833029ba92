from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fps.actions.applications.find_application import find_writable
from fps.model.applications import Answers
from fps.queries.applications import application_card, draft_of
from fps.rules.application_tasks import sections_of
from fps.rules.applications import clean
from fps.tables import ApplicationPartRow, ApplicationSettingRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class SaveSection:
    """Answers of one section; `version` is the one that their writer had before them, 0 for the first time."""

    application_id: str
    subject: str
    section: str
    answers: Answers
    version: int


class SavedMeanwhileError(ConflictError):
    """Somebody else has saved the section since its writer opened it: nothing is overwritten unseen."""


def save_section(work: Work, actor: Actor, command: SaveSection, at: datetime) -> int:
    """Save a section as far as it has got and return its new version.

    Raises SavedMeanwhileError where a colleague was first, InvalidInputError for what can never be an answer,
    NotFoundError and TooLateError as find_writable does.
    """
    row, _joined = find_writable(work, actor, command.application_id, at)
    draft = draft_of(work.session, application_card(row))
    try:
        sections = {section.key: section for section in sections_of(draft, command.subject)}
        section = sections[command.section]
    except KeyError:
        raise NotFoundError from None
    answers = clean(section, command.answers)
    if section.key == "lots" and set(answers.get("lots", ())) - {lot.id for lot in draft.lots}:
        raise InvalidInputError("lots", "Choose lots of this round.")
    kept = work.session.get(ApplicationPartRow, (row.id, command.subject, command.section), with_for_update=True)
    version = kept.version if kept else 0
    if kept is not None and kept.answers == answers:
        return version
    if version != command.version:
        raise SavedMeanwhileError("A colleague has saved this section since you opened it.")
    if kept is None:
        kept = ApplicationPartRow(application_id=row.id, subject=command.subject, section=command.section)
        work.session.add(kept)
    kept.answers, kept.version, kept.saved_at, kept.saved_by = answers, version + 1, work.now, actor.id
    if section.key == "place" and answers.get("name"):
        _rename(work, command.subject, str(answers["name"]))
    work.session.flush()
    details = {"subject": command.subject, "section": command.section, "version": version + 1}
    audit.record(work, actor=actor.id, action="fps.save_section", subject=("application", row.id), details=details)
    return version + 1


def _rename(work: Work, entry_id: str, name: str) -> None:
    entry = work.session.get(ApplicationSettingRow, entry_id)
    if entry is not None:
        entry.name = name
