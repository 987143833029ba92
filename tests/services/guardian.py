"""Runs one server beside a test run and ends it when whoever asked for it has gone, however it went.

Run as a script: ``guardian.py --parent PID --stop SIGQUIT --remove DIR [--user UID] -- command ...``. The asker
holds the other end of the standard input: its closing, by hand or by the kernel after a SIGKILL, ends the server.
The first line of output is the server's process id. DIR is removed when the server has ended.
"""

import argparse
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
LOOK_EVERY_S = 0.2
PATIENCE_S = 10


def main() -> int:
    """Run the command until it ends or its asker is gone; the exit status is the command's own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--stop", required=True)
    parser.add_argument("--remove", type=Path, required=True)
    parser.add_argument("--user", type=int)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave)
    try:
        return _run(asked.command, asked.parent, signal.Signals[asked.stop], asked.user)
    finally:
        shutil.rmtree(asked.remove, ignore_errors=True)


def _run(command: list[str], parent: int, stop: signal.Signals, user: int | None) -> int:
    server = subprocess.Popen(  # noqa: S603 -- the command comes from the test services alone
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        preexec_fn=partial(_die_with_guardian, stop),  # noqa: PLW1509 -- this process has a single thread
    )
    try:
        sys.stdout.write(f"{server.pid}\n")
        sys.stdout.flush()
        _wait_for_an_end(server, parent)
    finally:
        server.send_signal(stop)
        try:
            server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    return server.returncode


def _wait_for_an_end(server: subprocess.Popen[bytes], parent: int) -> None:
    # The parent's id is looked at as well: a fork of the asker may hold the input open beyond its life.
    while server.poll() is None and os.getppid() == parent:
        readable, _, _ = select.select([sys.stdin], [], [], LOOK_EVERY_S)
        if readable:
            return


def _die_with_guardian(stop: signal.Signals) -> None:
    """Let the kernel end the server should the guardian itself be killed (Linux alone can)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop, 0, 0, 0)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
