"""A process that hears one text and is killed over it."""

from __future__ import annotations

import os
import signal
from datetime import datetime

from channels.inbox.hearing import Disposition, Heard
from channels.inbox.process import Processor
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.work import Work
from tests.conftest import ground_on


def die(_work: Work, heard: Heard) -> Disposition | None:
    """End as a process does that runs out of memory over a text: without another word."""
    if heard.text == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    return None


def hear_and_die(url: str, now: datetime) -> None:
    """Be the process."""
    database = Database(url)
    Processor(ground_on(database, FixedClock(now)), [die]).drain()
