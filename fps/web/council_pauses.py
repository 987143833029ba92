"""What a council decides for itself: its own pause of placements, and what comes next for its learners."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.standing.pause_placements import PausePlacements, keep_pause, pause_placements, resume_placements
from fps.actions.standing.plan_learners import (
    PlanLearner,
    answer_plan,
    plan_learner,
    settle_learner,
    unlist_learner,
)
from fps.model.standing import NEXT_STEP_WORDS, LeavingPlan, NextStep
from fps.queries import setting
from fps.queries.decisions import leaving_answers, leaving_learners, pauses_by, plans_of
from fps.queries.register import standings_of
from fps.web.form_page import Answer, FormPage, answer, press
from fps.web.standing_forms import KeepForm, LearnerForm, PauseForm
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.permissions import Permission, organisations_with
from people.queries import organisations_by_id
from people.web.guard import current_actor, requires
from people.web.options import options

pages = Blueprint("council_pauses", __name__)

_EVERY_LOT = "all"


def _own_councils() -> tuple[str, ...]:
    """Return the councils for which the actor decides: one, for nearly everybody."""
    return tuple(dict.fromkeys(organisations_with(current_actor(), Permission.PLACEMENTS_PAUSE)))


def _back(setting_id: str) -> str:
    return url_for("fps.register_setting.one", setting_id=setting_id)


@pages.route("/register/settings/<setting_id>/pause", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_PAUSE)
def pause(setting_id: str) -> Answer:
    """Pause one's own council's new placements at a setting (L4)."""
    form, own = PauseForm(), _own_councils()
    with ground().read() as session:
        card = setting(session, setting_id)
        stands = standings_of(session, [setting_id], london_date(ground().clock.now())).get(setting_id, ())
        councils = {council_id: card.name for council_id, card in organisations_by_id(session, set(own)).items()}
    council = councils[own[0]] if len(own) == 1 else "The council"
    if len(own) == 1:
        del form.council
    else:
        form.council.choices = options(((council_id, councils[council_id]) for council_id in own), first="Choose one")
    form.lot.choices = options([(_EVERY_LOT, "All lots"), *((each.lot_id, each.title) for each in stands)])
    page = FormPage(
        "Pause new placements",
        card.name,
        "Pause",
        _back(setting_id),
        (
            f"{council} places no more learners there until you end the pause. You are named as the decision-maker.",
            "Other councils read that you paused, not why. They decide for themselves.",
        ),
    )

    def command() -> PausePlacements:
        lot_id = None if form.lot.data == _EVERY_LOT else str(form.lot.data)
        council_id = own[0] if len(own) == 1 else str(form.council.data)
        told = bool(form.tells_provider.data)
        return PausePlacements(council_id, setting_id, lot_id, str(form.reason.data), form.review_on.data, told)

    said = "New placements are paused. Your colleagues see it here and in referrals."
    return answer(page, form, lambda work: pause_placements(work, current_actor(), command()), said)


@pages.route("/register/settings/<setting_id>/pause/keep", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_PAUSE)
def keep(setting_id: str) -> Answer:
    """Review a pause of one's own council and keep it: the one that the address names, or the newest."""
    form, named = KeepForm(), request.args.get("pause")
    with ground().read() as session:
        card = setting(session, setting_id)
        found = [
            one.id
            for one in pauses_by(session, setting_id, _own_councils())
            if one.until is None and named in {None, one.id}
        ]
    if not found:
        raise NotFoundError
    page = FormPage("Review the pause and keep it", card.name, "Keep it", _back(setting_id))

    def act(work: Work) -> None:
        keep_pause(work, current_actor(), found[0], str(form.reasons.data), form.review_on.data)

    return answer(page, form, act, "The review is recorded. The pause stays.")


@pages.post("/register/settings/<setting_id>/resume")
@requires(Permission.PLACEMENTS_PAUSE)
def resume(setting_id: str) -> Reply:
    """End a pause of one's own council: the one that the form names."""
    asked = request.form.get("pause", "")
    with ground().read() as session:
        own = organisations_with(current_actor(), Permission.PLACEMENTS_PAUSE)
        known = [one.id for one in pauses_by(session, setting_id, own)]
    if asked not in known:
        raise NotFoundError
    return press(
        _back(setting_id), lambda work: resume_placements(work, current_actor(), asked), "The pause has ended."
    )


@pages.route("/register/settings/<setting_id>/learners", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_PAUSE)
def learners(setting_id: str) -> Answer:
    """Show one's own council's learners at a setting that leaves, and put another on the list."""
    (plan, council_id), form = _asked(setting_id), LearnerForm()
    back = url_for(".learners", setting_id=setting_id, council=council_id)

    def command() -> PlanLearner:
        return PlanLearner(
            plan.id, council_id, str(form.reference.data), NextStep(str(form.next_step.data)), form.due_on.data
        )

    if form.is_submitted():
        page = FormPage("Add a learner", _name(setting_id), "Add", back)
        return answer(page, form, lambda work: plan_learner(work, current_actor(), command()), "The learner is listed.")
    with ground().read() as session:
        found = leaving_learners(session, plan.id, council_id)
        (told,) = leaving_answers(session, plan.id, [council_id])
        council = organisations_by_id(session, {council_id})[council_id]
    return render_template(
        "fps/standing/learners.html",
        plan=plan,
        found=found,
        told=told,
        council=council,
        form=form,
        words=NEXT_STEP_WORDS,
        name=_name(setting_id),
        setting_id=setting_id,
        today=london_date(ground().clock.now()),
    )


@pages.post("/register/settings/<setting_id>/learners/change")
@requires(Permission.PLACEMENTS_PAUSE)
def change(setting_id: str) -> Reply:
    """Mark a learner as done, take one off the list, or say that the list is complete."""
    (plan, council_id), actor = _asked(setting_id), current_actor()
    line_id = request.form.get("line", "")

    def done(work: Work) -> None:
        settle_learner(work, actor, plan.id, council_id, line_id)

    def remove(work: Work) -> None:
        unlist_learner(work, actor, plan.id, council_id, line_id)

    def complete(work: Work) -> None:
        answer_plan(work, actor, plan.id, council_id)

    wishes = {
        "done": (done, "The next step is done."),
        "remove": (remove, "The learner is off the list."),
        "complete": (complete, "Thank you. The lead authority sees that your list is complete."),
    }
    wish = wishes.get(request.form.get("wish", ""))
    if wish is None:
        raise NotFoundError
    return press(url_for(".learners", setting_id=setting_id, council=council_id), *wish)


def _asked(setting_id: str) -> tuple[LeavingPlan, str]:
    """Return the plan under way that asks a council of the actor's, and that council: the one that the address names.

    Raises NotFoundError where none is asked, or not the one that is named.
    """
    named = request.args.get("council")
    wanted = [council_id for council_id in _own_councils() if named in (None, council_id)]
    with ground().read() as session:
        for plan in plans_of(session, setting_id):
            asked = [] if plan.ended_at else [each.council_id for each in leaving_answers(session, plan.id, wanted)]
            if asked:
                return plan, asked[0]
    raise NotFoundError


def _name(setting_id: str) -> str:
    with ground().read() as session:
        return setting(session, setting_id).name
