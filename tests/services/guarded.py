import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

GUARDIAN = Path(__file__).with_name("guardian.py")
LOOK_EVERY_S = 0.005


class ServiceError(RuntimeError):
    """A server for the tests did not start; the text holds what it printed."""


@dataclass(frozen=True)
class Home:
    """A fresh private directory for one server, and the user who owns it (None: whoever runs the tests)."""

    path: Path
    user: int | None = None


def new_home(name: str, *, never_root: bool = False) -> Home:
    """Make a directory readable by its owner alone; with never_root, root gives it to an unprivileged user.

    The path stays short: a unix socket's path may have about 100 bytes.
    """
    path = Path(tempfile.mkdtemp(prefix=f"hub-{name}-"))
    if not (never_root and os.geteuid() == 0):
        return Home(path)
    user = pwd.getpwnam("nobody").pw_uid
    os.chown(path, user, user)
    return Home(path, user)


def package_folder(package: str) -> Path:
    """Where an installed package lies, found without running its code. Raises ServiceError if there is none."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ServiceError(f"{package} is not installed: it brings the server's binaries")
    return Path(found.origin).parent


class Guarded:
    """A server process which ends with its home when stopped, or when this process ends in any way."""

    def __init__(self, command: Sequence[str | Path], home: Home, stop: signal.Signals) -> None:
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 -- closed in stop()
        self._home = home
        try:
            self._guardian = self._start(command, stop)
        except OSError:
            shutil.rmtree(home.path)
            raise
        self.pid = self._first_line()

    def _start(self, command: Sequence[str | Path], stop: signal.Signals) -> subprocess.Popen[bytes]:
        user = [] if self._home.user is None else ["--user", str(self._home.user)]
        own = ["--parent", str(os.getpid()), "--stop", stop.name, "--remove", str(self._home.path), *user]
        return subprocess.Popen(  # noqa: S603 -- the command comes from the test services alone
            [sys.executable, "-I", "-S", str(GUARDIAN), *own, "--", *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._output,
            start_new_session=True,
        )

    def _first_line(self) -> int:
        line = b"" if self._guardian.stdout is None else self._guardian.stdout.readline()
        if not line:
            printed = self.output()
            self.stop()
            raise ServiceError(f"The server did not start: {printed}")
        return int(line)

    def wait_until(self, ready: Callable[[], bool], patience_s: float = 20) -> None:
        """Wait for the server to answer. Raises ServiceError when it ends or takes longer than patience_s."""
        end = time.monotonic() + patience_s
        while not ready():
            if self._guardian.poll() is not None or time.monotonic() > end:
                printed = self.output()
                self.stop()
                raise ServiceError(f"The server did not start: {printed}")
            time.sleep(LOOK_EVERY_S)

    def output(self) -> str:
        """Everything the server has printed."""
        return os.pread(self._output.fileno(), os.fstat(self._output.fileno()).st_size, 0).decode(errors="replace")

    def stop(self) -> None:
        """End the server and remove its home; a second call does nothing."""
        if self._guardian.stdin is None or self._guardian.stdin.closed:
            return
        self._guardian.stdin.close()
        self._guardian.wait()
        if self._guardian.stdout is not None:
            self._guardian.stdout.close()
        self._output.close()
