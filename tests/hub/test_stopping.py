from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from socket import socket

import pytest

PATIENCE_S = 30


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
@pytest.mark.parametrize("command", ["run", "web"])
def test_a_hub_that_is_told_to_stop_ends_in_good_order(tmp_path: Path, command: str, told: signal.Signals) -> None:
    """A service manager sends SIGTERM, a person presses Ctrl+C: neither is a crash, after which vendors are asked."""
    settings = {
        "PATH": os.environ["PATH"],
        "HUB_SECRET": "a secret for tests",
        "HUB_DATABASE_URL": f"sqlite:///{tmp_path}/hub.db",
        "HUB_PORT": str(free_port()),
    }
    subprocess.run([sys.executable, "-m", "hub", "migrate"], env=settings, check=True, capture_output=True)
    hub = subprocess.Popen([sys.executable, "-m", "hub", command], env=settings, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own program
    with hub:
        assert hub.stderr is not None
        assert any("Serving on" in line for line in hub.stderr)
        hub.send_signal(told)
        assert hub.wait(PATIENCE_S) == 0
        assert "Traceback" not in hub.stderr.read()
