from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fps.actions.evidence.receive_file import ReceivedFile, receive_file
from kernel.errors import InvalidInputError
from kernel.ids import new_id
from kernel.work import Ground, Work
from people.model import Actor
from referrals.model.answers import AnswerFile
from referrals.rules.responding import MOST_FILES
from referrals.tables import AnswerFileRow


def receive_files(ground: Ground, actor: Actor, sent: Sequence[tuple[str, bytes]]) -> tuple[ReceivedFile, ...]:
    """Let the files of an answer in, each a name and its content, outside any transaction: a scanner takes its time.

    One on which the scanner gives no verdict now comes in all the same, because a deadline does not wait; the council
    gets it only once the scanner has found it clean. Raises InvalidInputError("files") for what is not taken.
    """
    if len(sent) > MOST_FILES:
        raise InvalidInputError("files", "Send no more than {most} files with an answer.", most=MOST_FILES)
    received = []
    for name, content in sent:
        try:
            received.append(receive_file(ground, actor, name, content))
        except InvalidInputError as error:
            raise InvalidInputError("files", "{name}: {why}", name=name, why=str(error)) from error
    return tuple(received)


def keep_files(work: Work, actor: Actor, recipient_id: str, received: Sequence[ReceivedFile]) -> tuple[AnswerFile, ...]:
    """Keep the content of files sealed, and return what goes into the sealed answer about them."""
    kept = []
    for each in received:
        file = each.file
        row = AnswerFileRow(
            id=new_id(),
            recipient_id=recipient_id,
            content=file.content,
            is_scanned=each.is_scanned,
            added_at=work.now,
            added_by=actor.id,
        )
        work.session.add(row)
        digest = hashlib.sha256(file.content).hexdigest()
        kept.append(AnswerFile(row.id, file.name, file.kind.value, len(file.content), digest))
    work.session.flush()
    return tuple(kept)
