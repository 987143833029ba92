import json
from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.services.vendor.callbacks import Callbacks
from tests.services.vendor.http import Answer, Request, wire
from tests.services.vendor.slack import Slack
from tests.services.vendor.state import Failure, Reply, Settings, Tally
from tests.services.vendor.twilio import Twilio

CONTROL = "/_control/"


class Edge:
    """Both vendors behind one door, with what the tests told them to do and what they counted."""

    def __init__(self, auth_token: str | None) -> None:
        self._settings = Settings()
        self._tally = Tally()
        callbacks = Callbacks(self._settings, self._tally, auth_token)
        self._vendors = (Twilio(self._settings, self._tally, auth_token, callbacks.announce), Slack(self._tally))

    def opened(self) -> None:
        """Count a connection."""
        self._tally.connections += 1

    def respond(self, request: Request) -> Answer:
        """Answer a request of a vendor's client, or a control of the tests'."""
        if request.path.startswith(CONTROL):
            return self._control(request)
        for vendor in self._vendors:
            call = vendor.call_of(request)
            if call is not None:
                return self._answer(vendor, call, request)
        self._tally.requests["unknown"] += 1
        return Answer(wire(404, json.dumps({"ok": False, "error": "unknown_method"}).encode()))

    def _answer(self, vendor: Twilio | Slack, call: str, request: Request) -> Answer:
        self._tally.requests[call] += 1
        delay_s = self._settings.latency_ms / 1000
        failure = self._settings.take_failure(call) if self._settings.failures else None
        if failure is not None:
            self._tally.failed += 1
            return Answer(wire(failure.status, json.dumps(failure.content).encode(), failure.headers), delay_s)
        answered = vendor.answer(call, request)
        if answered.accepted is not None and self._is_dropped(answered):
            return Answer(None, delay_s)
        return Answer(wire(answered.status, answered.body, answered.headers), delay_s)

    def _is_dropped(self, answered: Reply) -> bool:
        if answered.accepted is not None:
            self._tally.accept(answered.accepted)
        if not self._settings.drop_after_accept:
            return False
        self._settings.drop_after_accept -= 1
        self._tally.dropped += 1
        return True

    def _control(self, request: Request) -> Answer:
        name = f"{request.method} {request.path.removeprefix(CONTROL)}"
        content: Any = {}
        if name == "GET counts":
            content = self._tally.counts()
        elif name == "GET bodies":
            limit = int(parse_qs(request.query).get("limit", ["1000"])[0])
            content = list(self._tally.bodies)[-limit:]
        elif name == "GET taken":
            content = self._tally.taken_after(int(parse_qs(request.query).get("after", ["0"])[0]))
        elif name == "POST set":
            self._set(json.loads(request.body))
        elif name == "POST reset":
            self._reset()
        else:
            return Answer(wire(404, b"{}"))
        return Answer(wire(200, json.dumps(content).encode()))

    def _set(self, told: Mapping[str, Any]) -> None:
        for name in told.keys() - {"fail_next"}:
            if not hasattr(self._settings, name):
                raise ValueError(f"there is nothing called {name} to set")
            setattr(self._settings, name, told[name])
        if "fail_next" in told:
            asked = told["fail_next"]
            failure = Failure(asked["status"], asked["headers"], asked["json"], asked["call"])
            self._settings.failures.extend([failure] * asked["n"])

    def _reset(self) -> None:
        # The vendors hold these two objects: they are made new in place.
        vars(self._settings).update(vars(Settings(failures=deque())))
        vars(self._tally).update(vars(Tally()))
        for vendor in self._vendors:
            vendor.forget()
