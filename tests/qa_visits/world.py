"""Two councils, two providers and their people, for the tests of QA visits. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from channels.tables import MessageRow
from fps.actions.standing.register_setting import register_setting
from fps.model import Intake, NewSetting, SettingKind
from kernel.work import Ground, Work
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, OrganisationKind, Role
from people.queries import person
from qa_visits.actions.propose_visit import ProposeVisit, propose_visit
from qa_visits.actions.record_outcome import NewAction, RecordOutcome, record_outcome
from qa_visits.model import Head, Judgement, Priority, VisitType

DAY = date(2026, 12, 9)
OTHER_DAY = date(2026, 12, 15)
DUE = date(2027, 1, 4)


@dataclass(frozen=True)
class World:
    """Who and what there is."""

    council: str
    other_council: str
    officer: Actor
    colleague: Actor
    commissioner: Actor
    stranger: Actor
    provider: str
    setting: str
    owner: Actor
    other_setting: str
    other_owner: Actor
    administrator: Actor


def build(ground: Ground) -> World:
    with ground.work() as work:
        council = _organisation(work, OrganisationKind.COUNCIL, "Sefton Council", "qa@sefton.example.org")
        other_council = _organisation(work, OrganisationKind.COUNCIL, "Wirral Council")
        provider = _organisation(work, OrganisationKind.PROVIDER, "Brook House Trust")
        other_provider = _organisation(work, OrganisationKind.PROVIDER, "Larch Learning")
        lead = _person(work, "Lena Lead", Role.LEAD_AUTHORITY, other_council)
        owner = _person(work, "Petra Poole", Role.PROVIDER_USER, provider)
        other_owner = _person(work, "Lars Larch", Role.PROVIDER_USER, other_provider)
        return World(
            council=council,
            other_council=other_council,
            officer=_person(work, "Quinn Olsen", Role.QA_OFFICER, council, ("slack", "U0QUINN1")),
            colleague=_person(work, "Rosa Quayle", Role.QA_OFFICER, council, ("slack", "U0ROSA01")),
            commissioner=_person(work, "Cora Moss", Role.COMMISSIONER, council),
            stranger=_person(work, "Sam Stone", Role.QA_OFFICER, other_council, ("slack", "U0SAM001")),
            provider=provider,
            setting=_setting(work, lead, provider, "Brook House School", owner.id),
            owner=owner,
            other_setting=_setting(work, lead, other_provider, "Larch Hall", other_owner.id),
            other_owner=other_owner,
            administrator=_person(work, "Ada Min", Role.ADMINISTRATOR, council),
        )


def _organisation(work: Work, kind: OrganisationKind, name: str, email: str | None = None) -> str:
    points = (("email", email),) if email else ()
    return register_organisation(work, NewOrganisation(kind=kind, name=name, contact_points=points))


def _person(work: Work, name: str, role: Role, organisation_id: str, *points: tuple[str, str]) -> Actor:
    email = ("email", f"{name.split(maxsplit=1)[0].lower()}@example.org")
    new = NewPerson(name=name, roles=((role, organisation_id),), contact_points=(*points, email))
    return person(work.session, register_person(work, new))


def _setting(work: Work, lead: Actor, provider_id: str, name: str, contact_id: str) -> str:
    new = NewSetting(
        name=name,
        provider_id=provider_id,
        urn=None,
        kind=SettingKind.AP_UNREGISTERED,
        age_from=5,
        age_to=16,
        intake=Intake.MIXED,
        district="Southport",
        referral_contact_id=contact_id,
    )
    return register_setting(work, lead, new)


def proposal(world: World, day: date = DAY) -> ProposeVisit:
    return ProposeVisit(
        council_id=world.council,
        setting_id=world.setting,
        visit_type=VisitType.ANNUAL,
        officer_id=world.officer.id,
        day=day,
    )


def propose(ground: Ground, world: World, day: date = DAY, **changes: Any) -> str:  # noqa: ANN401 - fields of any type
    with ground.work() as work:
        return propose_visit(work, world.colleague, replace(proposal(world, day), **changes))


def new_action(world: World, due_on: date = DUE, **changes: Any) -> NewAction:  # noqa: ANN401 - fields of any type
    action = NewAction(
        title="Check every visitor's identity",
        head=Head.POLICIES,
        priority=Priority.HIGH,
        owner_id=world.owner.id,
        success_measure="The visitors' book of a month shows it.",
        due_on=due_on,
    )
    return replace(action, **changes)


def outcome(world: World, visit_id: str, actions: Sequence[NewAction] | None = None) -> RecordOutcome:
    return RecordOutcome(
        visit_id=visit_id,
        judgement=Judgement.ASSURED_WITH_ACTIONS,
        summary="Well led; one thing to improve.",
        actions=tuple(actions if actions is not None else [new_action(world)]),
    )


def open_action(ground: Ground, world: World, visit_id: str, due_on: date = DUE) -> str:
    with ground.work() as work:
        [action_id] = record_outcome(work, world.officer, outcome(world, visit_id, [new_action(world, due_on)]))
    return action_id


@dataclass(frozen=True)
class Told:
    """One message of the outbox."""

    seq: int
    key: str
    person_id: str | None
    channel: str
    status: str
    about_id: str | None
    values: Mapping[str, Any]
    attachments: Sequence[Mapping[str, str]]


def messages(ground: Ground, *, to: Actor | None = None, since: int = 0) -> list[Told]:
    """Return what the outbox holds, in order, cancelled messages too."""
    rows = select(MessageRow).where(MessageRow.seq > since).order_by(MessageRow.seq)
    if to is not None:
        rows = rows.where(MessageRow.person_id == to.id)
    with ground.read() as session:
        return [
            Told(
                row.seq,
                row.key.removeprefix("qa_visits."),
                row.person_id,
                row.channel,
                row.status,
                row.about_id,
                row.values,
                row.attachments or (),
            )
            for row in session.scalars(rows)
        ]


def keys(told: Sequence[Told]) -> list[str]:
    return [each.key for each in told]
