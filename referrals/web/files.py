"""Files that go out with a referral, as they are sent to be saved."""

from __future__ import annotations

from flask import Blueprint, Response

from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.queries.attachments import AttachedFile, askeds_file

pages = Blueprint("files", __name__)

_MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "jpg": "image/jpeg",
}


@pages.get("/referrals/<referral_id>/files/<attachment_id>")
@requires(Permission.REFERRALS_ANSWER)
def asked(referral_id: str, attachment_id: str) -> Response:
    """Send a file of a referral to a provider that was asked, as long as the referral can be opened (R32)."""
    with ground().read() as session:
        found = askeds_file(session, current_actor(), referral_id, attachment_id, ground().clock.now())
    return send_attachment(found)


def send_attachment(file: AttachedFile) -> Response:
    """Send a file to be saved, never to be shown in the browser."""
    answer = Response(file.content, mimetype=_MIMES[file.kind])
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
