from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.model import DOCUMENT_WORDS, DocumentKind
from fps.queries.evidence import may_judge
from fps.queries.hearing import who_hears
from fps.tables import DocumentRow, FrameworkRow, LotRow, SettingOnLotRow, SettingRow
from kernel.work import Work
from people.model import Role
from people.queries import organisation, persons, persons_with_role


def own_path(setting_id: str | None, provider_id: str) -> str:
    """Return the path of a provider's page of the documents of a setting, or of all of it."""
    return (
        f"/my-settings/{setting_id}/documents" if setting_id else f"/my-settings/organisation/{provider_id}/documents"
    )


def place_of(work: Work, provider_id: str, setting_id: str | None) -> str:
    """Return what a document is of, as messages name it: the setting, or the whole provider."""
    if setting_id is None:
        return organisation(work.session, provider_id).name
    return work.session.scalars(select(SettingRow.name).where(SettingRow.id == setting_id)).one()


def words_of(work: Work, row: DocumentRow) -> dict[str, object]:
    """Return the values that every message about a document has."""
    return {
        "document": DOCUMENT_WORDS[DocumentKind(row.kind)],
        "place": place_of(work, row.provider_id, row.setting_id),
        "link": own_path(row.setting_id, row.provider_id),
    }


def providers_people(work: Work, provider_id: str, setting_id: str | None) -> set[str]:
    """Return who at a provider sees to a document: whoever hears for the setting, or all of its users."""
    if setting_id is not None:
        return set(who_hears(work.session, [setting_id]).get(setting_id, ()))
    return {person.id for person in persons_with_role(work.session, Role.PROVIDER_USER, provider_id)}


def told_of_decision(work: Work, row: DocumentRow) -> set[str]:
    """Return who hears how a document was judged: the provider's people, and who handed it in if they still may."""
    who = providers_people(work, row.provider_id, row.setting_id)
    sender = persons(work.session, [row.recorded_by]).get(row.recorded_by)
    if sender and (sender.has(Role.PROVIDER_USER, row.provider_id) or may_judge(work.session, sender, row.id)):
        who.add(sender.id)
    return who


def leads_of(work: Work, setting_id: str) -> set[str]:
    """Return who leads the frameworks on which a setting stands."""
    lead_ids = work.session.scalars(
        select(FrameworkRow.lead_id)
        .distinct()
        .join(LotRow, LotRow.framework_id == FrameworkRow.id)
        .join(SettingOnLotRow, SettingOnLotRow.lot_id == LotRow.id)
        .where(SettingOnLotRow.setting_id == setting_id)
    )
    return {
        person.id for lead in lead_ids.all() for person in persons_with_role(work.session, Role.LEAD_AUTHORITY, lead)
    }


def tell(
    work: Work, who: set[str], message: MessageType, values: Mapping[str, object], key: str, document_id: str
) -> None:
    """Send people a message about a document, once for a `key`."""
    queue_messages(
        work,
        [
            NewMessage(
                message,
                values,
                person_id=person_id,
                dedupe_key=f"{message.key}:{key}:{person_id}",
                about=Subject("document", document_id),
            )
            for person_id in sorted(who)
        ],
    )
