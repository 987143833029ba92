from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.web.guard import current_actor, requires
from referrals.actions.confirm_findings import confirm_findings
from referrals.actions.draft_referral import Draft, draft_referral, edit_draft
from referrals.model import AgeBand, Gender, Need, NeedArea
from referrals.queries.drafts import DraftPage, draft, lots_of
from referrals.web.forms import NOT_CHOSEN, DraftForm, WordingForm

pages = Blueprint("drafting", __name__)


@pages.route("/commissioning/referrals/new", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def new() -> str | Response | tuple[str, int]:
    """Write a referral."""
    return _write(organisations_with(current_actor(), Permission.REFERRALS_ISSUE)[0], None)


@pages.route("/commissioning/referrals/<referral_id>/edit", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def edit(referral_id: str) -> str | Response | tuple[str, int]:
    """Change a draft."""
    with ground().read() as session:
        written = draft(session, current_actor(), referral_id)
    return _write(written.council_id, written)


def _write(council_id: str, written: DraftPage | None) -> str | Response | tuple[str, int]:
    form = _form(council_id, written)
    if not form.validate_on_submit():
        shown = render_template("referrals/write.html", form=form, written=written)
        return shown, 422 if form.is_submitted() else 200
    wanted = Draft(council_id, str(form.lot.data), _need(form), is_protected=form.is_protected.data == "yes")
    try:
        referral_id = _keep(wanted, written)
    except InvalidInputError as error:
        form.show(error)
        return render_template("referrals/write.html", form=form, written=written), error.status
    return redirect(url_for(".wording", referral_id=referral_id), code=303)


def _form(council_id: str, written: DraftPage | None) -> DraftForm:
    known = {"lot": written.lot.id, **vars(written.need), "is_protected": _is_protected(written)} if written else {}
    form = DraftForm(data=known)
    with ground().read() as session:
        lots = lots_of(session, council_id, london_date(ground().clock.now()))
    form.lot.choices = [NOT_CHOSEN, *(SelectChoice(lot.id, lot.title) for lot in lots)]
    return form


def _is_protected(written: DraftPage) -> str:
    return "yes" if written.particulars.is_protected else "no"


def _need(form: DraftForm) -> Need:
    return Need(
        age_band=AgeBand(form.age_band.data),
        year_group=str(form.year_group.data),
        gender=Gender(form.gender.data) if form.gender.data else None,
        need_area=NeedArea(form.need_area.data),
        outcomes=form.outcomes.data or "",
        risk_wording=form.risk_wording.data or "",
        travel_zone=form.travel_zone.data or "",
        starts_from=form.starts_from.data,
        starts_until=form.starts_until.data,
        weekly_hours=form.weekly_hours.data,
    )


def _keep(wanted: Draft, written: DraftPage | None) -> str:
    with ground().work() as work:
        if written is None:
            return draft_referral(work, current_actor(), wanted)
        edit_draft(work, current_actor(), written.id, wanted)
        return written.id


@pages.route("/commissioning/referrals/<referral_id>/wording", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def wording(referral_id: str) -> str | Response | tuple[str, int]:
    """Show what in the wording may tell who the learner is, for a person to decide on each finding (R31)."""
    with ground().read() as session:
        written = draft(session, current_actor(), referral_id)
    form = WordingForm()
    form.findings.choices = [
        SelectChoice(one.key, f"\u201c{one.text}\u201d looks like {one.mark}") for one in written.unconfirmed
    ]
    if not form.validate_on_submit():
        shown = render_template("referrals/wording.html", form=form, written=written)
        return shown, 422 if form.is_submitted() else 200
    with ground().work() as work:
        confirm_findings(work, current_actor(), referral_id, form.findings.data or [])
        is_settled = not draft(work.session, current_actor(), referral_id).unconfirmed
    return redirect(url_for("referrals.routing.route" if is_settled else ".wording", referral_id=referral_id), code=303)
