from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from fps.model import DOCUMENT_WORDS, LotCard
from fps.model.frameworks import KIND_WORDS, ChangeKind, FrameworkChange
from fps.queries.framework_pages import Phase

NOBODY = "somebody who has left"
_Key = TypeVar("_Key", bound=str)
PHASES: Mapping[Phase, tuple[str, str]] = {
    Phase.RUNNING: ("Running", "green"),
    Phase.COMING: ("Not started yet", "blue"),
    Phase.ENDED: ("Ended", "grey"),
}
_TITLES: Mapping[ChangeKind, str] = {
    ChangeKind.OPENED: "Framework opened",
    ChangeKind.EDITED: "Facts changed",
    ChangeKind.EXTENDED: "Extension taken",
    ChangeKind.END_CORRECTED: "Last day corrected",
    ChangeKind.OPTION_ADDED: "Extension option added",
    ChangeKind.OPTION_REMOVED: "Extension option removed",
    ChangeKind.LOT_ADDED: "Lot added",
    ChangeKind.LOT_ENDED: "Lot ended",
    ChangeKind.LOT_REPLACED: "Lot put in the place of another",
    ChangeKind.LOT_CHANGED: "Kinds or evidence of a lot changed",
    ChangeKind.MEMBER_ADDED: "Member added",
    ChangeKind.MEMBER_ENDED: "Membership ended",
    ChangeKind.USER_ADDED: "User added",
    ChangeKind.USER_ENDED: "Use ended",
}
_DAYS: Mapping[str, str] = {"since": "From", "until": "Until"}
_FACTS: Mapping[str, str] = {
    "name": "name",
    "contract": "contract reference",
    "ocid": "procurement identifier",
    "notices": "notices",
    "approval_panel": "approval",
}


@dataclass(frozen=True)
class Happened:
    """One line of a framework's history as the page shows it."""

    title: str
    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class Names:
    """What the ids of a history stand for."""

    people: Mapping[str, str]
    councils: Mapping[str, str]
    users: Mapping[str, str]
    lots: Mapping[str, LotCard]


def happened(changes: Iterable[FrameworkChange], names: Names) -> list[Happened]:
    """Return a history in words."""
    return [
        Happened(_TITLES[one.what], one.recorded_at, names.people.get(one.actor_id, NOBODY), _text(one, names))
        for one in changes
    ]


def written(day: date) -> str:
    """Write a day in the middle of a sentence: 23 November 2026."""
    return f"{day.day} {day:%B %Y}"


def listed(kinds: Iterable[_Key], words: Mapping[_Key, str]) -> str:
    """Write kinds as a list with a capital at its head."""
    text = ", ".join(words[kind] for kind in kinds)
    return text[:1].upper() + text[1:]


def kinds_of(lot: LotCard) -> str:
    """Write what a lot takes."""
    return "Every kind of setting" if len(lot.kinds) == len(KIND_WORDS) else listed(lot.kinds, KIND_WORDS)


def documents_of(lot: LotCard) -> str:
    """Write what an active setting of a lot must hold."""
    return listed(lot.required_documents, DOCUMENT_WORDS)


def _text(change: FrameworkChange, names: Names) -> str:
    lot = names.lots.get(change.lot_id or "")
    parts = [lot.title if lot else "", *_facts(change, names), change.reason]
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _facts(change: FrameworkChange, names: Names) -> list[str]:
    details = change.details
    found = []
    if "before" in details:
        found.append(f"The last day moved from {_day(details['before'])} to {_day(details['after'])}")
    if "option" in details:
        found.append(f"Option {details['option']}")
    if "changed" in details:
        found.append(listed(details["changed"], _FACTS) or "Nothing was different")
    found += [
        names.councils.get(details.get("council_id", ""), ""),
        names.users.get(details.get("user_id", ""), ""),
    ]
    found += [
        f"{word} {_day(details[name])}" for name, word in (("since", "From"), ("until", "Until")) if details.get(name)
    ]
    if "moved" in details:
        old = names.lots.get(details["old_lot_id"])
        moved = details["moved"]
        found.append(f"In the place of {old.title if old else 'another lot'}")
        found.append(f"{moved} {'setting' if moved == 1 else 'settings'} moved with it")
    return found


def _day(iso: str) -> str:
    return written(date.fromisoformat(iso))
