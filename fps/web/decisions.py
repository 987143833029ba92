"""What the lead authority decides of a setting: single steps, suspension, its review and end, decommissioning."""

from __future__ import annotations

from flask import Blueprint, url_for
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.end_suspension import keep_suspension, lift_suspension
from fps.actions.standing.leave import BeginLeaving, begin_leaving, finish_leaving
from fps.actions.standing.suspend_setting import SuspendSetting, put_suspension_in_force, suspend_setting
from fps.model import LotCard, SettingCard, Status
from fps.model.evidence import DocumentCard
from fps.queries import lots, setting
from fps.queries.application_holds import binding, holds
from fps.queries.decisions import leaving_answers, plans_of, suspensions_of
from fps.queries.evidence import documents_of
from fps.queries.register import standings_of
from fps.queries.rounds import led_frameworks
from fps.rules.standing import can_be_suspended, steps_by_hand
from fps.web.evidence_words import kind_words
from fps.web.form_page import Answer, FormPage, answer
from fps.web.standing_forms import FinishForm, InForceForm, KeepForm, LeaveForm, ReasonsForm, StepForm, SuspendForm
from fps.web.standing_words import STATUSES
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.permissions import Permission, organisations_with
from people.web.guard import current_actor, requires
from people.web.options import options

pages = Blueprint("decisions", __name__)

_AT_ONCE, _BETWEEN = "now", ":"


@pages.route("/register/settings/<setting_id>/step", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def step(setting_id: str) -> Answer:
    """Take a setting one step on a lot: apply, admit, make active, hold."""
    form = StepForm()
    with ground().read() as session:
        card = setting(session, setting_id)
        stands = _stands(session, card)
        applying = holds(session, [setting_id])
        held = [one for holder in (setting_id, None) for one in documents_of(session, card.provider_id, holder)]
    steps = [
        (f"{lot.id}{_BETWEEN}{status}", f"{lot.title}: {STATUSES[status][0].lower()}")
        for lot, before in stands
        for status in steps_by_hand(before)
        if binding(applying.get((setting_id, lot.id), ()), before, status) is None
    ]
    form.lot.choices = options(steps, first="Choose a lot and a step")
    form.offer_documents((one.id, _evidence(one)) for one in held if one.is_current)
    page = _page(
        card,
        "Take a step",
        "Take this step",
        "A suspension and the way off the list are decisions of their own: begin them on the setting’s page.",
    )
    lot_id, _, status = str(form.lot.data or "").partition(_BETWEEN)

    def command() -> ChangeStatus:
        day, document_id = form.effective_on.data, form.document.data or None
        return ChangeStatus(setting_id, lot_id, Status(status), str(form.reason.data), day, document_id)

    return answer(page, form, lambda work: change_status(work, current_actor(), command()), "The step is taken.")


@pages.route("/register/settings/<setting_id>/suspend", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def suspend(setting_id: str) -> Answer:
    """Suspend a setting at once, or give its provider notice (L5)."""
    form = SuspendForm()
    with ground().read() as session:
        card = setting(session, setting_id)
        stands = _stands(session, card)
    form.lots.choices = [SelectChoice(lot.id, lot.title) for lot, before in stands if can_be_suspended(before)]
    page = _page(
        card,
        "Suspend this setting",
        "Suspend or give notice",
        "You are named as the decision-maker. A suspension stops new referrals from every council. It ends no "
        "contract: learners who are placed there stay.",
        is_warning=True,
    )

    def command() -> SuspendSetting:
        lot_ids, is_urgent = tuple(form.lots.data or ()), form.when.data == _AT_ONCE
        day = form.review_on.data if is_urgent else None
        return SuspendSetting(setting_id, lot_ids, str(form.reasons.data), is_urgent, day)

    said = (
        "The setting is suspended. The provider and all member councils have been told."
        if form.when.data == _AT_ONCE
        else "The provider has notice and may reply. Nothing else has changed, and no council has been told."
    )
    return answer(page, form, lambda work: suspend_setting(work, current_actor(), command()), said)


@pages.route("/register/settings/<setting_id>/suspension/start", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def start(setting_id: str) -> Answer:
    """Put a suspension in force of which the provider had notice."""
    card, suspension_id = _under_way(setting_id)
    form = InForceForm()
    page = _page(card, "Put the suspension in force", "Suspend now", is_warning=True)
    said = "The setting is suspended. The provider and all member councils have been told."
    return answer(
        page,
        form,
        lambda work: put_suspension_in_force(work, current_actor(), suspension_id, form.review_on.data),
        said,
    )


@pages.route("/register/settings/<setting_id>/suspension/keep", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def keep(setting_id: str) -> Answer:
    """Review a suspension and keep it."""
    card, suspension_id = _under_way(setting_id)
    form = KeepForm()
    page = _page(card, "Review the suspension and keep it", "Keep it")

    def act(work: Work) -> None:
        keep_suspension(work, current_actor(), suspension_id, str(form.reasons.data), form.review_on.data)

    return answer(page, form, act, "The review is recorded. The suspension stays.")


@pages.route("/register/settings/<setting_id>/suspension/end", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def end(setting_id: str) -> Answer:
    """Lift a suspension, or withdraw the notice of one."""
    card, suspension_id = _under_way(setting_id)
    form = ReasonsForm()
    page = _page(
        card,
        "End the suspension or the notice",
        "End it",
        "On each lot the setting goes back to where it stood, or on hold where a required document has lapsed.",
    )

    def act(work: Work) -> None:
        lift_suspension(work, current_actor(), suspension_id, str(form.reasons.data))

    return answer(page, form, act, "It has ended. The provider has been told.")


@pages.route("/register/settings/<setting_id>/leaving", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def leave(setting_id: str) -> Answer:
    """Decide that a suspended setting leaves the list (L6)."""
    card, suspension_id = _under_way(setting_id)
    form = LeaveForm()
    page = _page(
        card,
        "Decommission this setting",
        "Decommission it",
        "Every member council is asked for its learners there, and what comes next for each. The setting leaves when "
        "all have answered and all is done.",
        is_warning=True,
    )

    def command() -> BeginLeaving:
        return BeginLeaving(suspension_id, str(form.reasons.data), form.leaves_on.data)

    said = "The plan has begun. The provider and all member councils have been told."
    return answer(page, form, lambda work: begin_leaving(work, current_actor(), command()), said)


@pages.route("/register/settings/<setting_id>/leaving/finish", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def finish(setting_id: str) -> Answer:
    """Let a setting leave once all is done, or say why it goes without those who have not answered."""
    form = FinishForm()
    with ground().read() as session:
        card = setting(session, setting_id)
        led = organisations_with(current_actor(), Permission.REGISTER_MANAGE)
        found = [one for one in plans_of(session, setting_id) if one.ended_at is None and one.council_id in led]
        answers = leaving_answers(session, found[0].id) if found else []
    if not found:
        raise NotFoundError
    silent = sum(each.answered_at is None for each in answers)
    left = sum(each.learners - each.done for each in answers)
    page = _page(
        card,
        "The setting leaves the list",
        "It has left",
        f"Councils that have not answered: {silent} of {len(answers)}. Next steps that are not done: {left}.",
        is_warning=True,
    )

    def act(work: Work) -> None:
        finish_leaving(work, current_actor(), found[0].id, str(form.without.data or ""))

    return answer(page, form, act, "The setting has left the list.")


def _under_way(setting_id: str) -> tuple[SettingCard, str]:
    """Return a setting and the suspension under way there by the actor's lead authority; raises NotFoundError."""
    led = organisations_with(current_actor(), Permission.REGISTER_MANAGE)
    with ground().read() as session:
        card = setting(session, setting_id)
        found = [one for one in suspensions_of(session, setting_id) if one.ended_at is None and one.council_id in led]
    if not found:
        raise NotFoundError
    return card, found[0].id


def _stands(session: Session, card: SettingCard) -> list[tuple[LotCard, Status | None]]:
    """Return every open lot that the actor leads, with where the setting stands there today."""
    today = london_date(ground().clock.now())
    stands = {one.lot_id: one.status for one in standings_of(session, [card.id], today).get(card.id, ())}
    led = [each.id for each in led_frameworks(session, current_actor())]
    return [(lot, stands.get(lot.id)) for lot in lots(session, led, today)]


def _evidence(one: DocumentCard) -> str:
    until = f", until {one.valid_until.day} {one.valid_until:%B %Y}" if one.valid_until else ""
    return f"{kind_words(one.kind)}{until}"


def _page(card: SettingCard, title: str, button: str, *notes: str, is_warning: bool = False) -> FormPage:
    back = url_for("fps.register_setting.one", setting_id=card.id)
    return FormPage(title, card.name, button, back, notes, is_warning)
