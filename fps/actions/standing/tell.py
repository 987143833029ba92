from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.messages.standing import own_path, staff_path
from fps.model import SettingCard
from fps.queries.frameworks import holds_on
from fps.tables import LotRow, MembershipRow
from kernel.calendar import london_date
from kernel.work import Work
from people.model import Role
from people.queries import persons_with_role


def tell_provider(work: Work, card: SettingCard, message: MessageType, **values: object) -> None:
    """Tell every user of a setting's provider."""
    people = persons_with_role(work.session, Role.PROVIDER_USER, card.provider_id)
    _tell(work, card, message, [person.id for person in people], {"link": own_path(card.id), **values})


def tell_councils(
    work: Work, card: SettingCard, message: MessageType, lot_ids: Iterable[str], **values: object
) -> None:
    """Tell the commissioners of every council that may buy on these lots today: at once, so within a working day."""
    people = {
        person.id
        for council_id in member_councils(work, lot_ids)
        for person in persons_with_role(work.session, Role.COMMISSIONER, council_id)
    }
    _tell(work, card, message, sorted(people), {"link": staff_path(card.id), **values})


def tell_person(
    work: Work, card: SettingCard, message: MessageType, person_ids: Iterable[str], **values: object
) -> None:
    """Tell people of a council."""
    _tell(work, card, message, list(dict.fromkeys(person_ids)), {"link": staff_path(card.id), **values})


def member_councils(work: Work, lot_ids: Iterable[str]) -> list[str]:
    """Return the councils that may buy on any of these lots today."""
    frameworks = select(LotRow.framework_id).where(LotRow.id.in_(list(lot_ids)))
    found = select(MembershipRow.council_id).where(
        MembershipRow.framework_id.in_(frameworks),
        holds_on(MembershipRow.since, MembershipRow.until, london_date(work.now)),
    )
    return list(work.session.scalars(found.distinct().order_by(MembershipRow.council_id)))


def _tell(work: Work, card: SettingCard, message: MessageType, people: list[str], values: dict[str, object]) -> None:
    about = Subject("setting", card.id)
    told = {"setting": card.name, **values}
    queue_messages(work, [NewMessage(message, told, person_id, about=about) for person_id in people])
