from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert

from channels.tables import HistoryRow
from kernel.work import Work


def write_history(
    work: Work, message_ids: Sequence[str], what: str, *, reason: str | None = None, detail: str = ""
) -> None:
    """Add one line to the history of each message. `detail` names no person."""
    rows = [
        {"message_id": message_id, "at": work.now, "what": what, "reason": reason, "detail": detail}
        for message_id in message_ids
    ]
    if rows:
        work.session.execute(insert(HistoryRow), rows)
