import asyncio
import base64
import hmac
import http.client
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from tests.services.vendor.state import Settings, Tally
from tests.services.vendor.twilio import Message

PATIENCE_S = 10


class Callbacks:
    """Tells the product how its messages fared, as Twilio does through the StatusCallback URL."""

    def __init__(self, settings: Settings, tally: Tally, auth_token: str | None) -> None:
        self._settings = settings
        self._tally = tally
        self._auth_token = auth_token or ""
        self._threads = ThreadPoolExecutor(max_workers=4)

    def announce(self, message: Message) -> None:
        """Call back, after the delay that the tests set, first that it was sent and then how it ended."""
        delay = self._settings.callback_delay_ms / 1000
        asyncio.get_running_loop().call_later(delay, self._threads.submit, self._call_back, message)

    def _call_back(self, message: Message) -> None:
        for status in ("sent", self._settings.status):
            try:
                answered = self._post(message.callback, self._form(message, status))
            except (OSError, ValueError, http.client.HTTPException) as error:
                self._tally.callback_failures.append(repr(error))
                return
            if answered >= http.HTTPStatus.BAD_REQUEST:
                self._tally.callback_failures.append(f"{status}: {answered}")
                return
            self._tally.callbacks_sent += 1

    def _form(self, message: Message, status: str) -> dict[str, str]:
        code = self._settings.error_code
        error = {} if code is None or status == "sent" else {"ErrorCode": str(code)}
        return {
            "AccountSid": message.account,
            "ApiVersion": "2010-04-01",
            "From": message.sender or "",
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "To": message.recipient,
            **error,
        }

    def _post(self, url: str, form: Mapping[str, str]) -> int:
        target = urlsplit(url)
        secure = target.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=PATIENCE_S)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature(self._auth_token, url, form),
        }
        try:
            path = f"{target.path or '/'}?{target.query}" if target.query else target.path or "/"
            connection.request("POST", path, urlencode(form), headers)
            return connection.getresponse().status
        finally:
            connection.close()


def signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """Sign a request as Twilio does: HMAC-SHA1 over the whole URL and the sorted form, in base64."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(auth_token.encode(), signed.encode(), "sha1")).decode()
