"""How the directory's pages name what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from fps.model import LotCard, SettingKind
from fps.model.directory import (
    AREAS,
    ATTENDANCE_WORDS,
    KEY_STAGE_WORDS,
    KIND_WORDS,
    NEED_WORDS,
    SEN_TYPES,
    STAY_WORDS,
    THERAPY_WORDS,
    Stay,
)
from fps.model.directory_search import Listing
from fps.model.open_data import Judgement, JudgementKind
from fps.queries.directory_standing import running_framework_ids
from fps.queries.frameworks import lots
from fps.rules.open_data.pages import grades_of
from fps.web.directory_asked import KM_IN_A_MILE, RESIDENTIAL
from kernel.translation import Phrase, say

LABELS: Mapping[str, Phrase] = {
    str(key): phrase
    for words in (NEED_WORDS, STAY_WORDS, THERAPY_WORDS, KEY_STAGE_WORDS, ATTENDANCE_WORDS, KIND_WORDS)
    for key, phrase in words.items()
}
"""The name of each need, stay, therapy, key stage, attendance and kind."""
_ANY = say("fps.directory.page", "Any")
_BOARDING = say("fps.directory.page", "Any boarding school")
CHOICES: Mapping[str, Sequence[tuple[str, Phrase]]] = {
    "need": [("", _ANY), *((need.value, NEED_WORDS[need]) for need in (*AREAS, *SEN_TYPES))],
    "kind": [("", _ANY), *((kind.value, KIND_WORDS[kind]) for kind in SettingKind)],
    "stay": [("", _ANY), *((stay.value, STAY_WORDS[stay]) for stay in Stay), (RESIDENTIAL, _BOARDING)],
}
KEY_STAGE_CHOICES = [("", _ANY), *((stage.value, words) for stage, words in KEY_STAGE_WORDS.items())]
ATTENDANCE_CHOICES = [("", _ANY), *((each.value, words) for each, words in ATTENDANCE_WORDS.items())]

_OFSTED = {
    SettingKind.INDEPENDENT_SPECIAL: 27,
    SettingKind.INDEPENDENT_OTHER: 27,
    SettingKind.NMSS: 25,
    SettingKind.SPECIAL_POST16: 39,
    SettingKind.FE_COLLEGE: 31,
}
_INSPECTION_WORDS: Mapping[JudgementKind, Phrase] = {
    JudgementKind.REPORT_CARD: say("fps.directory.inspection", "Ofsted report card"),
    JudgementKind.OEIF: say("fps.directory.inspection", "Ofsted inspection with grades, as they were made until 2025"),
    JudgementKind.UNGRADED: say("fps.directory.inspection", "Ofsted inspection without grades"),
    JudgementKind.STANDARDS: say("fps.directory.inspection", "Ofsted check of the Independent School Standards"),
    JudgementKind.PROGRESS: say("fps.directory.inspection", "Ofsted progress monitoring"),
    JudgementKind.ADDITIONAL: say("fps.directory.inspection", "Other Ofsted inspection"),
}


@dataclass(frozen=True)
class Inspection:
    """An inspection as Ofsted's file has it: each heading with what stands there, in Ofsted's own order and words."""

    title: Phrase
    inspected_on: date | None
    published_on: date | None
    as_at: date | None
    grades: tuple[tuple[str, str], ...]


def inspections(judgements: Iterable[Judgement]) -> list[Inspection]:
    """Return the newest inspection of each system, side by side; none is ever worked out from another."""
    newest: dict[JudgementKind, Judgement] = {}
    for each in judgements:
        newest.setdefault(each.kind, each)
    return [
        Inspection(
            _INSPECTION_WORDS[each.kind],
            each.inspected_on,
            each.published_on,
            each.as_at,
            tuple((heading, said) for heading, said in grades_of(each) if said),
        )
        for each in newest.values()
    ]


def ofsted_page(shown: Listing) -> str | None:
    """Return the address of Ofsted's own page of a school, where its kind says under which number it stands."""
    category = _OFSTED.get(shown.kind)
    if shown.urn is None or category is None:
        return None
    return f"https://reports.ofsted.gov.uk/provider/{category}/{shown.urn}"


def shown_distance(km: float, unit: str) -> str:
    """Write a distance as a number in the unit; below ten with one decimal."""
    number = km if unit == "km" else km / KM_IN_A_MILE
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"  # noqa: PLR2004 - ten


def all_lots(session: Session, today: date) -> list[LotCard]:
    """Return the lots of the frameworks that run today."""
    return lots(session, running_framework_ids(session, today), today)
