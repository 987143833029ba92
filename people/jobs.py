from __future__ import annotations

from datetime import datetime

from kernel.timetable import Every, Job
from kernel.work import Ground
from people.actions.renew_links import renew_links


def renew_all_links(ground: Ground, _slot: datetime) -> None:
    """Let open links count under the newest secret too, while an older one is still accepted."""
    after: str | None = ""
    while after is not None:
        with ground.work() as work:
            after = renew_links(work, after)


JOBS: tuple[Job, ...] = (Job("people.renew_links", Every(minutes=5), renew_all_links),)
