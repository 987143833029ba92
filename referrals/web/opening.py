"""Files that came with answers, as the council takes them once the answers are open."""

from __future__ import annotations

from flask import Blueprint, Response

from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.actions.answers.open_file import OpenFile, open_file
from referrals.web.files import send_attachment

pages = Blueprint("opening", __name__)


@pages.get("/commissioning/referrals/<referral_id>/answers/<recipient_id>/files/<answer_file_id>")
@requires(Permission.REFERRALS_READ)
def file(referral_id: str, recipient_id: str, answer_file_id: str) -> Response:
    """Send a file of an answer; the log keeps who took it."""
    return send_attachment(open_file(ground(), current_actor(), OpenFile(referral_id, recipient_id, answer_file_id)))
