"""What a new file says otherwise than the last one, in words for a report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from fps.model.open_data import CLOSED, JudgementKind
from fps.model.open_data_imports import Change

Details = tuple[tuple[str, str, str], ...]

LABELS: Mapping[str, str] = {
    "name": "Name",
    "status": "Status",
    "age_from": "Lowest age",
    "age_to": "Highest age",
    "gender": "Gender",
    "section41": "Section 41",
    "closed_on": "Closed on",
    "closed_why": "Why it closed",
    "opened_on": "Opened on",
    "type_name": "Type",
    "phase": "Phase",
    "boarders": "Boarders",
    "boarding": "Boarding establishment",
    "capacity": "Places",
    "pupils": "Pupils",
    "sen": "Special educational needs",
    "inspectorate": "Inspectorate",
    "la_name": "Council",
    "la_gss": "Council's GSS code",
    "la_code": "Council's DfE code",
    "previous_la_code": "DfE code of the council before",
    "district_code": "Local district",
    "number": "Establishment number",
    "ukprn": "UKPRN",
    "type_code": "Type code",
    "status_code": "Status code",
    "street": "Street",
    "town": "Town",
    "postcode": "Postcode",
    "district": "Postcode district",
    "easting": "Easting",
    "northing": "Northing",
    "website": "Website",
    "childrens_home": "Children's home number",
}
"""The words for what is compared of a school. The day of its last change alone is no change."""
_SILENT = frozenset({"status_code", "type_code", "district"})
"""What only repeats another heading."""
KINDS: Mapping[JudgementKind, str] = {
    JudgementKind.REPORT_CARD: "Report card",
    JudgementKind.OEIF: "Old grades (before report cards)",
    JudgementKind.UNGRADED: "Ungraded inspection",
    JudgementKind.STANDARDS: "Independent School Standards",
    JudgementKind.PROGRESS: "Progress monitoring",
    JudgementKind.ADDITIONAL: "Additional inspection",
}
_FIRST: Mapping[str, str] = {
    KINDS[JudgementKind.REPORT_CARD]: "New report card",
    KINDS[JudgementKind.OEIF]: "New inspection with old grades",
    KINDS[JudgementKind.UNGRADED]: "New ungraded inspection",
    KINDS[JudgementKind.STANDARDS]: "New check of the Independent School Standards",
    KINDS[JudgementKind.PROGRESS]: "New progress monitoring",
    KINDS[JudgementKind.ADDITIONAL]: "New additional inspection",
}
_GENDERS = frozenset({"mixed", "boys", "girls"})
MOST_GONE = 0.05
FEW_GONE = 50


def school_details(before: Mapping[str, object], after: Mapping[str, object]) -> Details:
    """Return what changed of a school, heading by heading."""
    return tuple(
        (label, _shown(before[name]), _shown(after[name]))
        for name, label in LABELS.items()
        if name not in _SILENT and before[name] != after[name]
    )


def school_change(before: Mapping[str, object], after: Mapping[str, object]) -> Change:
    """Return what kind of change it is: that a school closed or opened again outweighs the rest."""
    was_closed, is_closed = before["status_code"] == CLOSED, after["status_code"] == CLOSED
    if was_closed != is_closed:
        return Change.CLOSED if is_closed else Change.REOPENED
    return Change.BACK if before["left_on"] is not None else Change.CHANGED


def odds_with_ours(ours: Mapping[str, object], school: Mapping[str, object]) -> Details:
    """Return where GIAS says otherwise than our own register of a setting: ours first, then GIAS's.

    Ages and gender that GIAS leaves open are not at odds with anything.
    """
    told = []
    for name in ("name", "gender", "age_from", "age_to"):
        mine, theirs = _shown(ours[name]), _shown(school[name])
        is_told = bool(theirs) and (name != "gender" or theirs.casefold() in _GENDERS)
        if is_told and mine.casefold().split() != theirs.casefold().split():
            told.append((f"{LABELS[name]}, ours and GIAS's", mine, theirs))
    return tuple(told)


def judgement_details(kind: JudgementKind, before: Mapping[str, object], after: Mapping[str, object]) -> Details:
    """Return what one of Ofsted's files says otherwise of an inspection, heading by heading; "" stands for nothing."""
    told = [(KINDS[kind], _inspection(before), _inspection(after))]
    old, new = _grades(before), _grades(after)
    told += [(name, old.get(name, ""), new.get(name, "")) for name in {**old, **new} if old.get(name) != new.get(name)]
    return tuple(told)


def link_change(link_type: str) -> Change:
    """Return whether a link leads to what came before a school or after it, or tells something else."""
    begins = link_type.casefold()
    if begins.startswith("predecessor"):
        return Change.PREDECESSOR
    return Change.SUCCESSOR if begins.startswith("successor") else Change.LINK


def is_cut_off(listed: int, gone: int) -> bool:
    """Tell whether a file lacks so much of what the last one had that it must be only a part: over 5 in 100."""
    return gone > FEW_GONE and gone > listed * MOST_GONE


def change_in_words(heading: str, before: str, after: str) -> str:
    """Return what changed under a heading, for a list; the first inspection of its kind is called new."""
    if before and after:
        return f"{heading}: {before} → {after}"
    if after:
        return f"{_FIRST[heading]}, {after}" if heading in _FIRST else f"{heading}: now {after}"
    return f"{heading}: no longer {before}" if before else f"{heading}: no details"


def _grades(told: Mapping[str, object]) -> dict[str, str]:
    written = told["grades"]
    return dict(json.loads(str(written))) if written else {}


def _inspection(told: Mapping[str, object]) -> str:
    number, day = told["inspection"], told["inspected_on"]
    parts = [str(number)] if number else []
    parts += [f"of {_shown(day)}"] if day else []
    return " ".join(["inspection", *parts]) if parts else ""


def _shown(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return "" if value is None else str(value)


def codes_at_odds(found: Sequence[tuple[str, str, str]], ours: Mapping[str, tuple[str, str]]) -> list[str]:
    """Say where a file and the hub give a council different DfE codes; councils are matched by GSS code (C2).

    `found` are the file's (GSS, DfE code, name), `ours` by GSS code (DfE code, name).
    """
    return [
        f"{ours[gss][1]} ({gss}) has the DfE code {code or '(none)'} in the file, written there “{name}”; "
        f"the hub has {ours[gss][0]}."
        for gss, code, name in sorted(found)
        if gss in ours and ours[gss][0] != code
    ]
