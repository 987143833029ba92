from __future__ import annotations

from datetime import datetime

from kernel.timetable import Every, Job
from kernel.work import Ground
from people.actions.finish_api_call import forget_api_calls
from people.actions.renew_links import renew_links


def renew_all_links(ground: Ground, _slot: datetime) -> None:
    """Let open links count under the newest secret too, while an older one is still accepted."""
    after: str | None = ""
    while after is not None:
        with ground.work() as work:
            after = renew_links(work, after)


def forget_calls(ground: Ground, _slot: datetime) -> None:
    """Forget which calls of the API were answered how, a day later."""
    with ground.work() as work:
        forget_api_calls(work)


JOBS: tuple[Job, ...] = (
    Job("people.renew_links", Every(minutes=5), renew_all_links),
    Job("people.forget_api_calls", Every(minutes=60), forget_calls),
)
