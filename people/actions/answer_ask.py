from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kernel import audit
from kernel.ids import new_id
from kernel.work import Work
from people.codes import code_digest, codes_of
from people.model import ContactPoint, PersonCard
from people.queries import contact_points, persons_by_address
from people.tables import AskRow, CodeRow


@dataclass(frozen=True)
class Answer:
    """A code for one owner of the address that was asked about; `code_id` stands for it in the message."""

    ask_id: str
    person: PersonCard
    point: ContactPoint
    code_id: str
    expires_at: datetime


def answer_ask(work: Work, ask_id: str, purpose: str, is_for: Callable[[PersonCard], bool]) -> list[Answer]:
    """Make a code for each owner of the address for whom the way in is; for nobody where we do not know it.

    Each ask is answered once. The address is forgotten here. An address that said STOP gets nothing: whoever typed it
    in need not be its owner.
    """
    ask = work.session.get(AskRow, ask_id, with_for_update=True)
    if ask is None or ask.purpose != purpose or ask.address is None:
        return []
    channel, address, ask.address = ask.channel, ask.address, None
    answers = [
        _answer(work, ask, owner, point)
        for owner in persons_by_address(work.session, channel, address)
        if is_for(owner) and (point := _open_point(work, owner, channel, address)) is not None
    ]
    for answer in answers:
        _record(work, ("person", answer.person.id), ask)
    if not answers:
        _record(work, ("ask", ask.id), ask)
    return answers


def _open_point(work: Work, owner: PersonCard, channel: str, address: str) -> ContactPoint | None:
    points = contact_points(work.session, owner.id)
    open_ones = (point for point in points if (point.channel, point.address) == (channel, address))
    return next((point for point in open_ones if point.verified_at and not point.opted_out_at), None)


def _answer(work: Work, ask: AskRow, owner: PersonCard, point: ContactPoint) -> Answer:
    code_id = new_id()
    work.session.add(
        CodeRow(
            id=code_id,
            ask_id=ask.id,
            person_id=owner.id,
            contact_point_id=point.id,
            digest=code_digest(work.keys, code_id, codes_of(work.keys, code_id)[0]),
        )
    )
    return Answer(ask.id, owner, point, code_id, ask.expires_at)


def _record(work: Work, subject: tuple[str, str], ask: AskRow) -> None:
    facts = {"ask": ask.id, "purpose": ask.purpose}
    audit.record(work, actor=audit.SYSTEM, action="people.way_in_asked", subject=subject, details=facts)
