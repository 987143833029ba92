"""What the product has to do while the storm goes on: messages fan out, and people text."""

from __future__ import annotations

import http.client
import random
import threading
from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.messages import ANSWER_FROM_PERSON
from channels.model import Urgency
from kernel.work import Ground
from tests.crash.account import AUTH_TOKEN, NUMBER
from tests.services.vendor.callbacks import signature

TEXTS = (
    "What is an EHCP?",
    "HELP",
    "START",
    "STOP",
    "What is an IPA?",
    "I want to kill myself",
    "Is the moon made of marzipan?",
    "3",
    "yes",
)
_TICK_S = 0.1
_TWINS = 0.15
"""How many messages say the same to the same person as the one before: what a vendor's list cannot tell apart."""
_REPEATED = 0.1
"""How many texts come again although they were accepted, as vendors' webhooks do."""
_PATIENCE_S = 15
_AGAIN_AFTER_S = 0.15


class FanOut(threading.Thread):
    """Queues messages through the product's own action, so many a second, until told to stop."""

    def __init__(self, ground: Ground, readers: Sequence[str], per_s: float, seed: int) -> None:
        super().__init__(name="fan-out", daemon=True)
        self._ground = ground
        self._readers = readers
        self._batch = max(1, round(per_s * _TICK_S))
        self._chance = random.Random(seed)  # noqa: S311 - a test's dice
        self._enough = threading.Event()
        self._last = 0
        self._error: Exception | None = None
        self.queued: list[str] = []
        """Ids of what was queued for certain: noted after the commit."""

    def run(self) -> None:
        """Queue until told to stop."""
        try:
            while not self._enough.wait(_TICK_S):
                self.queue(self._batch)
        except Exception as error:  # noqa: BLE001 - raised where the trial waits for it
            self._error = error

    def queue(self, count: int) -> None:
        """Queue so many in one transaction."""
        messages: list[NewMessage] = []
        for _ in range(count):
            has_twin = messages and self._chance.random() < _TWINS
            messages.append(messages[-1] if has_twin else self._message())
        with self._ground.work() as work:
            ids = queue_messages(work, messages)
        self.queued += ids

    def _message(self) -> NewMessage:
        self._last += 1
        return NewMessage(
            type=ANSWER_FROM_PERSON,
            values={"answer": f"Notice {self._last}"},
            person_id=self._chance.choice(self._readers),
            urgency=Urgency.BULK,
        )

    def finish(self) -> None:
        """Stop and wait for the last transaction; raises what kept it from queueing."""
        self._enough.set()
        self.join()
        if self._error is not None:
            raise self._error


class Phones:
    """People who text, each one text after the other, often without a pause in between.

    A text counts once the webhook answered 200 to it. Like Twilio's, a text that was not taken is posted again under
    the same id, and the next one waits for it.
    """

    def __init__(self, base_url: str, numbers: Sequence[str], pause_s: float, seed: int) -> None:
        self._url = f"{base_url}/webhooks/sms"
        self._address = base_url.removeprefix("http://")
        self._pause_s = pause_s
        self._enough = threading.Event()
        self._given_up = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(number, seed), name=f"phone {number}", daemon=True)
            for number in numbers
        ]
        self.accepted: dict[str, list[str]] = defaultdict(list)
        """The ids of each number's texts, in the order in which they were accepted."""
        self.tries = 0

    def start(self) -> None:
        """Let everybody begin to text."""
        for thread in self._threads:
            thread.start()

    def finish(self, patience_s: float) -> None:
        """Let nobody begin a new text, and give the last ones so many seconds to be accepted."""
        self._enough.set()
        timer = threading.Timer(patience_s, self._given_up.set)
        timer.start()
        for thread in self._threads:
            thread.join()
        timer.cancel()

    def _run(self, number: str, seed: int) -> None:
        chance = random.Random(f"{seed}{number}")  # noqa: S311 - a test's dice
        count = 0
        while not self._enough.wait(chance.choice((0, 2)) * self._pause_s):
            count += 1
            form = {
                "MessageSid": f"SM{number.removeprefix('+')}{count:020d}",
                "From": number,
                "To": NUMBER,
                "Body": chance.choice(TEXTS),
                "NumMedia": "0",
            }
            if not self._text(form):
                return
            self.accepted[number].append(form["MessageSid"])
            if chance.random() < _REPEATED:
                self._post(form)

    def _text(self, form: dict[str, str]) -> bool:
        while not self._post(form):
            if self._given_up.wait(_AGAIN_AFTER_S):
                return False
        return True

    def _post(self, form: dict[str, str]) -> bool:
        self.tries += 1
        connection = http.client.HTTPConnection(self._address, timeout=_PATIENCE_S)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature(AUTH_TOKEN, self._url, form),
        }
        try:
            connection.request("POST", "/webhooks/sms", urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return answer.status == HTTPStatus.OK
