from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from fps.actions.directory.find_own_setting import find_own_setting
from fps.events import ProfilePublished
from fps.model import SettingCard
from fps.model.directory import Profile
from fps.queries.open_data import place, school
from fps.queries.profiles import to_content
from fps.rules.places import postcode_district, to_easting_northing
from fps.rules.profiles import check_profile, check_publishable, terms_of
from fps.tables import ProfileRow, ProfileTermRow, ProfileVersionRow
from kernel import audit
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class WriteProfile:
    """What a provider writes of its setting; `seen` is the number of the version that it changed, 0 for none."""

    setting_id: str
    content: Profile
    is_published: bool
    seen: int


def write_profile(work: Work, actor: Actor, command: WriteProfile) -> int:
    """Keep a new version of a setting's profile, as a draft or for everybody to read; return its number.

    Raises NotFoundError for a setting that is not the actor's own, InvalidInputError for what cannot be published,
    ConflictError where somebody else has written a version since.
    """
    card = find_own_setting(work, actor, command.setting_id)
    check_profile(command.content)
    if command.is_published:
        check_publishable(command.content)
    numbers = select(func.max(ProfileVersionRow.number)).where(ProfileVersionRow.setting_id == card.id)
    last = work.session.scalar(numbers) or 0
    if last != command.seen:
        raise ConflictError("Somebody else has changed this page since you opened it. Open it again to see it.")
    work.session.add(
        ProfileVersionRow(
            setting_id=card.id,
            number=last + 1,
            provider_id=card.provider_id,
            content=to_content(command.content),
            written_by=actor.id,
            written_at=work.now,
            published_at=work.now if command.is_published else None,
        )
    )
    if command.is_published:
        _publish(work, card, command.content)
    action = "fps.publish_profile" if command.is_published else "fps.draft_profile"
    audit.record(work, actor=actor.id, action=action, subject=("setting", card.id), details={"version": last + 1})
    return last + 1


def _publish(work: Work, card: SettingCard, content: Profile) -> None:
    row = work.session.get(ProfileRow, card.id)
    if row is None:
        row = ProfileRow(setting_id=card.id)
        work.session.add(row)
    row.content, row.published_at = to_content(content), work.now
    row.easting, row.northing = _where(work, card, content)
    work.session.execute(delete(ProfileTermRow).where(ProfileTermRow.setting_id == card.id))
    work.session.add_all(ProfileTermRow(setting_id=card.id, term=term) for term in terms_of(content))
    work.session.flush()
    publish(work, ProfilePublished(card.id))


def _where(work: Work, card: SettingCard, content: Profile) -> tuple[int | None, int | None]:
    """Return where a setting is: as it says itself, else as GIAS says, else the middle of its postcode district."""
    if content.latitude is not None and content.longitude is not None:
        return to_easting_northing(content.latitude, content.longitude)
    known = school(work.session, card.urn) if card.urn else None
    if known is not None and known.easting is not None and known.northing is not None:
        return known.easting, known.northing
    district = postcode_district(content.postcode)
    middle = place(work.session, district) if district else None
    return (middle.easting, middle.northing) if middle else (None, None)
