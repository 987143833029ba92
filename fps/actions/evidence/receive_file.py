from __future__ import annotations

import hashlib
from dataclasses import dataclass

from fps.actions.evidence.offer_document import TAKEN
from kernel import audit
from kernel.errors import InvalidInputError
from kernel.scanning import Verdict
from kernel.uploads import CheckedFile, check_upload
from kernel.work import Ground
from people.model import Actor


@dataclass(frozen=True)
class ReceivedFile:
    """A file that was let in; `is_scanned` is false while the virus scanner still has to look at it."""

    file: CheckedFile
    is_scanned: bool


def receive_file(ground: Ground, actor: Actor, name: str, content: bytes) -> ReceivedFile:
    """Let an uploaded file in: of a kind that is taken, not too large, and without a virus as far as is known.

    Runs outside any transaction, because the scanner may take its time. Where the scanner does not answer the file is
    let in unscanned: it waits, and nobody can read it. Raises InvalidInputError("file") otherwise.
    """
    file = check_upload(name, content, TAKEN, most_bytes=ground.most_upload_bytes)
    scan = ground.scanner.scan(file.content)
    if scan.verdict is Verdict.FOUND:
        with ground.work() as work:
            audit.record(
                work,
                actor=actor.id,
                action="fps.refuse_file",
                subject=("person", actor.id),
                details={"found": scan.said, "sha256": hashlib.sha256(content).hexdigest()},
            )
        raise InvalidInputError(
            "file",
            "The virus scanner found something harmful in this file ({found}). It was not kept. Have your computer "
            "checked, then choose a clean file.",
            found=scan.said,
        )
    return ReceivedFile(file, scan.verdict is Verdict.CLEAN)


def receive_clean_file(ground: Ground, actor: Actor, name: str, content: bytes) -> CheckedFile:
    """Let an uploaded file in that is read as soon as it is kept: only if the scanner has found it clean.

    Raises InvalidInputError("file") also where the scanner gives no verdict.
    """
    received = receive_file(ground, actor, name, content)
    if not received.is_scanned:
        raise InvalidInputError(
            "file", "The virus scanner could not look at this file. Nothing was kept. Try again in a few minutes."
        )
    return received.file
