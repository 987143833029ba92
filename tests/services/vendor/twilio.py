import base64
import binascii
import re
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus, urlencode

from tests.services.vendor.http import Request
from tests.services.vendor.state import KEPT_MESSAGES, Accepted, Reply, Settings, Tally, reply

PREFIX: Final = "/2010-04-01/Accounts/"
GSM_7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_DOUBLE: Final = frozenset("^{}\\[~]|€\f")
GSM_7_WHOLE: Final = GSM_7 | GSM_7_DOUBLE
MAX_BODY: Final = 1600
MAX_PAGE: Final = 1000
_ATTEMPT: Final = re.compile(r"[?&]attempt=([^&#]*)")
_NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}")
_BOUNDS: Final[Mapping[str, Callable[[datetime, datetime, timedelta], bool]]] = {
    "DateSent": lambda sent, given, unit: given <= sent < given + unit,
    "DateSent>": lambda sent, given, _unit: sent >= given,
    "DateSent<": lambda sent, given, _unit: sent <= given,
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message as Twilio keeps it."""

    sid: str
    account: str
    recipient: str
    sender: str | None
    service: str | None
    body: str
    callback: str
    created: int


class RefusedError(Exception):
    """Twilio's answer to a call it does not take: its own code and sentence under an HTTP status."""

    def __init__(self, status: int, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.reply = reply(
            status,
            {
                "code": code,
                "message": sentence,
                "more_info": f"https://www.twilio.com/docs/errors/{code}",
                "status": status,
            },
        )


class Twilio:
    """The Messages resource of Twilio's 2010-04-01 API."""

    def __init__(
        self, settings: Settings, tally: Tally, auth_token: str | None, announce: Callable[[Message], None]
    ) -> None:
        self._settings = settings
        self._tally = tally
        self._auth_token = auth_token
        self._announce = announce
        self._messages: dict[str, Message] = {}
        self._by_recipient: dict[str, deque[Message]] = defaultdict(deque)

    def forget(self) -> None:
        """Lose every message."""
        self._messages.clear()
        self._by_recipient.clear()

    def call_of(self, request: Request) -> str | None:
        """Name the call as the SDK does; None if this is no path of Twilio's."""
        if not request.path.startswith(PREFIX):
            return None
        account, _, resource = request.path.removeprefix(PREFIX).partition("/")
        if not resource and account.endswith(".json"):
            return "account.fetch"
        if resource == "IncomingPhoneNumbers.json":
            return "numbers.list"
        if resource == "Messages.json":
            return {"POST": "messages.create", "GET": "messages.list"}.get(request.method)
        fetched = resource.startswith("Messages/") and resource.endswith(".json") and request.method == "GET"
        return "messages.fetch" if fetched else None

    def answer(self, call: str, request: Request) -> Reply:
        """Answer one call."""
        account = request.path.removeprefix(PREFIX).partition("/")[0].removesuffix(".json")
        try:
            _check_caller(request.header(b"authorization"), account, self._auth_token)
            if call in ("account.fetch", "numbers.list"):
                return _account(account) if call == "account.fetch" else _numbers(request)
            if call == "messages.create":
                return self._create(account, request)
            return self._list(account, request) if call == "messages.list" else self._fetch(account, request)
        except RefusedError as refused:
            return refused.reply

    def _create(self, account: str, request: Request) -> Reply:
        form = request.form()
        self._tally.keep_body("messages.create", form)
        _check(form)
        message = Message(
            sid=f"SM{secrets.token_hex(16)}",
            account=account,
            recipient=form["To"],
            sender=form.get("From"),
            service=form.get("MessagingServiceSid"),
            body=form["Body"],
            callback=form.get("StatusCallback", ""),
            created=int(time.time()),
        )
        self._keep(message)
        if self._settings.callbacks and message.callback:
            self._announce(message)
        mark = _ATTEMPT.search(message.callback)
        accepted = Accepted(message.recipient, unquote_plus(mark[1]) if mark else None)
        return reply(201, _as_accepted(message), accepted)

    def _keep(self, message: Message) -> None:
        self._messages[message.sid] = message
        self._by_recipient[message.recipient].append(message)
        if len(self._messages) > KEPT_MESSAGES:
            oldest = self._messages.pop(next(iter(self._messages)))
            self._by_recipient[oldest.recipient].popleft()

    def _fetch(self, account: str, request: Request) -> Reply:
        sid = request.path.rpartition("/")[2].removesuffix(".json")
        message = self._messages.get(sid)
        if message is None or message.account != account:
            raise RefusedError(404, 20404, f"The requested resource {request.path} was not found")
        return reply(200, self._as_read(message))

    def _list(self, account: str, request: Request) -> Reply:
        asked = dict(parse_qsl(request.query))
        size = min(int(asked.get("PageSize", "50")), MAX_PAGE)
        page = int(asked.get("Page", "0"))
        matching = [m for m in self._candidates(asked) if m.account == account and _matches(m, asked)]
        start = page * size
        shown = matching[start : start + size]
        more = len(matching) > start + size
        path = request.path

        def uri(number: int) -> str:
            token = {"PageToken": f"PASM{number:032x}"} if number else {}
            return f"{path}?{urlencode({**asked, 'PageSize': size, 'Page': number, **token})}"

        return reply(
            200,
            {
                "first_page_uri": uri(0),
                "end": start + len(shown) - 1 if shown else start,
                "previous_page_uri": uri(page - 1) if page else None,
                "messages": [self._as_read(message) for message in shown],
                "uri": uri(0) if not page else f"{path}?{request.query}",
                "page_size": size,
                "start": start,
                "next_page_uri": uri(page + 1) if more else None,
                "page": page,
            },
        )

    def _candidates(self, asked: Mapping[str, str]) -> Iterable[Message]:
        if "To" in asked:
            return reversed(self._by_recipient.get(asked["To"], deque()))
        return reversed(self._messages.values())

    def _as_read(self, message: Message) -> dict[str, Any]:
        """Show a message as it reads once it went out: the status that the tests set, when it was sent."""
        sent = _rfc_2822(message.created)
        later = {"status": self._settings.status, "date_sent": sent, "error_code": self._settings.error_code}
        return {**_as_accepted(message), **later, "num_segments": str(segments(message.body))}


def segments(body: str) -> int:
    """How many SMS segments a body takes: 160 or 153 units of GSM-7, 70 or 67 of UCS-2."""
    letters = set(body)
    if letters <= GSM_7_WHOLE:
        units = len(body) + sum(body.count(letter) for letter in letters & GSM_7_DOUBLE)
        return 1 if units <= 160 else -(-units // 153)
    units = len(body.encode("utf-16-le")) // 2
    return 1 if units <= 70 else -(-units // 67)


def _as_accepted(message: Message) -> dict[str, Any]:
    uri = f"{PREFIX}{message.account}/Messages/{message.sid}"
    created = _rfc_2822(message.created)
    return {
        "account_sid": message.account,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": created,
        "date_sent": None,
        "date_updated": created,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": message.sender,
        "messaging_service_sid": message.service,
        "num_media": "0",
        # A messaging service has not chosen the sender yet, and so not the segments.
        "num_segments": "0" if message.sender is None else str(segments(message.body)),
        "price": None,
        "price_unit": None,
        "sid": message.sid,
        "status": "accepted" if message.sender is None else "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.recipient,
        "uri": f"{uri}.json",
    }


def _check_caller(authorization: str, account: str, auth_token: str | None) -> None:
    if not _is_allowed(authorization, account, auth_token):
        raise RefusedError(401, 20003, "Authenticate")


def _check(form: Mapping[str, str]) -> None:
    if not form.get("To"):
        raise RefusedError(400, 21604, "A 'To' phone number is required.")
    if not _NUMBER.fullmatch(form["To"]):
        raise RefusedError(400, 21211, f"Invalid 'To' Phone Number: {form['To']}")
    if not (form.get("From") or form.get("MessagingServiceSid")):
        raise RefusedError(400, 21603, "A 'From' phone number is required.")
    if not form.get("Body"):
        raise RefusedError(400, 21619, "A text message body or media urls must be specified.")
    if len(form["Body"]) > MAX_BODY:
        raise RefusedError(400, 21617, "The concatenated message body exceeds the 1600 character limit.")


def _matches(message: Message, asked: Mapping[str, str]) -> bool:
    if asked.get("From") not in (None, message.sender):
        return False
    sent = datetime.fromtimestamp(message.created, UTC)
    return all(within(sent, *_moment(asked[name])) for name, within in _BOUNDS.items() if name in asked)


def _moment(written: str) -> tuple[datetime, timedelta]:
    """Read a date or a moment in UTC, and how long the thing written lasts."""
    moment = datetime.fromisoformat(written)
    unit = timedelta(days=1) if len(written) == len("2026-11-23") else timedelta(seconds=1)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), unit


@lru_cache(maxsize=64)
def _rfc_2822(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC))


@lru_cache(maxsize=64)
def _is_allowed(authorization: str, account: str, auth_token: str | None) -> bool:
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        user, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    # An API key (SK...) stands for its account.
    known = user == account or user.startswith("SK")
    return known and bool(password) and auth_token in (None, password)


def _account(account: str) -> Reply:
    return reply(200, {"sid": account, "status": "active", "type": "Full", "friendly_name": "Invented"})


def _numbers(request: Request) -> Reply:
    """Answer that the account holds the number asked for, and that its texts go to the hub of the tests."""
    number = dict(parse_qsl(request.query)).get("PhoneNumber", "")
    held = {"phone_number": number, "sms_url": "https://hub.example.org/webhooks/sms", "sms_method": "POST"}
    return reply(200, {"incoming_phone_numbers": [held], "page": 0, "page_size": 50, "next_page_uri": None})
