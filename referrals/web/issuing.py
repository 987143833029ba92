from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from channels.model import Rendered
from channels.render import Renderer
from channels.rules.segments import segments
from channels.words import CHANNELS
from fps.model import Regime
from fps.queries.hearing import who_hears
from kernel.calendar import LONDON, add_working_days, at_london
from kernel.errors import ConflictError, InvalidInputError
from kernel.translation import LOCALES, is_rtl
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from people.web.words import LANGUAGES
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.actions.preparing.plan_times import PlanTimes, plan_times
from referrals.messages import ALERT
from referrals.queries.drafts import DraftPage, draft
from referrals.queries.looks import Looks, planned_looks
from referrals.queries.previews import Preview, alert_channels, alert_values, draft_preview, planned_deadline
from referrals.rules.issuing import thaw
from referrals.web.forms import LATER, IssueForm, TimesForm
from referrals.web.preparing_forms import DecisionForm

pages = Blueprint("issuing", __name__)


@pages.route("/commissioning/referrals/<referral_id>/times", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def times(referral_id: str) -> str | Response | tuple[str, int]:
    """Choose deadline and release."""
    with ground().read() as session:
        written = draft(session, current_actor(), referral_id)
    if written.unconfirmed:
        return redirect(url_for("referrals.drafting.wording", referral_id=referral_id), code=303)
    if not written.route.asks_provider:
        return redirect(url_for(".check", referral_id=referral_id), code=303)
    form = TimesForm()
    try:
        if form.validate_on_submit():
            command = PlanTimes(referral_id, form.deadline.data, _release(form), form.short_reason.data or "")
            with ground().work() as work:
                plan_times(work, current_actor(), command)
            return redirect(url_for(".check", referral_id=referral_id), code=303)
    except InvalidInputError as error:
        form.show(error)
    return _times_page(written, form, 422 if form.is_submitted() else 200)


def _times_page(written: DraftPage, form: TimesForm, status: int) -> tuple[str, int]:
    now = ground().clock.now()
    with ground().read() as session:
        shown = draft_preview(session, current_actor(), written.id, now)
        looks = planned_looks(session, current_actor(), written.id, now)
    if not form.is_submitted():
        _fill(form, written, _usual(shown))
        _show_faults(form, looks, now)
    return render_template("referrals/times.html", form=form, written=written, shown=shown, regimes=Regime), status


def _usual(shown: Preview) -> date:
    """Return the day that stands in the form at first; one setting alone gets a working day more than it must."""
    return shown.earliest_deadline_on if shown.route.is_competitive else add_working_days(shown.earliest_deadline_on, 1)


def _show_faults(form: TimesForm, looks: Looks | None, now: datetime) -> None:
    """Say at its field why times that were planned before are none any more."""
    try:
        if looks is not None:
            _deadline(looks, now)
    except InvalidInputError as error:
        form.show(error)


def _fill(form: TimesForm, written: DraftPage, earliest: date) -> None:
    form.deadline.data = written.deadline_on or earliest
    form.short_reason.data = written.particulars.short_reason
    if written.release_at is not None:
        local = written.release_at.astimezone(LONDON)
        form.release.data, form.release_day.data, form.release_time.data = LATER, local.date(), local.time()


def _release(form: TimesForm) -> datetime | None:
    if form.release.data != LATER:
        return None
    if form.release_day.data is None or form.release_time.data is None:
        raise InvalidInputError("release_day", "Enter the day and the time of the release.")
    return at_london(form.release_day.data, form.release_time.data)


@pages.get("/commissioning/referrals/<referral_id>/check")
@requires(Permission.REFERRALS_ISSUE)
def check(referral_id: str) -> str | Response | tuple[str, int]:
    """Show exactly who will be asked and who will not and why, the text, and every channel's wording."""
    return check_page(referral_id, IssueForm(), DecisionForm(), 200)


@pages.post("/commissioning/referrals/<referral_id>/check")
@requires(Permission.REFERRALS_ISSUE)
def issue(referral_id: str) -> str | Response | tuple[str, int]:
    """Issue the referral as it was shown."""
    form = IssueForm()
    if not form.validate_on_submit():
        return check_page(referral_id, form, DecisionForm(), 422)
    with ground().work() as work:
        looks = planned_looks(work.session, current_actor(), referral_id, work.now)
        if looks is None:
            raise ConflictError("Choose the deadline and the release first.")
        command = IssueReferral(referral_id, looks.deadline_on, looks.release_at, form.previewed.data or "")
        issue_referral(work, current_actor(), command)
    flash("The referral is issued.")
    return redirect(url_for("referrals.overview.one", referral_id=referral_id), code=303)


def check_page(
    referral_id: str, form: IssueForm, decision: DecisionForm, status: int
) -> str | Response | tuple[str, int]:
    """Show a draft as it goes out, or lead to what is still missing of its plan."""
    actor, now = current_actor(), ground().clock.now()
    with ground().read() as session:
        written = draft(session, actor, referral_id)
        looks = planned_looks(session, actor, referral_id, now)
        if looks is None:
            return redirect(url_for(".times", referral_id=referral_id), code=303)
        try:
            deadline_at = _deadline(looks, now)
        except InvalidInputError:
            return redirect(url_for(".times", referral_id=referral_id), code=303)
        shown = looks.shown
        asked = page_of(len(shown.selection.recipients), name="asked")
        listed = shown.selection.recipients[asked.offset : asked.last_row]
        heard_by = who_hears(session, [one.setting.id for one in listed])
        ways = alert_channels(session, {person_id for people in heard_by.values() for person_id in people})
    form.previewed.data = shown.fingerprint
    return render_template(
        "referrals/check.html",
        form=form,
        decision=decision,
        asked_page=asked,
        left_out=page_of(len(shown.selection.excluded), name="left_out"),
        written=written,
        looks=looks,
        shown=shown,
        text=thaw(shown.text),
        deadline_at=deadline_at,
        ways={setting_id: _ways(people, ways) for setting_id, people in heard_by.items()},
        nobody=CHANNELS["none"],
        wordings=_wordings(alert_values(shown, deadline_at, referral_id)),
        may_decide=actor.id not in {*written.writers, *(line.card.asked_by for line in looks.lines if line.card)},
    ), status


def _deadline(looks: Looks, now: datetime) -> datetime:
    if looks.release_at is not None and looks.release_at < now:
        raise InvalidInputError("release_day", "The release time has passed. Choose a later one.")
    return planned_deadline(looks.shown, looks.deadline_on)


@dataclass(frozen=True)
class _Wording:
    """How the alert reads in one language; `segments` are the parts in which a text message is sent."""

    locale: str
    language: str
    is_rtl: bool
    told: Rendered
    segments: int


def _wordings(values: Mapping[str, object]) -> list[_Wording]:
    """Return the alert in every language that somebody who is asked may have chosen."""
    renderer = Renderer(ground().translations, ground().base_url, ground().keys)
    found = [(locale, renderer.render(ALERT, values, locale)) for locale in LOCALES]
    return [
        _Wording(locale, LANGUAGES[locale], is_rtl(locale), told, segments(told.short).count) for locale, told in found
    ]


def _ways(people: Sequence[str], ways: Mapping[str, str | None]) -> str:
    """Name the channels by which an alert would reach whoever hears for a setting."""
    reached = sorted({CHANNELS[way] for person_id in people if (way := ways[person_id])})
    return ", ".join(reached) or CHANNELS["none"]
