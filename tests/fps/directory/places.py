"""A provider's phone, for tests of the monthly question about free places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from channels.inbox.hearing import Disposition, Heard
from channels.model import Channel, Status, Subject
from channels.tables import MessageRow
from fps.inbound import HEARERS
from fps.jobs import ask_for_places
from fps.queries.vacancies import vacancies_of
from kernel.clock import FixedClock
from kernel.ids import new_id
from kernel.work import Ground
from people.model import Actor
from people.queries import contact_points

FIRST_WORKING_DAY = datetime.fromisoformat("2026-12-01T09:45:00+00:00")


@dataclass(frozen=True)
class Sent:
    """A message as it went out."""

    key: str
    person_id: str | None
    values: dict[str, object]


def ask_all(ground: Ground, clock: FixedClock, at: datetime = FIRST_WORKING_DAY) -> None:
    """Let the day's job run, and let all messages go out."""
    clock.set(at)
    ask_for_places(ground, at)
    send_all(ground)


def send_all(ground: Ground) -> None:
    """Mark all messages as sent, as the channels do."""
    with ground.work() as work:
        work.session.execute(update(MessageRow).values(status=Status.SENT, due_at=None))


def sent(ground: Ground) -> list[Sent]:
    """Return all messages, the first one first."""
    with ground.read() as session:
        rows = session.scalars(select(MessageRow).order_by(MessageRow.seq)).all()
        return [Sent(row.key, row.person_id, dict(row.values)) for row in rows]


def hear(
    ground: Ground,
    person: Actor,
    text: str = "",
    *,
    action: str | None = None,
    about: Subject | None = None,
    **values: str,
) -> Disposition | None:
    """Let a person text something or press a button; return what the register's rooms made of it."""
    with ground.work() as work:
        point = contact_points(work.session, person.id)[0]
        heard = Heard(
            inbound_id=new_id(),
            channel=Channel(point.channel),
            person=person,
            contact_point_id=point.id,
            text=text,
            action=action,
            values=values,
            received_at=work.now,
            about=about,
            is_stranger=False,
        )
        found = next((told for hearer in HEARERS if (told := hearer(work, heard)) is not None), None)
    send_all(ground)
    return found


def places(ground: Ground, setting_id: str) -> list[int | None]:
    """Return the free places of a setting, band by band."""
    with ground.read() as session:
        return [card.places for card in vacancies_of(session, [setting_id]).get(setting_id, [])]
