from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from hub.migrations import upgrade
from kernel.database import Database
from tests.services.valkey import ValkeyServer

PATIENCE_S = 20


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def read_metrics(port: int) -> str:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:
                return str(answer.read().decode())
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_worker_serves_its_own_metrics(valkey_server: ValkeyServer, tmp_path: Path) -> None:
    url, port = f"sqlite:///{tmp_path}/hub.db", free_port()
    database = Database(url)
    upgrade(database)
    database.close()
    settings = {
        "HUB_SECRET": "a secret for tests",
        "HUB_DATABASE_URL": url,
        "HUB_REDIS_URL": valkey_server.url,
        "HUB_WORKER_METRICS_PORT": str(port),
    }
    command = [sys.executable, "-m", "hub", "worker", "--bells", "inbox"]
    with subprocess.Popen(command, env={**os.environ, **settings}) as worker:  # noqa: S603 - our own program
        try:
            assert "hub_send_latency_seconds" in read_metrics(port)
        finally:
            worker.terminate()
            worker.wait(PATIENCE_S)
