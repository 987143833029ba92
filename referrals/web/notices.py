"""Procurement notices of one's council: the hub drafts them, people send them (R38)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, url_for

from fps.queries import framework
from fps.web.fields import day_field, line_field
from fps.web.form_page import Answer, FormPage, answer
from kernel import audit
from kernel.calendar import london_date
from kernel.web import ground
from kernel.work import Work
from people.permissions import Permission
from people.queries import persons
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.notices.record_notice import RecordNotice, record_notice, set_prefix
from referrals.model.notices import NoticeState
from referrals.queries import notices
from referrals.queries.notice_drafts import Desk, drafted
from referrals.rules.notices import LONGEST_NUMBER, note

pages = Blueprint("notices", __name__)

_TAGS = {NoticeState.COLLECTING: "grey", NoticeState.TO_SEND: "yellow", NoticeState.LATE: "red"}


class SentForm(PageForm):
    """A notice that was sent."""

    number = line_field(
        "Number of the notice",
        LONGEST_NUMBER,
        missing="Enter the number under which it was published.",
        hint="As the notices service gave it, for example 2026/S 000-012345",
    )
    sent_on = day_field("On which day was it sent?", hint="For example, 23 11 2026", missing="Enter the day")


class PrefixForm(PageForm):
    """By which prefix a council's contracting processes are known."""

    ocid_prefix = line_field(
        "OCDS prefix of your council",
        20,
        missing="Enter a prefix like ocds-ab12cd: ocds, a hyphen and 6 characters.",
        hint="The Open Contracting Partnership gives it to publishers. For example, ocds-ab12cd",
    )


def _today() -> date:
    return london_date(ground().clock.now())


def _desk() -> Desk:
    return Desk(ground().keys, ground().base_url, ground().clock.now())


@pages.get("/commissioning/notices")
@requires(Permission.REFERRALS_ISSUE)
def index() -> str:
    """List the notices that one's council owes, and those that it has sent."""
    actor, today = current_actor(), _today()
    with ground().read() as session:
        councils = notices.own_councils(actor)
        owed = notices.duties_of(session, councils, today)
        page = page_of(notices.count_sent(session, actor))
        sent = notices.sent_notices(session, actor, offset=page.offset, limit=page.size)
        names = {key: framework(session, key).name for key in {duty.framework_id for duty in owed} if key}
        people = persons(session, {each.sent_by for each in sent})
        prefix = notices.prefix_of(session, councils[0])
    return render_template(
        "referrals/notices/index.html",
        owed=[(duty, duty.state(today)) for duty in owed],
        sent=sent,
        page=page,
        names=names,
        people=people,
        prefix=prefix,
        tags=_TAGS,
    )


@pages.get("/commissioning/notices/<notice_key>")
@requires(Permission.REFERRALS_ISSUE)
def one(notice_key: str) -> str:
    """Show the draft of a notice: what it tells of each award, under which law, and by when it is due."""
    with ground().read() as session:
        owed = notices.duty(session, current_actor(), notice_key, _today())
        package = drafted(session, owed, _desk())
        name = framework(session, owed.framework_id).name if owed.framework_id else "Outside a framework"
        prefix = notices.prefix_of(session, owed.council_id)
    return render_template(
        "referrals/notices/one.html",
        duty=owed,
        state=owed.state(_today()),
        package=package,
        name=name,
        note=note(owed.regime),
        prefix=prefix,
        tags=_TAGS,
        is_collecting=owed.state(_today()) is NoticeState.COLLECTING,
    )


@pages.get("/commissioning/notices/<notice_key>/draft.json")
@requires(Permission.REFERRALS_ISSUE)
def draft(notice_key: str) -> Response:
    """Hand out the draft of a notice as an OCDS release package; the log says that it was taken."""
    actor = current_actor()
    with ground().work() as work:
        owed = notices.duty(work.session, actor, notice_key, _today())
        package = drafted(work.session, owed, _desk())
        facts = {"key": notice_key, "awards": len(owed.award_ids)}
        audit.record(work, actor=actor.id, action="referrals.take_notice", subject=("person", actor.id), details=facts)
    return _json(package, f"notice-{notice_key}.json")


@pages.get("/commissioning/notices/sent/<notice_id>.json")
@requires(Permission.REFERRALS_ISSUE)
def sent(notice_id: str) -> Response:
    """Hand out a notice as it was when it was sent."""
    with ground().read() as session:
        package = notices.sent_package(session, current_actor(), notice_id)
    return _json(package, f"notice-{notice_id}.json")


@pages.route("/commissioning/notices/<notice_key>/sent", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def record(notice_key: str) -> Answer:
    """Record that a notice was sent, and keep it as it was."""
    form = SentForm()
    with ground().read() as session:
        notices.duty(session, current_actor(), notice_key, _today())
    page = FormPage(
        "Record that the notice was sent",
        "Procurement notices",
        "Record it",
        url_for(".index"),
        ("The hub keeps the draft as it is now, with its checksum. It publishes nothing.",),
    )

    def act(work: Work) -> None:
        command = RecordNotice(notice_key, str(form.number.data), form.sent_on.data, ground().base_url)
        record_notice(work, current_actor(), command)

    return answer(page, form, act, "The notice is recorded as sent.")


@pages.route("/commissioning/notices/prefix", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def prefix() -> Answer:
    """Set by which prefix one's council publishes."""
    council_id = notices.own_councils(current_actor())[0]
    with ground().read() as session:
        form = PrefixForm(data={"ocid_prefix": notices.prefix_of(session, council_id) or ""})
    page = FormPage("OCDS prefix", "Procurement notices", "Save", url_for(".index"))
    return answer(
        page,
        form,
        lambda work: set_prefix(work, current_actor(), council_id, str(form.ocid_prefix.data)),
        "The prefix is saved. Drafts use it from now on.",
    )


def _json(package: Mapping[str, Any], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(json.dumps(package, indent=2, ensure_ascii=False), mimetype="application/json", headers=headers)
