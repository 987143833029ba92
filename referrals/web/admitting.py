"""Late answers, for the council: what came, the wish to let one in, and a second person's decision (R17)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from kernel.calendar import LONDON
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.queries import persons
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.widgets import CountedText
from referrals.actions.answers.admit_late import AskAdmission, DecideAdmission, ask_admission, decide_admission
from referrals.model.approvals import ApprovalCard, ApprovalKind, ApprovalOutcome
from referrals.model.late import Fault, LateAnswer, LateGround
from referrals.queries.answers import faults, faults_for, late_answers
from referrals.queries.approvals import approval
from referrals.queries.councils import own_referral, referral
from referrals.rules.admitting import LONGEST_REASON, fingerprint
from referrals.rules.wording import to_the_second

pages = Blueprint("admitting", __name__)

_MOST_FAULTS = 50


class AdmissionForm(PageForm):
    """On what ground a late answer is to be let in, and what all who were asked read of it."""

    ground = RadioField(
        "Why can it be let in?",
        choices=[SelectChoice(each.value, each.words) for each in LateGround],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose why it can be let in")],
    )
    fault = SelectField("Which fault of the hub?", description="Only for a fault of the hub.", widget=GovSelect())
    shown = TextAreaField(
        "The reason, as everybody reads it",
        description="Every provider that was asked reads this. Name no learner and no provider.",
        widget=CountedText(LONGEST_REASON),
        validators=[InputRequired("Say why it is let in"), Length(max=LONGEST_REASON)],
    )

    def offer(self, known: list[Fault]) -> None:
        """Offer the recorded faults."""
        self.fault.choices = [
            SelectChoice("", "Choose a fault"),
            *(SelectChoice(each.id, _title(each)) for each in known),
        ]


class DecisionForm(PageForm):
    """A second person's decision."""

    outcome = RadioField(
        "What do you decide?",
        choices=[
            SelectChoice(ApprovalOutcome.APPROVED.value, "Let the answer in"),
            SelectChoice(ApprovalOutcome.REFUSED.value, "Do not let it in"),
        ],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what you decide")],
    )
    words = TextAreaField(
        "Why not?",
        description="Only if you do not let it in.",
        widget=CountedText(LONGEST_REASON),
        validators=[Length(max=LONGEST_REASON)],
    )


@pages.get("/commissioning/referrals/<referral_id>/late")
@requires(Permission.REFERRALS_READ)
def index(referral_id: str) -> str:
    """Show the answers that came too late, and what became of each."""
    with ground().read() as session:
        page = referral(session, current_actor(), referral_id, ground().clock.now())
        found = [
            (late, _approval(session, referral_id, late))
            for late in late_answers(session, current_actor(), referral_id)
        ]
    return render_template("referrals/late/index.html", page=page, found=found, to_the_second=to_the_second)


@pages.route("/commissioning/referrals/<referral_id>/late/<late_id>", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def ask(referral_id: str, late_id: str) -> str | Response | tuple[str, int]:
    """Ask a colleague to let a late answer in."""
    with ground().read() as session:
        page = referral(session, current_actor(), referral_id, ground().clock.now())
        late = _one(session, referral_id, late_id)
        council_id = own_referral(session, current_actor(), referral_id)[0].council_id
        known = faults_for(session, council_id, _MOST_FAULTS)
    form = AdmissionForm()
    form.offer(known)
    if form.validate_on_submit():
        wanted = LateGround(form.ground.data)
        command = AskAdmission(late_id, wanted, form.fault.data or None, str(form.shown.data))
        try:
            with ground().work() as work:
                ask_admission(work, current_actor(), command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("A colleague must decide now. Until then the answer stays out.")
            return redirect(url_for(".index", referral_id=referral_id), code=303)
    shown = render_template(
        "referrals/late/ask.html", page=page, late=late, form=form, known=known, to_the_second=to_the_second
    )
    return shown, 422 if form.is_submitted() else 200


@pages.route("/commissioning/referrals/<referral_id>/late/<late_id>/decision", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def decide(referral_id: str, late_id: str) -> str | Response | tuple[str, int]:
    """Let a late answer in as the second person, or not."""
    with ground().read() as session:
        page = referral(session, current_actor(), referral_id, ground().clock.now())
        late = _one(session, referral_id, late_id)
        if late.admission is None:
            raise NotFoundError
        asker = persons(session, [late.admission.asked_by])[late.admission.asked_by].name
        fault = next((each for each in faults(session, limit=_MOST_FAULTS) if each.id == late.admission.fault_id), None)
    form = DecisionForm()
    if form.validate_on_submit():
        outcome = ApprovalOutcome(form.outcome.data)
        try:
            with ground().work() as work:
                decide_admission(work, current_actor(), DecideAdmission(late_id, outcome, form.words.data or ""))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash(_SAID[outcome])
            return redirect(url_for(".index", referral_id=referral_id), code=303)
    shown = render_template(
        "referrals/late/decide.html",
        page=page,
        late=late,
        admission=late.admission,
        asker=asker,
        fault=_title(fault) if fault else None,
        form=form,
        to_the_second=to_the_second,
    )
    return shown, 422 if form.is_submitted() else 200


_SAID = {
    ApprovalOutcome.APPROVED: "The answer is let in. Everybody who was asked is told.",
    ApprovalOutcome.REFUSED: "The answer stays out.",
}


def _one(session: Session, referral_id: str, late_id: str) -> LateAnswer:
    for late in late_answers(session, current_actor(), referral_id):
        if late.id == late_id:
            return late
    raise NotFoundError


def _approval(session: Session, referral_id: str, late: LateAnswer) -> ApprovalCard | None:
    asked = late.admission
    if asked is None:
        return None
    exactly = fingerprint(late.id, late.checksum, asked.ground, asked.fault_id, asked.shown)
    return approval(session, referral_id, ApprovalKind.LATE_ADMISSION, exactly)


def _title(fault: Fault) -> str:
    began = fault.began_at.astimezone(LONDON)
    ended = f" to {fault.ended_at.astimezone(LONDON):%d %B %Y, %H:%M}" if fault.ended_at else ", not ended"
    return f"{began:%d %B %Y, %H:%M}{ended}: {fault.words[:80]}"
