"""A setting on the register, for staff: what it is, where it stands, what happened, and what may be decided."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session

from fps.actions.standing.edit_setting import edit_setting
from fps.actions.standing.register_setting import register_setting
from fps.model import NewSetting, SettingCard
from fps.model.standing import LeavingAnswer, LeavingPlan, Pause, Suspension
from fps.queries import setting
from fps.queries.decisions import (
    leaving_answers,
    lots_shared_with,
    paused_by_how_many,
    pauses_by,
    plans_of,
    suspensions_of,
)
from fps.queries.register import framework_names, standings_of
from fps.queries.standing import steps_of
from fps.rules.standing import can_be_suspended
from fps.web import sections
from fps.web.form_page import Answer, FormPage, answer
from fps.web.standing_forms import NewSettingForm, SettingForm
from fps.web.standing_words import (
    INTAKES,
    KINDS,
    STATUSES,
    newest_first,
    pause_lines,
    step_lines,
    suspension_lines,
    who,
)
from kernel.calendar import london_date
from kernel.web import ground
from kernel.work import Work
from people.model import OrganisationKind, Role
from people.permissions import Permission, may, organisations_with
from people.queries import organisation, organisations, persons, persons_with_role
from people.web.guard import current_actor, requires
from people.web.options import options

pages = Blueprint("register_setting", __name__)


@dataclass(frozen=True)
class Decisions:
    """What is decided of a setting, as far as the actor may read it."""

    pauses: list[Pause]
    suspensions: list[Suspension]
    plans: list[LeavingPlan]

    @property
    def suspension(self) -> Suspension | None:
        """The suspension that is under way, in force or announced."""
        return next((one for one in self.suspensions if one.ended_at is None), None)

    @property
    def plan(self) -> LeavingPlan | None:
        """The plan that is under way."""
        return next((one for one in self.plans if one.ended_at is None), None)

    @property
    def open_pauses(self) -> list[Pause]:
        """The pauses that have not ended."""
        return [one for one in self.pauses if one.until is None]


def decisions_of(session: Session, setting_id: str) -> Decisions:
    """Return what is decided of a setting, as far as the actor may read it.

    Of pauses those of their own councils alone. The notice of a suspension is its lead authority's until it counts:
    it is not tested yet. Then it is for the councils of the framework, and so are the plans of those who leave.
    """
    actor = current_actor()
    own, leads = (organisations_with(actor, each) for each in (Permission.PLACEMENTS_PAUSE, Permission.REGISTER_MANAGE))
    shared = _shared_lots(session, setting_id)
    suspensions = [one for one in suspensions_of(session, setting_id) if one.is_read_by(leads, shared)]
    deciders = {one.council_id for one in suspensions}
    plans = [
        one
        for one in plans_of(session, setting_id)
        if one.council_id in deciders or leaving_answers(session, one.id, own)
    ]
    return Decisions(pauses_by(session, setting_id, own), suspensions, plans)


def _shared_lots(session: Session, setting_id: str) -> set[str]:
    """Return the lots of the setting whose decisions the actor reads with their reasons."""
    readers = organisations_with(current_actor(), Permission.REGISTER_READ)
    return lots_shared_with(session, setting_id, readers, london_date(ground().clock.now()))


@pages.get("/register/settings/<setting_id>")
@requires(Permission.REGISTER_READ)
def one(setting_id: str) -> str:
    """Show a setting: facts, where it stands lot by lot, what is decided, and all that happened."""
    actor, today = current_actor(), london_date(ground().clock.now())
    leads = set(organisations_with(actor, Permission.REGISTER_MANAGE))
    with ground().read() as session:
        card = setting(session, setting_id)
        standings = standings_of(session, [setting_id], today).get(setting_id, ())
        shown = {
            **_history(session, card),
            "frameworks": framework_names(session),
            "provider": organisation(session, card.provider_id),
            "paused_by": paused_by_how_many(session, setting_id, today) if leads else 0,
        }
    return render_template(
        "fps/standing/setting.html",
        card=card,
        kind=KINDS[card.kind],
        intake=INTAKES[card.intake],
        standings=standings,
        titles={each.lot_id: each.title for each in standings},
        tags=STATUSES,
        leads=leads,
        may_suspend=any(can_be_suspended(each.status) for each in standings),
        today=today,
        may_pause=may(actor, Permission.PLACEMENTS_PAUSE) and bool(standings),
        sections=sections.links(sections.STAFF, setting_id, actor),
        **shown,
    )


def _history(session: Session, card: SettingCard) -> dict[str, object]:
    """Return what is decided of a setting and what has happened, with the names of whoever did it."""
    found, steps = decisions_of(session, card.id), steps_of(session, card.id)
    people = persons(session, _people(found, [step.change.actor_id for step in steps], card))
    councils = {each.id: each.name for each in organisations(session, OrganisationKind.COUNCIL)}
    answers = _answers(session, found.plan)
    own = organisations_with(current_actor(), Permission.PLACEMENTS_PAUSE)
    return {
        "found": found,
        "councils": councils,
        "contact": people.get(card.referral_contact_id),
        "answers": answers,
        "asked": [each.council_id for each in answers if each.council_id in own],
        "who": lambda person_id: who(person_id, people),
        "lines": newest_first(
            step_lines(steps, people, _shared_lots(session, card.id)),
            suspension_lines(found.suspensions, people),
            pause_lines(found.pauses, councils),
        ),
    }


def _answers(session: Session, plan: LeavingPlan | None) -> list[LeavingAnswer]:
    """Return what councils have told for a plan: to its lead authority all, to others their own."""
    actor = current_actor()
    if plan is None:
        return []
    if plan.council_id in organisations_with(actor, Permission.REGISTER_MANAGE):
        return leaving_answers(session, plan.id)
    return leaving_answers(session, plan.id, organisations_with(actor, Permission.PLACEMENTS_PAUSE))


@pages.route("/register/settings/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def new() -> Answer:
    """Put a setting of a provider on the register."""
    form = NewSettingForm()
    with ground().read() as session:
        providers = organisations(session, OrganisationKind.PROVIDER)
        users = persons_with_role(session, Role.PROVIDER_USER)
    names = {each.id: each.name for each in providers}
    form.provider_id.choices = options(names.items(), first="Choose a provider")
    form.referral_contact_id.choices = options(
        (
            (person.id, f"{person.name}, {names[held.organisation_id]}")
            for person in users
            for held in person.roles
            if held.organisation_id in names
        ),
        first="Choose one of the provider's users",
    )
    page = FormPage("Register a setting", "Register", "Register", url_for("fps.register.index"))

    def act(work: Work) -> None:
        facts = form.facts()
        register_setting(work, current_actor(), NewSetting(provider_id=str(form.provider_id.data), **vars(facts)))

    return answer(page, form, act, "The setting is on the register. It has not applied for a lot yet.")


@pages.route("/register/settings/<setting_id>/edit", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def edit(setting_id: str) -> Answer:
    """Change what the register says of a setting."""
    with ground().read() as session:
        card = setting(session, setting_id)
        users = persons_with_role(session, Role.PROVIDER_USER, card.provider_id)
    form = SettingForm(data={name: getattr(card, name) for name in SettingCard.__slots__})
    form.referral_contact_id.choices = options((person.id, person.name) for person in users)
    page = FormPage("Change the register", card.name, "Save", url_for(".one", setting_id=setting_id))

    def act(work: Work) -> None:
        edit_setting(work, current_actor(), setting_id, form.facts())

    return answer(page, form, act, "The changes are saved.")


def _people(found: Decisions, actors: list[str], card: SettingCard) -> set[str]:
    deciders = [one.decided_by for one in found.suspensions] + [one.decided_by for one in found.plans]
    reviewers = [each.reviewed_by for one in found.suspensions for each in one.reviews]
    return {*actors, *deciders, *reviewers, *(one.actor_id for one in found.pauses), card.referral_contact_id}
