from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from channels.render import Renderer
from channels.words import CHANNELS
from fps.queries.hearing import who_hears
from kernel.calendar import LONDON, at_london
from kernel.errors import InvalidInputError
from kernel.translation import SOURCE_LOCALE
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.messages import ALERT
from referrals.queries.drafts import draft
from referrals.queries.previews import alert_channels, alert_values, draft_preview, planned_deadline
from referrals.rules.issuing import thaw
from referrals.web.forms import LATER, NOW, IssueForm, TimesForm

pages = Blueprint("issuing", __name__)


@pages.route("/commissioning/referrals/<referral_id>/times", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def times(referral_id: str) -> str | Response | tuple[str, int]:
    """Choose deadline and release."""
    form = TimesForm()
    try:
        if form.validate_on_submit():
            release = _release(form)
            with ground().read() as session:
                shown = draft_preview(session, current_actor(), referral_id, release or ground().clock.now())
                planned_deadline(shown, form.deadline.data)
            told = release.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M") if release else NOW
            wanted = {"deadline": form.deadline.data.isoformat(), "release": told}
            return redirect(url_for(".check", referral_id=referral_id, **wanted), code=303)
    except InvalidInputError as error:
        form.show(error)
    return _times_page(referral_id, form, 422 if form.is_submitted() else 200)


def _times_page(referral_id: str, form: TimesForm, status: int) -> Response | tuple[str, int]:
    with ground().read() as session:
        written = draft(session, current_actor(), referral_id)
        if written.unconfirmed:
            return redirect(url_for("referrals.drafting.wording", referral_id=referral_id), code=303)
        earliest = draft_preview(session, current_actor(), referral_id, ground().clock.now()).earliest_deadline_on
    if not form.is_submitted():
        form.deadline.data = earliest
    return render_template("referrals/times.html", form=form, written=written, earliest=earliest), status


def _release(form: TimesForm) -> datetime | None:
    if form.release.data != LATER:
        return None
    if form.release_day.data is None or form.release_time.data is None:
        raise InvalidInputError("release_day", "Enter the day and the time of the release.")
    at = at_london(form.release_day.data, form.release_time.data)
    if at < ground().clock.now():
        raise InvalidInputError("release_day", "The release time has passed. Choose a later one.")
    return at


@pages.get("/commissioning/referrals/<referral_id>/check")
@requires(Permission.REFERRALS_ISSUE)
def check(referral_id: str) -> str | tuple[str, int]:
    """Show exactly who will be asked and who will not and why, the text, and every channel's wording."""
    return _check_page(referral_id, IssueForm(), 200)


@pages.post("/commissioning/referrals/<referral_id>/check")
@requires(Permission.REFERRALS_ISSUE)
def issue(referral_id: str) -> str | Response | tuple[str, int]:
    """Issue the referral as it was shown."""
    form = IssueForm()
    if not form.validate_on_submit():
        return _check_page(referral_id, form, 422)
    deadline_on, release_at = _asked_times()
    command = IssueReferral(referral_id, deadline_on, release_at, form.previewed.data or "")
    with ground().work() as work:
        issue_referral(work, current_actor(), command)
    flash("The referral is issued.")
    return redirect(url_for("referrals.overview.one", referral_id=referral_id), code=303)


def _check_page(referral_id: str, form: IssueForm, status: int) -> tuple[str, int]:
    deadline_on, release_at = _asked_times()
    with ground().read() as session:
        written = draft(session, current_actor(), referral_id)
        shown = draft_preview(session, current_actor(), referral_id, release_at or ground().clock.now())
        deadline_at = planned_deadline(shown, deadline_on)
        heard_by = who_hears(session, [one.setting.id for one in shown.selection.recipients])
        ways = alert_channels(session, {person_id for people in heard_by.values() for person_id in people})
    form.previewed.data = shown.fingerprint
    values = alert_values(shown, deadline_at, referral_id)
    told = Renderer(ground().translations, ground().base_url, ground().keys).render(ALERT, values, SOURCE_LOCALE)
    return render_template(
        "referrals/check.html",
        form=form,
        written=written,
        shown=shown,
        text=thaw(shown.text),
        deadline_at=deadline_at,
        release_at=release_at,
        ways={setting_id: _ways(people, ways) for setting_id, people in heard_by.items()},
        nobody=CHANNELS["none"],
        told=told,
    ), status


def _ways(people: Sequence[str], ways: Mapping[str, str | None]) -> str:
    """Name the channels by which an alert would reach whoever hears for a setting."""
    reached = sorted({CHANNELS[way] for person_id in people if (way := ways[person_id])})
    return ", ".join(reached) or CHANNELS["none"]


def _asked_times() -> tuple[date, datetime | None]:
    """Read deadline and release from the address; raises InvalidInputError for what is none."""
    release = request.args.get("release", NOW)
    try:
        deadline_on = date.fromisoformat(request.args.get("deadline", ""))
        local = None if release == NOW else datetime.fromisoformat(release)
    except ValueError as error:
        raise InvalidInputError("deadline", "Choose the deadline and the release again.") from error
    return deadline_on, at_london(local.date(), local.time()) if local else None
