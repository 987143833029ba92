from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from sqlalchemy.orm import Session

import channels.personal_data
import chatbot.personal_data
import fps.personal_data
import people.own_data
import qa_visits.personal_data
import referrals.personal_data
import surveys.personal_data
from kernel import scope
from kernel.work import Work
from people.personal_data import Erasure, Kept, Moved, PersonData, Record, Section
from people.record_places import elsewhere
from people.rights.queries import records_of

PERSON_DATA: tuple[PersonData, ...] = (
    surveys.personal_data.PERSON_DATA,
    referrals.personal_data.PERSON_DATA,
    qa_visits.personal_data.PERSON_DATA,
    chatbot.personal_data.PERSON_DATA,
    fps.personal_data.PERSON_DATA,
    channels.personal_data.PERSON_DATA,
    people.own_data.PERSON_DATA,
)
"""What each package does with what it holds of a person, in the order in which rows may go: people last."""
_BATCH = 200
_EVERYWHERE = "what is held of a person lies with every organisation that they have to do with"


def summary(session: Session, person_id: str) -> dict[str, dict[str, int]]:
    """Count what is held of a person, by package and kind, with what was merged into their record."""
    counts: dict[str, Counter[str]] = {}
    with scope.system(_EVERYWHERE, session):
        for each in records_of(session, person_id):
            for package in PERSON_DATA:
                counts.setdefault(package.name, Counter()).update(package.summarise(session, each))
    return {name: dict(found) for name, found in counts.items() if found}


def sections(session: Session, person_id: str, council_id: str | None = None) -> Iterator[Section]:
    """Return all that may be exported of a person: who they are first, then domain by domain.

    For a council, nothing that is another council's: each is controller for what it holds (V11).
    """
    others = elsewhere(council_id) if council_id is not None else None
    with scope.system(_EVERYWHERE, session):
        found = [
            section
            for each in records_of(session, person_id)
            for package in reversed(PERSON_DATA)
            for section in package.export(session, each, others)
        ]
    return (replace(section, records=_read_everywhere(session, section.records)) for section in found)


def _read_everywhere(session: Session, records: Iterator[Record]) -> Iterator[Record]:
    """Read on in batches: between them whoever goes through the records is in their own scope again."""
    while True:
        with scope.system(_EVERYWHERE, session):
            batch = list(islice(records, _BATCH))
        if not batch:
            return
        yield from batch


def kept(session: Session, person_id: str) -> tuple[Kept, ...]:
    """Say what an erasure would leave, and why."""
    with scope.system(_EVERYWHERE, session):
        return tuple(
            found
            for each in records_of(session, person_id)
            for package in PERSON_DATA
            for found in package.kept(session, each)
        )


def erase(work: Work, person_id: str) -> dict[str, int]:
    """Erase a person everywhere, in the transaction of `work`; return how many rows went, by package and kind.

    Where a safeguarding concern stays, name and addresses stay with it: without them nobody could follow it up (V9 f).
    """
    gone: Counter[str] = Counter()
    with scope.system(_EVERYWHERE, work.session):
        for each in records_of(work.session, person_id):
            keeps_name = any(found.names for package in PERSON_DATA for found in package.kept(work.session, each))
            erasure = Erasure(work.now, keeps_name)
            for package in PERSON_DATA:
                erased = package.erase(work, each, erasure)
                gone.update({f"{package.name}.{kind}": count for kind, count in erased.deleted.items()})
    return dict(gone)


def merge(work: Work, kept_id: str, gone_id: str) -> Moved:
    """Let everything of one person belong to another; return what moved, by package."""
    with scope.system(_EVERYWHERE, work.session):
        return {package.name: package.merge(work, kept_id, gone_id) for package in PERSON_DATA}


def unmerge(work: Work, moved: Moved) -> None:
    """Take a merge back."""
    with scope.system(_EVERYWHERE, work.session):
        for package in PERSON_DATA:
            if package.name in moved:
                package.unmerge(work, moved[package.name])
