from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import undefer

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.scanning import Verdict
from kernel.work import Ground
from people.model import Actor
from referrals.model.answers import AnswerFile
from referrals.queries.attachments import AttachedFile
from referrals.queries.councils import OpenedResponse, opened_responses
from referrals.tables import AnswerFileRow


@dataclass(frozen=True)
class OpenFile:
    """A file that came with the answer for one setting."""

    referral_id: str
    recipient_id: str
    file_id: str


def open_file(ground: Ground, actor: Actor, command: OpenFile) -> AttachedFile:
    """Return a file of an answer that is open to the actor, and note who took it.

    The scanner looks at one on which it gave no verdict when it came. Raises what opened_responses raises (R21, R22),
    NotFoundError for a file that is not in the answer, ConflictError where it is not what was sent, or not clean.
    """
    with ground.read() as session:
        card = _card(opened_responses(session, actor, command.referral_id, ground.keys), command)
        rows = select(AnswerFileRow).options(undefer(AnswerFileRow.content)).where(AnswerFileRow.id == card.id)
        row = session.scalars(rows).one_or_none()
        if row is None or row.recipient_id != command.recipient_id:
            raise NotFoundError
        content, is_scanned = row.content, row.is_scanned
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise ConflictError("This file is not the one that was sent: its checksum differs. Tell your administrator.")
    if not is_scanned:
        _scan(ground, content)
    with ground.work() as work:
        details = {"recipient_id": command.recipient_id, "file_id": card.id}
        subject = ("referral", command.referral_id)
        audit.record(work, actor=actor.id, action="referrals.open_answer_file", subject=subject, details=details)
    return AttachedFile(card.name, card.kind, content)


def _card(opened: list[OpenedResponse], command: OpenFile) -> AnswerFile:
    files = (file for one in opened if one.recipient_id == command.recipient_id for file in one.response.files)
    found = next((file for file in files if file.id == command.file_id), None)
    if found is None:
        raise NotFoundError
    return found


def _scan(ground: Ground, content: bytes) -> None:
    verdict = ground.scanner.scan(content).verdict
    if verdict is Verdict.FOUND:
        raise ConflictError("The virus scanner found something harmful in this file. It is not given out.")
    if verdict is not Verdict.CLEAN:
        raise ConflictError("The virus scanner has not looked at this file yet. Try again in a few minutes.")
