import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests.services.vendor.state import Taken

REPOSITORY = Path(__file__).parents[3]
PATIENCE_S = 30


class VendorError(RuntimeError):
    """The stub did not start, or did not take a control."""


@dataclass(frozen=True)
class Counts:
    """What the stub has seen since its start or its last reset.

    requests: calls by the SDK's name (messages.create, chat.postMessage ...). accepted: messages taken, told apart
    by recipient and by mark (Twilio: attempt= in StatusCallback; Slack: metadata.event_payload.attempt). failed:
    answers of fail_next. dropped: messages taken whose answer never came.
    """

    requests: Mapping[str, int]
    recipients: Mapping[str, int]
    marks: Mapping[str, int]
    accepted: int
    failed: int
    dropped: int
    connections: int
    callbacks_sent: int
    callback_failures: list[str]


class VendorStub:
    """Steers a running stub. Twilio's API is at url, Slack's at slack_url."""

    def __init__(self, port: int, pid: int, auth_token: str | None) -> None:
        self.port = port
        self.auth_token = auth_token
        self.pid = pid
        self.url = f"http://127.0.0.1:{port}"
        self.slack_url = f"{self.url}/api/"

    def counts(self) -> Counts:
        """What was counted."""
        return Counts(**self._ask("GET", "counts"))

    def bodies(self, call: str | None = None, limit: int = 1000) -> list[dict[str, Any]]:
        """The last bodies sent (10,000 are kept), oldest first; of one call or of all that write."""
        kept = self._ask("GET", f"bodies?limit={limit}")
        return [each["body"] for each in kept if call in (None, each["call"])]

    def taken(self, after: int = 0) -> list[Taken]:
        """Every message taken since the one with the number `after`, in order (the last 200,000 are kept)."""
        return [Taken(*each) for each in self._ask("GET", f"taken?after={after}")]

    def be_slow(self, latency_ms: float) -> None:
        """Answer every vendor call this much later, until told otherwise."""
        self._ask("POST", "set", {"latency_ms": latency_ms})

    def fail_next(
        self,
        n: int = 1,
        status: int = 503,
        *,
        headers: Mapping[str, str] | None = None,
        content: Any = None,  # noqa: ANN401 -- whatever JSON holds
        call: str | None = None,
    ) -> None:
        """Answer the next n calls (of one name, if given) with this and accept nothing."""
        asked = {"n": n, "status": status, "headers": dict(headers or {}), "json": content, "call": call}
        self._ask("POST", "set", {"fail_next": asked})

    def drop_after_accept(self, n: int = 1) -> None:
        """Take and count the next n messages, then hang up without an answer."""
        self._ask("POST", "set", {"drop_after_accept": n})

    def end_messages_as(self, status: str, error_code: int | None = None) -> None:
        """Tell how Twilio's messages end, as read and as called back; "delivered" unless told."""
        self._ask("POST", "set", {"status": status, "error_code": error_code})

    def call_back(self, *, after_ms: float = 0) -> None:
        """Call the StatusCallback of each Twilio message from now on: sent, then how it ended."""
        self._ask("POST", "set", {"callbacks": True, "callback_delay_ms": after_ms})

    def reset(self) -> None:
        """Forget every message, count and order."""
        self._ask("POST", "reset")

    def _ask(self, method: str, control: str, content: Any = None) -> Any:  # noqa: ANN401 -- whatever JSON holds
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, f"/_control/{control}", json.dumps(content))
            answer = connection.getresponse()
            if answer.status != HTTPStatus.OK:
                raise VendorError(f"{control}: {answer.status}")
            return json.loads(answer.read())
        finally:
            connection.close()


@contextmanager
def running_vendor(auth_token: str | None = None, port: int = 0) -> Iterator[VendorStub]:
    """Run a stub in a process of its own; it ends with the context or with this process.

    With auth_token, Twilio's side takes this password alone and signs its callbacks with it.
    """
    options = ["--port", str(port), "--parent", str(os.getpid())]
    token = [] if auth_token is None else ["--auth-token", auth_token]
    process = subprocess.Popen(  # noqa: S603 -- this interpreter with the stub's own options
        [sys.executable, "-m", "tests.services.vendor", *options, *token], cwd=REPOSITORY, stdout=subprocess.PIPE
    )
    with process:
        try:
            line = b"" if process.stdout is None else process.stdout.readline()
            if not line:
                raise VendorError("the vendors' stub did not start")
            yield VendorStub(json.loads(line)["port"], process.pid, auth_token)
        finally:
            process.kill()
