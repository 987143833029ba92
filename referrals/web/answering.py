from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires, takes_body
from people.web.paging import page_of
from referrals.actions.answers.receive_files import receive_files
from referrals.actions.note_request_opened import note_request_opened
from referrals.actions.record_response import RecordResponse, record_response
from referrals.model import Receipt
from referrals.queries.answers import late_notes
from referrals.queries.colleagues import seen_to_by
from referrals.queries.openings import has_opened
from referrals.queries.providers import (
    Invitation,
    InvitedSetting,
    Shown,
    count_invitations,
    invitation,
    invitations_of,
)
from referrals.queries.versions import news
from referrals.rules.wording import to_the_second
from referrals.web.response_form import CHOOSE, ResponseForm
from referrals.web.words import time_left

pages = Blueprint("answering", __name__)

_TOO_LATE = 410
LARGEST_BODY = 125_200_000
"""The most files an answer may have, each as large as the setting allows at most, and the form around them."""


@pages.get("/referrals")
@requires(Permission.REFERRALS_ANSWER)
def index() -> str:
    """Show the referrals that one's provider was asked about, the next deadline first."""
    now, wanted = ground().clock.now(), request.args.get("show", "")
    show = Shown(wanted) if wanted in set(Shown) else Shown.ALL
    with ground().read() as session:
        page = page_of(count_invitations(session, current_actor(), now, show))
        found = invitations_of(session, current_actor(), now, show, offset=page.offset, limit=page.size)
    shown = {"invitations": found, "page": page, "show": show.value}
    return render_template("referrals/mine.html", **shown, now=now, time_left=time_left)


@pages.get("/referrals/<referral_id>")
@requires(Permission.REFERRALS_ANSWER)
def asked(referral_id: str) -> str:
    """Show one referral to a provider that was asked (R31, R32)."""
    now = ground().clock.now()
    with ground().read() as session:
        found = invitation(session, current_actor(), referral_id, now)
        told = news(session, current_actor(), referral_id, now)
        notes = late_notes(session, referral_id)
        names = seen_to_by(session, [each.recipient_id for each in found.settings])
        is_known = has_opened(session, current_actor().id, referral_id, found.version)
    if not is_known:
        with ground().work() as work:
            note_request_opened(work, current_actor(), found)
    left = time_left(found.deadline_at, now) if found.is_open else None
    return render_template("referrals/asked.html", asked=found, left=left, news=told, notes=notes, seen_to_by=names)


@pages.route("/referrals/<referral_id>/answers/<recipient_id>", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ANSWER)
@takes_body(LARGEST_BODY)
def answer(referral_id: str, recipient_id: str) -> str | Reply | tuple[str, int]:
    """Answer for one setting. The time of receipt is taken first of all (R16)."""
    received_at = ground().clock.now()
    with ground().read() as session:
        found = invitation(session, current_actor(), referral_id, received_at)
    setting = _setting(found, recipient_id)
    form = ResponseForm()
    is_valid = form.validate_on_submit()
    if not is_valid or CHOOSE in request.form:
        if not found.is_open:
            return _late_page(found, setting, None)
        return _form_page(found, setting, form, 422 if form.is_submitted() and not is_valid else 200)
    try:
        receipt = _send(form, recipient_id, received_at)
    except InvalidInputError as error:
        form.show(error)
        return _form_page(found, setting, form, error.status)
    if receipt.is_late:
        return _late_page(found, setting, receipt)
    return redirect(url_for(".receipt", referral_id=referral_id, recipient_id=recipient_id), code=303)


@pages.get("/referrals/<referral_id>/answers/<recipient_id>/receipt")
@requires(Permission.REFERRALS_ANSWER)
def receipt(referral_id: str, recipient_id: str) -> str:
    """Show the receipts of one's answers for a setting; what they say is sealed for everybody."""
    with ground().read() as session:
        found = invitation(session, current_actor(), referral_id, ground().clock.now())
    setting = _setting(found, recipient_id)
    if not setting.receipts:
        raise NotFoundError
    return render_template("referrals/receipt.html", asked=found, setting=setting, to_the_second=to_the_second)


def _setting(found: Invitation, recipient_id: str) -> InvitedSetting:
    for setting in found.settings:
        if setting.recipient_id == recipient_id:
            return setting
    raise NotFoundError


def _send(form: ResponseForm, recipient_id: str, received_at: datetime) -> Receipt:
    """Let the files in first, outside the transaction, then record the answer as of when it arrived."""
    held, actor = ground(), current_actor()
    sent = [(each.filename or "", each.stream.read(held.most_upload_bytes + 1)) for each in form.uploads()]
    files = receive_files(held, actor, sent)
    command = RecordResponse(
        recipient_id, form.response(), received_at, files, keep_files=form.is_offer and form.keep_files.data
    )
    with held.work() as work:
        return record_response(work, actor, command)


def _form_page(found: Invitation, setting: InvitedSetting, form: ResponseForm, status: int) -> tuple[str, int]:
    page = render_template("referrals/answer.html", asked=found, setting=setting, form=form, chosen=form.chosen)
    return page, status


def _late_page(found: Invitation, setting: InvitedSetting, late: Receipt | None) -> tuple[str, int]:
    page = render_template("referrals/late.html", asked=found, setting=setting, late=late, to_the_second=to_the_second)
    return page, _TOO_LATE
