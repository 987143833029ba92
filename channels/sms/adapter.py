from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import quote

from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from channels.adapter import Pace
from channels.crew import Crew
from channels.model import Channel, Outcome, OutcomeKind, PastAttempt, Post, Settled, Settlement
from channels.sms.crew import CurlCrew
from channels.sms.errors import explain, is_dead, refusal
from channels.sms.ledger import Ledger, text_of
from channels.sms.loop import CurlLoop
from channels.sms.settings import STATUS_PATH, TwilioSettings
from channels.sms.settling import Claim, Listed, settle_number
from channels.sms.transport import BusyError, CurlHttpClient, LostError, NotSentError, TransportError
from kernel.clock import Clock

_PAUSE_WHEN_BUSY_S = 1.0
_PAUSE_WHEN_CUT_OFF_S = 5.0
_LISTINGS_AT_ONCE = 20
_PAGE = 1000
_MOST_LISTED = 3 * _PAGE
_DEAD = ("failed", "undelivered", "canceled")
_TRIAL_PREFIX = "Sent from your Twilio trial account - "
_UNREADABLE = (ValueError, TypeError, AttributeError)
"""What Twilio's client raises over an answer that is not what Twilio answers."""


@dataclass(frozen=True)
class _Listing:
    messages: Sequence[Listed]
    is_whole: bool


class TwilioAdapter:
    """SMS through Twilio's own client, over kept connections that share one thread."""

    channel = Channel.SMS
    provider = "twilio"

    def __init__(self, settings: TwilioSettings, clock: Clock, ledger: Ledger) -> None:
        self.pace: Pace | None = settings.pace
        self._settings = settings
        self._clock = clock
        self._ledger = ledger
        client = Client(
            settings.api_key_sid or settings.account_sid,
            settings.api_key_secret or settings.auth_token,
            settings.account_sid,
            http_client=CurlHttpClient(settings.api_url, settings.connect_timeout_s, settings.timeout_s),
            edge=settings.edge or None,
            region=settings.region or None,
        )
        self._messages = client.messages
        service, number = settings.messaging_service_sid, settings.from_number
        self._sender = {"messaging_service_sid": service} if service else {"from_": number}
        self._callback = f"{settings.base_url}{STATUS_PATH}?attempt="

    def crew(self) -> Crew:
        """Return hands that share one thread and keep up to `settings.connections` connections."""
        return CurlCrew(self.hand_over, self._settings.connections)

    def hand_over(self, post: Post) -> Outcome:
        """Hand one text to Twilio; the status callback's address carries the attempt's id."""
        body = text_of(post.rendered)
        callback = self._callback + quote(post.attempt_id, safe="")
        try:
            message = self._messages.create(to=post.address, body=body, status_callback=callback, **self._sender)
        except BusyError as busy:
            pause_s = busy.retry_after_s or _PAUSE_WHEN_BUSY_S
            return Outcome(OutcomeKind.RETRY, detail=busy.words, retry_after_s=busy.retry_after_s, pause_s=pause_s)
        except NotSentError as error:
            return Outcome(OutcomeKind.RETRY, detail=error.words, pause_s=_PAUSE_WHEN_CUT_OFF_S)
        except LostError as error:
            return Outcome(OutcomeKind.UNKNOWN, detail=error.words)
        except (TwilioRestException, TwilioServiceException) as error:
            return refusal(error.status, error.code)
        except _UNREADABLE:
            return Outcome(OutcomeKind.UNKNOWN, detail="an answer that cannot be read")
        return _outcome(message)

    def settle(self, attempts: Sequence[PastAttempt]) -> dict[str, Settled]:
        """Look attempts up in Twilio's list of messages to their numbers; see settle_number for what proves what.

        The list is read before our own rows: a message recorded in between is then known as another's, while the
        other way round it could be taken for one that nobody owns.
        """
        now = self._clock.now()
        listings = self._listings({attempt.address for attempt in attempts if attempt.address})
        seen = [each.sid for listing in listings.values() for each in listing.messages]
        known = self._ledger.look_up([attempt.message_id for attempt in attempts], seen)
        by_number: dict[str, list[Claim]] = defaultdict(list)
        for attempt in attempts:
            body = known.bodies.get(attempt.message_id)
            has_twin = attempt.message_id in known.live_twins
            by_number[attempt.address].append(Claim(attempt.attempt_id, attempt.started_at, body, has_twin))
        settled = {attempt.attempt_id: Settled(Settlement.UNPROVEN) for attempt in attempts}
        for number, listing in listings.items():
            free = [each for each in listing.messages if each.sid not in known.recorded]
            age = timedelta(seconds=self._settings.listed_after_s)
            settled |= settle_number(by_number[number], free, settled_before=now - age if listing.is_whole else None)
        return settled

    def _listings(self, numbers: Collection[str]) -> dict[str, _Listing]:
        """Read what Twilio holds for each number, many at once; a number whose list cannot be read is left out."""
        found: dict[str, _Listing] = {}

        def read(number: str) -> None:
            try:
                found[number] = self._list(number)
            except (TransportError, TwilioException, *_UNREADABLE):
                return  # unproven for now: it is asked again later

        loop = CurlLoop(_LISTINGS_AT_ONCE)
        try:
            for number in numbers:
                loop.start(partial(read, number))
            while not loop.is_idle:
                loop.turn(1)
        finally:
            loop.close()
        return found

    def _list(self, number: str) -> _Listing:
        # Not narrowed by date: Twilio's filter goes by the date of sending, which a waiting message does not have.
        found = self._messages.list(to=number, page_size=_PAGE, limit=_MOST_LISTED)
        ours = [self._listed(message) for message in found if self._is_ours(message)]
        return _Listing(ours, is_whole=len(found) < _MOST_LISTED)

    def _is_ours(self, message: MessageInstance) -> bool:
        if message.direction != "outbound-api":
            return False
        if self._settings.messaging_service_sid:
            return bool(message.messaging_service_sid == self._settings.messaging_service_sid)
        return bool(message.from_ == self._settings.from_number)

    def _listed(self, message: MessageInstance) -> Listed:
        body = (message.body or "").removeprefix(_TRIAL_PREFIX)
        return Listed(message.sid, body, message.date_created or self._clock.now())


def _outcome(message: MessageInstance) -> Outcome:
    if message.status in _DEAD:
        code = message.error_code
        return Outcome(OutcomeKind.FAILED, message.sid, explain(code), unreachable=is_dead(code))
    if not message.sid:
        return Outcome(OutcomeKind.UNKNOWN, detail="an answer without the message's id")
    return Outcome(OutcomeKind.SENT, message.sid)
