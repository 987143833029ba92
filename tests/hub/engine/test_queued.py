"""The worker processes of a machine must not outlive the one that keeps them, nor keep it from ending."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
PATIENCE_S = 15

# A crew that takes its time before it listens to signals, as one does that opens its database first.
PROGRAM = """
import os, time
from hub.engine.queued import Crews

def crew():
    print(os.getpid(), flush=True)
    time.sleep({starting_s})
    while True:
        time.sleep(0.05)

Crews([crew]).run()
"""


@contextmanager
def crews(starting_s: float) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run Crews in a process of its own; give it and the id of its one crew, which is just starting."""
    program = PROGRAM.format(starting_s=starting_s)
    keeper = subprocess.Popen(  # noqa: S603 - this interpreter with the program above
        [sys.executable, "-c", program], cwd=REPOSITORY, stdout=subprocess.PIPE
    )
    with keeper:
        line = b"" if keeper.stdout is None else keeper.stdout.readline()
        try:
            yield keeper, int(line)
        finally:
            keeper.kill()
            with suppress(ProcessLookupError):
                os.kill(int(line), signal.SIGKILL)


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        stat = Path(f"/proc/{pid}/stat")
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_crew_ends_when_its_keeper_is_killed_while_it_starts() -> None:
    with crews(starting_s=1) as (keeper, crew):
        keeper.send_signal(signal.SIGKILL)
        keeper.wait(PATIENCE_S)
        assert is_gone(crew)


def test_keeper_ends_when_told_to_while_a_crew_starts() -> None:
    with crews(starting_s=60) as (keeper, crew):
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(PATIENCE_S) == 0
        assert is_gone(crew)
