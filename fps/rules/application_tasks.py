"""What an application still lacks, and what it says once it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from fps.model import DocumentKind, LotCard, SettingKind, Status
from fps.model.application_form import (
    EVIDENCE_OF_ORGANISATION,
    OF_NEW_SETTING,
    OF_ORGANISATION,
    OF_SETTING,
    OPTIONAL_EVIDENCE,
    Section,
    evidence_title,
)
from fps.model.applications import ORGANISATION, Draft, Entry, KeptFile, Task
from fps.rules import check_urn
from fps.rules.applications import evidence_of_setting, lapsed, missing
from fps.rules.frameworks import check_kind
from kernel.errors import HubError

_CAN_APPLY = (None, Status.APPLIED, Status.EXITED)


def sections_of(draft: Draft, subject: str) -> tuple[Section, ...]:
    """Return what is asked of the organisation or of a setting of the application; raises KeyError for any other."""
    if subject == ORGANISATION:
        return OF_ORGANISATION
    entry = next((each for each in draft.entries if each.id == subject), None)
    if entry is None:
        raise KeyError(subject)
    return OF_NEW_SETTING if entry.card is None else OF_SETTING


def chosen_lots(draft: Draft, entry_id: str) -> tuple[LotCard, ...]:
    """Return the lots of the round for which a setting applies."""
    chosen = draft.answers(entry_id, "lots").get("lots", [])
    return tuple(lot for lot in draft.lots if lot.id in chosen)


def evidence_of(draft: Draft, subject: str) -> tuple[DocumentKind, ...]:
    """Return the evidence that must be there for the organisation or for a setting."""
    if subject == ORGANISATION:
        return EVIDENCE_OF_ORGANISATION
    lodges = draft.answers(subject, "lots").get("lodges_52") == "yes"
    return evidence_of_setting(chosen_lots(draft, subject), lodges_52_weeks=lodges)


def optional_evidence(draft: Draft, subject: str) -> tuple[DocumentKind, ...]:
    """Return the evidence that a setting may add beside what it must."""
    if subject == ORGANISATION:
        return ()
    must = evidence_of(draft, subject)
    return tuple(kind for kind in OPTIONAL_EVIDENCE if kind not in must)


def tasks_of(draft: Draft, subject: str, on: date) -> tuple[Task, ...]:
    """Return the task list of the organisation or of one setting, sections first."""
    found = [_section_task(draft, subject, section, on) for section in sections_of(draft, subject)]
    found += [_evidence_task(draft, subject, kind, on) for kind in evidence_of(draft, subject)]
    found += [_optional_task(draft, subject, kind) for kind in optional_evidence(draft, subject)]
    return tuple(found)


def all_tasks(draft: Draft, on: date) -> tuple[Task, ...]:
    """Return every task of an application; one with no setting has the task of naming one."""
    found = list(tasks_of(draft, ORGANISATION, on))
    for entry in draft.entries:
        found += tasks_of(draft, entry.id, on)
    if not draft.entries:
        found.append(Task(ORGANISATION, "settings", "Settings", is_done=False, note="Add at least one setting."))
    return tuple(found)


def _section_task(draft: Draft, subject: str, section: Section, on: date) -> Task:
    answers = draft.answers(subject, section.key)
    lacking = missing(section, answers)
    if not answers:
        return Task(subject, section.key, section.title, is_done=False, note="Not started")
    if lacking:
        count = f"{len(lacking)} {'answer is' if len(lacking) == 1 else 'answers are'} missing"
        return Task(subject, section.key, section.title, is_done=False, note=count)
    fault = _lot_fault(draft, subject, on) if section.key == "lots" else _place_fault(draft, subject, section.key)
    return Task(subject, section.key, section.title, is_done=not fault, note=fault)


def _place_fault(draft: Draft, subject: str, section: str) -> str:
    if section != "place":
        return ""
    answers = draft.answers(subject, "place")
    return _said(lambda: check_urn(SettingKind(str(answers["kind"])), str(answers.get("urn", "")) or None))


def _lot_fault(draft: Draft, subject: str, on: date) -> str:
    """Say what keeps a setting from applying for one of its lots; nothing where nothing does."""
    entry = next(each for each in draft.entries if each.id == subject)
    lots = chosen_lots(draft, subject)
    if not lots:
        return "Choose lots of this round."
    kind = kind_of(draft, entry)
    for lot in lots:
        on_it = draft.standing.get((entry.card.id, lot.id)) if entry.card else None
        if on_it not in _CAN_APPLY:
            return f"The setting is on {lot.title} already."
        if kind and (fault := _said(partial(check_kind, lot, kind, on))):
            return fault
    return ""


def _said(check: Callable[[], object]) -> str:
    try:
        check()
    except HubError as error:
        return str(error)
    return ""


def kind_of(draft: Draft, entry: Entry) -> SettingKind | None:
    """Return what kind of setting it is: as registered, or as entered for a new one."""
    if entry.card:
        return entry.card.kind
    entered = draft.answers(entry.id, "place").get("kind")
    return SettingKind(str(entered)) if entered else None


def _evidence_task(draft: Draft, subject: str, kind: DocumentKind, on: date) -> Task:
    title, file = evidence_title(kind), draft.files.get((subject, kind))
    is_held = (subject, kind) in draft.held
    until = file.valid_until if file else draft.held.get((subject, kind))
    if file is None and not is_held:
        return Task(subject, kind, title, is_done=False, note="Not added", kind=kind)
    if lapsed(until, on):
        return Task(subject, kind, title, is_done=False, note="It has run out", kind=kind)
    return Task(subject, kind, title, is_done=True, note="" if file else "The register holds it", kind=kind)


def _optional_task(draft: Draft, subject: str, kind: DocumentKind) -> Task:
    has = (subject, kind) in draft.files
    return Task(subject, kind, evidence_title(kind), is_done=True, note="" if has else "Optional", kind=kind)


def frozen(draft: Draft) -> dict[str, Any]:
    """Return what an application says, as it is kept and as its checksum is taken: plain values, nothing of time."""
    return {
        "round": draft.card.round_id,
        "provider": draft.card.provider_id,
        "organisation": _parts(draft, ORGANISATION),
        "evidence": _evidence(draft, ORGANISATION),
        "settings": [
            {
                "entry": entry.id,
                "setting": entry.card.id if entry.card else None,
                "name": entry.name,
                "lots": [lot.id for lot in chosen_lots(draft, entry.id)],
                "sections": _parts(draft, entry.id),
                "evidence": _evidence(draft, entry.id),
            }
            for entry in draft.entries
        ],
    }


def _parts(draft: Draft, subject: str) -> dict[str, Mapping[str, Any]]:
    keys = [section.key for section in (OF_ORGANISATION if subject == ORGANISATION else OF_NEW_SETTING)]
    return {key: dict(draft.answers(subject, key)) for key in keys if draft.answers(subject, key)}


def _evidence(draft: Draft, subject: str) -> list[dict[str, Any]]:
    wanted = (*evidence_of(draft, subject), *optional_evidence(draft, subject))
    return [
        _piece(draft, subject, kind, draft.files.get((subject, kind))) for kind in wanted if _has(draft, subject, kind)
    ]


def _has(draft: Draft, subject: str, kind: DocumentKind) -> bool:
    return (subject, kind) in draft.files or (subject, kind) in draft.held


def _piece(draft: Draft, subject: str, kind: DocumentKind, file: KeptFile | None) -> dict[str, Any]:
    until = file.valid_until if file else draft.held[subject, kind]
    return {
        "kind": kind.value,
        "file": file.id if file else None,
        "name": file.name if file else None,
        "sha256": file.sha256 if file else None,
        "valid_until": until.isoformat() if until else None,
    }
