"""The register for programs: frameworks, lots, settings and where they stand, providers, councils, rounds."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from fps.model import FrameworkCard, LotCard, SettingCard
from fps.model.rounds import RoundCard
from fps.queries import framework, lots_by_id, reading, setting
from fps.queries import open_data as public_registers
from hub.web.api import models
from hub.web.api.operations import Asking
from hub.web.api.parameters import LotsAsked, Nothing, OfDay, Paged, SettingsAsked, in_utc
from hub.web.programs import PREFIX
from people.model import OrganisationKind
from people.queries import organisations, organisations_by_id


def next_page(path: str, wanted: Paged, ids: Sequence[str]) -> str | None:
    """Return the address of the next page: the same again, after the last id of a page that is full."""
    if len(ids) < wanted.limit:
        return None
    kept = wanted.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    return f"{PREFIX}{path}?{urlencode({**kept, 'after': ids[-1]})}"


def _framework(card: FrameworkCard) -> models.Framework:
    return models.Framework(
        id=card.id,
        name=card.name,
        regime=card.regime,
        lead_id=card.lead_id,
        starts_on=card.starts_on,
        ends_on=card.ends_on,
        contract=card.contract or None,
        ocid=card.ocid or None,
    )


def frameworks(asking: Asking, wanted: Paged) -> models.FrameworkList:
    """Return a page of the frameworks."""
    found = reading.frameworks_after(asking.session, wanted.after, wanted.limit)
    further = next_page("/frameworks", wanted, [card.id for card in found])
    return models.FrameworkList(items=[_framework(card) for card in found], next=further)


def one_framework(asking: Asking, _wanted: Nothing) -> models.Framework:
    """Return a framework; raises NotFoundError."""
    return _framework(framework(asking.session, asking.ids["framework_id"]))


def members(asking: Asking, _wanted: Nothing) -> models.MemberList:
    """Return which councils may buy through a framework, have done or will; raises NotFoundError."""
    card = framework(asking.session, asking.ids["framework_id"])
    found = reading.members_of(asking.session, card.id)
    named = organisations_by_id(asking.session, {member.council_id for member in found})
    items = [
        models.Member(
            council_id=member.council_id,
            name=named[member.council_id].name,
            gss=named[member.council_id].code,
            since=member.since,
            until=member.until,
        )
        for member in found
    ]
    return models.MemberList(items=items)


def _lot(card: LotCard) -> models.Lot:
    return models.Lot(
        id=card.id,
        framework_id=card.framework_id,
        number=card.number,
        name=card.name,
        since=card.since,
        until=card.until,
        kinds=list(card.kinds),
        required_documents=list(card.required_documents),
    )


def lots(asking: Asking, wanted: LotsAsked) -> models.LotList:
    """Return a page of the lots that are open on a day."""
    on = wanted.as_at or asking.today
    ids = reading.lots_after(asking.session, wanted.framework, on, wanted.after, wanted.limit)
    cards = lots_by_id(asking.session, ids, on)
    return models.LotList(items=[_lot(cards[lot_id]) for lot_id in ids], next=next_page("/lots", wanted, ids))


def _setting_fields(card: SettingCard, standing: Sequence[reading.Standing]) -> dict[str, object]:
    return {
        "id": card.id,
        "name": card.name,
        "provider_id": card.provider_id,
        "urn": card.urn,
        "kind": card.kind,
        "age_from": card.age_from,
        "age_to": card.age_to,
        "intake": card.intake,
        "district": card.district,
        "standing": [models.Standing(lot_id=each.lot_id, status=each.status, since=each.since) for each in standing],
    }


def settings(asking: Asking, wanted: SettingsAsked) -> models.SettingList:
    """Return a page of the settings as the register stood on a day."""
    filters = reading.WantedSettings(
        on=wanted.as_at or asking.today,
        framework_id=wanted.framework,
        lot_id=wanted.lot,
        status=wanted.status,
        kind=wanted.kind,
        council_id=wanted.council,
        provider_id=wanted.provider,
        changed_since=in_utc(wanted.updated_since) if wanted.updated_since else None,
    )
    found = reading.settings_after(asking.session, filters, wanted.after, wanted.limit)
    further = next_page("/settings", wanted, [card.id for card, _ in found])
    items = [models.Setting.model_validate(_setting_fields(card, standing)) for card, standing in found]
    return models.SettingList(items=items, next=further)


def one_setting(asking: Asking, wanted: OfDay) -> models.SettingRecord:
    """Return a setting with its history and what public registers say; raises NotFoundError."""
    card = setting(asking.session, asking.ids["setting_id"])
    standing = reading.standings_of(asking.session, [card.id], wanted.as_at or asking.today)
    return models.SettingRecord.model_validate(
        {
            **_setting_fields(card, standing.get(card.id, ())),
            "history": [
                models.Step(
                    lot_id=step.lot_id,
                    number=step.number,
                    from_status=step.from_status,
                    to_status=step.to_status,
                    effective_on=step.effective_on,
                    recorded_at=step.recorded_at,
                )
                for step in reading.steps_of(asking.session, card.id)
            ],
            "school": _school(asking.session, card.urn),
            "judgements": _judgements(asking.session, card.urn),
        }
    )


def _school(session: Session, urn: str | None) -> models.School | None:
    found = public_registers.school(session, urn) if urn else None
    if found is None:
        return None
    return models.School(
        name=found.name,
        status=found.status,
        type=found.type_name,
        local_authority=found.la_name,
        phase=found.phase,
        capacity=found.capacity,
        pupils=found.pupils,
        section41=found.section41,
        sen=found.sen,
        opened_on=found.opened_on,
        closed_on=found.closed_on,
    )


def _judgements(session: Session, urn: str | None) -> list[models.Judgement]:
    return [
        models.Judgement(
            kind=found.kind,
            source=found.source,
            inspection=found.inspection,
            inspected_on=found.inspected_on,
            published_on=found.published_on,
            grades=dict(found.grades),
            as_at=found.as_at,
        )
        for found in (public_registers.judgements(session, urn) if urn else ())
    ]


def providers(asking: Asking, wanted: Paged) -> models.ProviderList:
    """Return a page of the providers that have a setting on the register."""
    ids = reading.providers_after(asking.session, wanted.after, wanted.limit)
    named = organisations_by_id(asking.session, ids)
    items = [models.Provider(id=provider_id, name=named[provider_id].name) for provider_id in ids]
    return models.ProviderList(items=items, next=next_page("/providers", wanted, ids))


def councils(asking: Asking, _wanted: Nothing) -> models.CouncilList:
    """Return every council."""
    found = sorted(organisations(asking.session, OrganisationKind.COUNCIL), key=lambda card: card.id)
    return models.CouncilList(items=[models.Council(id=card.id, name=card.name, gss=card.code) for card in found])


def _round(asking: Asking, card: RoundCard) -> models.Round:
    return models.Round(
        id=card.id,
        framework_id=card.framework_id,
        number=card.number,
        title=card.title,
        state=card.state_at(asking.now),
        lot_ids=list(card.lot_ids),
        opens_at=card.opens_at,
        questions_close_at=card.questions_close_at,
        closes_at=card.closes_at,
        decide_by=card.decide_by,
    )


def rounds(asking: Asking, wanted: Paged) -> models.RoundList:
    """Return a page of the joining rounds that were published."""
    found = reading.rounds_after(asking.session, wanted.after, wanted.limit)
    further = next_page("/rounds", wanted, [card.id for card in found])
    return models.RoundList(items=[_round(asking, card) for card in found], next=further)
