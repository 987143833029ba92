"""The processes that are killed, and how they come back."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.services.guarded import Guarded, ServiceError, new_home

REPOSITORY = Path(__file__).parents[2]
_START_S = 60
_GRACE_S = 10
_LOOK_EVERY_S = 0.02
_STARTED_AT = 19
"""Where a process's start time stands in /proc/PID/stat, counted behind the name."""


class Child(NamedTuple):
    """A child process; with its start time it is not mistaken for another one that got its number later."""

    pid: int
    started_at: str


class Part:
    """One process of what is tested, with its children: started, killed, started again.

    What it prints goes to one log. Each life is guarded: it ends with this process, however this one ends.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        folder: Path,
        is_ready: Callable[[int], bool] = lambda _pid: True,
    ) -> None:
        self.name = name
        settings = [f"{key}={value}" for key, value in environment.items()]
        self._log = folder / f"{name}.log"
        self._command = [
            "env",
            f"PYTHONPATH={REPOSITORY}",
            *settings,
            "sh",
            "-c",
            f'exec "$@" >>{self._log} 2>&1',
            name,
        ]
        self._command += map(str, command)
        self._is_ready = is_ready
        self._life: Guarded | None = None
        self._seen: set[Child] = set()

    def start(self) -> None:
        """Start it and wait until it is ready. Raises ServiceError if it does not come up; its log says why."""
        life = self._life = Guarded(self._command, new_home("crash"), signal.SIGTERM)
        try:
            life.wait_until(lambda: self._is_ready(life.pid), _START_S)
        except ServiceError as error:
            raise ServiceError(f"{self.name} did not come up: see {self._log}") from error

    def kill(self) -> None:
        """Kill the process itself; its children are left to notice."""
        self._note_children()
        _signal(signal.SIGKILL, self._pid())
        self.stop()

    def kill_children(self, chance: random.Random, count: int) -> None:
        """Kill so many of its children, picked by chance."""
        found = self._note_children()
        for child in chance.sample(found, min(count, len(found))):
            _signal(signal.SIGKILL, child.pid)

    def hold_up(self, seconds: float) -> None:
        """Let it and its children stand still, as a machine does that has too much to do."""
        pids = [self._pid(), *(child.pid for child in self._note_children())]
        for pid in pids:
            _signal(signal.SIGSTOP, pid)
        time.sleep(seconds)
        for pid in pids:
            _signal(signal.SIGCONT, pid)

    def stop(self) -> None:
        """Let it end in good order."""
        if self._life is not None:
            self._note_children()
            self._life.stop()
            self._life = None

    def bury(self) -> int:
        """Kill the children that outlive their parent, after a grace of some seconds; return how many did."""
        until = time.monotonic() + _GRACE_S
        while (left := [child for child in self._seen if _lives(child)]) and time.monotonic() < until:
            time.sleep(_LOOK_EVERY_S)
        for child in left:
            _signal(signal.SIGKILL, child.pid)
        return len(left)

    def _pid(self) -> int:
        return self._life.pid if self._life else 0

    def _note_children(self) -> list[Child]:
        found = children(self._pid()) if self._life else []
        self._seen.update(found)
        return found


def children(pid: int) -> list[Child]:
    """Return a process's children, the oldest first (Linux)."""
    with suppress(FileNotFoundError, ProcessLookupError):
        found = sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
        return [Child(each, _started_at(each)) for each in found]
    return []


def _started_at(pid: int) -> str:
    """Return when a process started, "" once it is gone or a zombie."""
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[_STARTED_AT]
    return ""


def _lives(child: Child) -> bool:
    return bool(child.started_at) and _started_at(child.pid) == child.started_at


def _signal(number: signal.Signals, pid: int) -> None:
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
