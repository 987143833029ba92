"""A provider's own settings: where they stand, what is decided of them, and its own pause.

Other parts of a setting stand on its page by one line each in fps/web/sections.py (OWN).
"""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from wtforms.fields.choices import SelectChoice

from fps.actions.standing.edit_setting import change_contact
from fps.actions.standing.pause_own import pause_own, resume_own
from fps.actions.standing.pause_placements import reply_to_pause
from fps.actions.standing.reply_to_decision import reply_to_leaving, reply_to_suspension
from fps.model import SettingCard, Status
from fps.model.standing import LeavingPlan, LotStanding, Pause, Suspension
from fps.queries import setting, settings_of
from fps.queries.decisions import pauses_told, plans_of, suspensions_of
from fps.queries.register import framework_names, standings_of
from fps.queries.standing import steps_of
from fps.web import sections
from fps.web.form_page import Answer, FormPage, answer
from fps.web.standing_forms import ContactForm, OwnPauseForm, ReplyForm
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
from kernel.errors import NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.model import OrganisationKind, Role
from people.permissions import Permission, organisations_with
from people.queries import organisations, persons, persons_with_role
from people.web.guard import current_actor, requires
from people.web.options import options

pages = Blueprint("own_settings", __name__)


@pages.get("/my-settings")
@requires(Permission.SETTINGS_OWN)
def index() -> str:
    """Show a provider its settings and where each stands."""
    today = london_date(ground().clock.now())
    with ground().read() as session:
        found = settings_of(session, organisations_with(current_actor(), Permission.SETTINGS_OWN))
        standings = standings_of(session, [card.id for card in found], today)
    return render_template(
        "fps/standing/own_settings.html", found=[(card, standings.get(card.id, ())) for card in found], tags=STATUSES
    )


@pages.get("/my-settings/<setting_id>")
@requires(Permission.SETTINGS_OWN)
def one(setting_id: str) -> str:
    """Show a provider one of its settings: where it stands, what is decided, what happened."""
    card, stands = _own(setting_id)
    with ground().read() as session:
        steps, suspensions = steps_of(session, setting_id), suspensions_of(session, setting_id)
        pauses, plans = pauses_told(session, setting_id), plans_of(session, setting_id)
        actors = {step.change.actor_id for step in steps} | {one.decided_by for one in suspensions}
        actors |= {one.decided_by for one in plans}
        reviewers = {each.reviewed_by for one in suspensions for each in one.reviews}
        people = persons(session, actors | reviewers | {card.referral_contact_id})
        councils = {each.id: each.name for each in organisations(session, OrganisationKind.COUNCIL)}
        frameworks = framework_names(session)
    return render_template(
        "fps/standing/own_setting.html",
        card=card,
        kind=KINDS[card.kind],
        intake=INTAKES[card.intake],
        contact=people.get(card.referral_contact_id),
        standings=stands,
        frameworks=frameworks,
        tags=STATUSES,
        suspensions=[one for one in suspensions if one.ended_at is None],
        pauses=[one for one in pauses if one.until is None],
        plans=[one for one in plans if one.ended_at is None],
        councils=councils,
        today=london_date(ground().clock.now()),
        may_pause=any(each.status is Status.ACTIVE for each in stands),
        may_resume=any(each.status is Status.SELF_PAUSED for each in stands),
        who=lambda person_id: who(person_id, people),
        sections=sections.links(sections.OWN, setting_id, current_actor()),
        lines=newest_first(
            step_lines(steps, people), suspension_lines(suspensions, people), pause_lines(pauses, councils)
        ),
    )


@pages.route("/my-settings/<setting_id>/pause", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def pause(setting_id: str) -> Answer:
    """Pause new referrals to one's own setting on the lots on which it is active."""
    page, form = _turn(
        setting_id,
        Status.ACTIVE,
        "Pause new referrals",
        "Councils can send no new referrals on these lots until you resume. Learners who are placed with you stay.",
    )

    def act(work: Work) -> None:
        pause_own(work, current_actor(), setting_id, form.lots.data or (), str(form.reason.data))

    return answer(page, form, act, "New referrals are paused.")


@pages.route("/my-settings/<setting_id>/resume", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def resume(setting_id: str) -> Answer:
    """End one's own pause."""
    page, form = _turn(
        setting_id,
        Status.SELF_PAUSED,
        "Take new referrals again",
        "Your required documents must be in date. Councils can send new referrals from today.",
    )

    def act(work: Work) -> None:
        resume_own(work, current_actor(), setting_id, form.lots.data or (), str(form.reason.data))

    return answer(page, form, act, "You take new referrals again.")


@pages.route("/my-settings/<setting_id>/contact", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def contact(setting_id: str) -> Answer:
    """Choose to whom referrals of one's own setting go."""
    card, _ = _own(setting_id)
    with ground().read() as session:
        users = persons_with_role(session, Role.PROVIDER_USER, card.provider_id)
    form = ContactForm(referral_contact_id=card.referral_contact_id)
    form.referral_contact_id.choices = options((person.id, person.name) for person in users)
    page = FormPage("Who gets referrals", card.name, "Save", url_for(".one", setting_id=setting_id))

    def act(work: Work) -> None:
        change_contact(work, current_actor(), setting_id, str(form.referral_contact_id.data))

    return answer(page, form, act, "The change is saved.")


@pages.route("/my-settings/<setting_id>/reply", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def reply(setting_id: str) -> Answer:
    """Reply to the decision about one's own setting to which a reply is still possible, the newest first."""
    card, _ = _own(setting_id)
    with ground().read() as session:
        decisions: list[Suspension | LeavingPlan | Pause] = [
            *(one for one in suspensions_of(session, setting_id) if one.ended_at is None),
            *(one for one in plans_of(session, setting_id) if one.ended_at is None),
            *(one for one in pauses_told(session, setting_id) if one.until is None),
        ]
        names = {each.id: each.name for each in organisations(session, OrganisationKind.COUNCIL)}
    open_ones = [one for one in decisions if one.replied_at is None]
    if not open_ones:
        raise NotFoundError
    found, form = max(open_ones, key=lambda one: one.recorded_at), ReplyForm()
    reasons = found.reason if isinstance(found, Pause) else found.reasons
    page = FormPage(
        f"Reply to {names.get(found.council_id, 'the council')}",
        card.name,
        "Send the reply",
        url_for(".one", setting_id=setting_id),
        (f"Their reasons: {reasons}",),
    )

    def act(work: Work) -> None:
        send = {Pause: reply_to_pause, Suspension: reply_to_suspension, LeavingPlan: reply_to_leaving}[type(found)]
        send(work, current_actor(), found.id, str(form.reply.data))

    return answer(page, form, act, "Your reply is sent. Whoever decided has been told.")


def _own(setting_id: str) -> tuple[SettingCard, tuple[LotStanding, ...]]:
    """Return a setting of the actor's own provider and where it stands; raises NotFoundError for everybody else's."""
    with ground().read() as session:
        card = setting(session, setting_id)
        if card.provider_id not in organisations_with(current_actor(), Permission.SETTINGS_OWN):
            raise NotFoundError
        today = london_date(ground().clock.now())
        return card, standings_of(session, [setting_id], today).get(setting_id, ())


def _turn(setting_id: str, before: Status, title: str, note: str) -> tuple[FormPage, OwnPauseForm]:
    """Return the page and the form of a pause or its end, with the lots on which it can be."""
    card, stands = _own(setting_id)
    form = OwnPauseForm()
    form.lots.choices = [SelectChoice(each.lot_id, each.title) for each in stands if each.status is before]
    return FormPage(title, card.name, title, url_for(".one", setting_id=setting_id), (note,)), form
