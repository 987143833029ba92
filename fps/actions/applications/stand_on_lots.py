from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.model import Status
from fps.model.rounds import RoundCard
from kernel.errors import ConflictError
from kernel.work import Work

Content = Mapping[str, Any]


def stand_on_lots(work: Work, by: str, before: Content | None, after: Content | None, joined: RoundCard) -> None:
    """Let the settings apply for the lots that an application now asks for, and leave those that it no longer does.

    Always in the same order, so that two who send at once wait for each other. Raises ConflictError for a setting
    that is on a lot already.
    """
    wanted, left = set(_pairs(after)), set(_pairs(before))
    for setting_id, lot_id in sorted(wanted | left):
        at = standing_of(work, setting_id, lot_id)
        if (setting_id, lot_id) in wanted:
            if at in (None, Status.EXITED):
                take_step(work, by, Step(setting_id, lot_id, Status.APPLIED, f"Applied in {joined.title}."))
            elif at is not Status.APPLIED:
                raise ConflictError("One of the settings is on one of its lots already. Take the lot out.")
        elif at is Status.APPLIED:
            take_step(work, by, Step(setting_id, lot_id, Status.EXITED, "The application no longer asks for it."))


def _pairs(content: Content | None) -> Iterator[tuple[str, str]]:
    for one in (content or {}).get("settings", ()):
        yield from ((str(one["setting"]), str(lot_id)) for lot_id in one["lots"])
