"""The versions of an issued referral, and the next one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.equal.change_issue import ChangeIssue, Wording, change_issue, findings_of
from referrals.model import Phase
from referrals.queries.councils import ReferralPage, referral
from referrals.queries.versions import confirmations, versions_of
from referrals.rules.changing import earliest_after_change
from referrals.web.equal_forms import ChangeForm

pages = Blueprint("changing", __name__)

_CHANGEABLE = frozenset({Phase.SCHEDULED, Phase.OPEN})


@pages.get("/commissioning/referrals/<referral_id>/versions")
@requires(Permission.REFERRALS_READ)
def versions(referral_id: str) -> str:
    """Show every version, what is different in it, and who has confirmed the one that holds."""
    actor = current_actor()
    with ground().read() as session:
        one = referral(session, actor, referral_id, ground().clock.now())
        cards = versions_of(session, actor, referral_id)
        confirmed = confirmations(session, actor, referral_id)
    page = page_of(len(confirmed.settings))
    return render_template(
        "referrals/equal/versions.html",
        one=one,
        versions=cards,
        confirmed=confirmed.settings[page.offset : page.offset + page.size],
        count=confirmed.count,
        tells_who=confirmed.tells_who,
        page=page,
        can_change=one.phase in _CHANGEABLE,
    )


@pages.route("/commissioning/referrals/<referral_id>/change", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def change(referral_id: str) -> str | Response | tuple[str, int]:
    """Write the next version for everybody who was asked."""
    now = ground().clock.now()
    with ground().read() as session:
        one = referral(session, current_actor(), referral_id, now)
    if one.phase not in _CHANGEABLE:
        return redirect(url_for(".versions", referral_id=referral_id), code=303)
    earliest = max(earliest_after_change(max(now, one.release_at), one.terms), one.deadline_at)
    form = ChangeForm(data={**vars(one.text.need), "version": one.version, "deadline": london_date(earliest)})
    if form.is_submitted():
        with ground().read() as session:
            form.offer(findings_of(session, referral_id, _free_text(form)))
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                change_issue(work, current_actor(), _command(referral_id, form))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Everybody who was asked gets the new version now.")
            return redirect(url_for(".versions", referral_id=referral_id), code=303)
    return _change_page(one, form, london_date(earliest))


def _free_text(form: ChangeForm) -> dict[str, str]:
    fields = (form.outcomes, form.risk_wording, form.travel_zone, form.reason)
    return {field.name: field.data or "" for field in fields}


def _command(referral_id: str, form: ChangeForm) -> ChangeIssue:
    wording = Wording(
        outcomes=form.outcomes.data or "",
        risk_wording=form.risk_wording.data or "",
        travel_zone=form.travel_zone.data or "",
        starts_from=form.starts_from.data,
        starts_until=form.starts_until.data,
    )
    seen = str(form.version.data)
    return ChangeIssue(
        referral_id,
        int(seen) if seen.isdecimal() else 0,
        wording,
        form.deadline.data,
        form.reason.data or "",
        form.confirmed.data or [],
    )


def _change_page(one: ReferralPage, form: ChangeForm, earliest: object) -> tuple[str, int]:
    shown = render_template("referrals/equal/change.html", one=one, form=form, earliest=earliest)
    return shown, 422 if form.is_submitted() else 200
