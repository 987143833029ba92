"""Proof for the tests that a service ends with the process that asked for it, even when that process is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 10


def orphaned_pid(program: str) -> int:
    """Run the program in a process of its own until it prints a process id, SIGKILL it, return that id."""
    asker = subprocess.Popen(  # noqa: S603 -- this interpreter with a program written in the tests
        [sys.executable, "-c", program], cwd=REPOSITORY, stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    with asker:
        line = b"" if asker.stdout is None else asker.stdout.readline()
        asker.send_signal(signal.SIGKILL)
    return int(line)


def ends(pid: int) -> bool:
    """Whether the process is gone within a few seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while _lives(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # An orphan that has ended may stay a zombie until the first process looks after it.
    stat = Path(f"/proc/{pid}/stat")
    try:
        return not stat.parent.parent.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
