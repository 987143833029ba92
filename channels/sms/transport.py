from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import certifi
import pycurl
from twilio.http import HttpClient
from twilio.http.response import Response

from channels.sms.loop import perform

_CERTAINLY_UNSENT = frozenset(
    {
        pycurl.E_UNSUPPORTED_PROTOCOL,
        pycurl.E_URL_MALFORMAT,
        pycurl.E_COULDNT_RESOLVE_PROXY,
        pycurl.E_COULDNT_RESOLVE_HOST,
        pycurl.E_COULDNT_CONNECT,
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_NO_CONNECTION_AVAILABLE,
    }
)
_LONGEST_IDLE_S = 60


class TransportError(Exception):
    """The vendor gave no answer that can be read; `words` says why and names no person."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotSentError(TransportError):
    """The request certainly did not reach the vendor."""


class LostError(TransportError):
    """The request went out, or may have, and no answer came."""


class BusyError(TransportError):
    """The vendor answered 429: too many requests. It has done nothing."""

    def __init__(self, retry_after_s: float | None) -> None:
        super().__init__("the vendor is busy (429)")
        self.retry_after_s = retry_after_s


class _Exchange:
    """A curl handle with its buffers, reused from request to request; the connection belongs to the loop."""

    def __init__(self, fixed: Mapping[int, Any]) -> None:
        self.curl = pycurl.Curl()
        self.came: list[bytes] = []
        self._body = b""
        self._headers: dict[str, str] = {}
        self._auth: tuple[str, str] | None = None
        self._was_get = True
        for option, value in fixed.items():
            self.curl.setopt(option, value)
        self.curl.setopt(pycurl.WRITEFUNCTION, self.came.append)
        # A body that curl cannot rewind is a body that it never sends twice: over a kept connection that died it
        # would otherwise repeat the request by itself, and somebody would get the text twice.
        self.curl.setopt(pycurl.READFUNCTION, self._read)

    def _read(self, size: int) -> bytes:
        piece, self._body = self._body[:size], self._body[size:]
        return piece

    def prepare(self, url: str, body: bytes | None, headers: dict[str, str], auth: tuple[str, str] | None) -> None:
        curl = self.curl
        self.came.clear()
        curl.setopt(pycurl.URL, url)
        if body is None:
            curl.setopt(pycurl.HTTPGET, 1)
            self._was_get = True
        else:
            self._body = body
            if self._was_get:
                curl.setopt(pycurl.POST, 1)
                self._was_get = False
            curl.setopt(pycurl.POSTFIELDSIZE, len(body))
        if headers != self._headers:
            curl.setopt(pycurl.HTTPHEADER, ["Expect:", *(f"{name}: {value}" for name, value in headers.items())])
            self._headers = headers
        if auth and auth != self._auth:
            curl.setopt(pycurl.USERNAME, auth[0])
            curl.setopt(pycurl.PASSWORD, auth[1])
            self._auth = auth


class CurlHttpClient(HttpClient):  # type: ignore[misc]  # twilio has no types
    """What Twilio's client sends its requests with: libcurl over kept connections.

    Within a CurlLoop requests run side by side; outside of one each runs alone in its thread. `origin` stands in for
    Twilio's own where something else plays Twilio. Raises NotSentError, LostError, BusyError.
    """

    def __init__(self, origin: str = "", connect_timeout_s: float = 5, timeout_s: float = 15) -> None:
        super().__init__(logging.getLogger(__name__), False, timeout_s)  # noqa: FBT003 - twilio's own order
        self._origin = origin
        self._idle: list[_Exchange] = []
        self._fixed = {
            pycurl.NOSIGNAL: 1,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.CAINFO: certifi.where(),
            pycurl.SSL_VERIFYPEER: 1,
            pycurl.SSL_VERIFYHOST: 2,
            pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_2,
            pycurl.CONNECTTIMEOUT_MS: int(connect_timeout_s * 1000),
            pycurl.TIMEOUT_MS: int(timeout_s * 1000),
            pycurl.MAXAGE_CONN: _LONGEST_IDLE_S,
            pycurl.TCP_NODELAY: 1,
        }

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: object,
    ) -> Response:
        """Send one request and return its response; the timeouts are the client's own, redirects are not followed."""
        url = f"{self._origin}/{uri.split('/', 3)[3]}" if self._origin else uri
        if params:
            url = f"{url}?{urlencode(params, doseq=True)}"
        body = urlencode(data or {}, doseq=True).encode() if method == "POST" else None
        exchange = self._take()
        exchange.prepare(url, body, headers or {}, auth)
        try:
            perform(exchange.curl)
        except pycurl.error as error:
            # The handle goes with its failure: libcurl may remember a body that it could not rewind.
            raise _failed(exchange.curl, *error.args) from None
        status = exchange.curl.getinfo(pycurl.RESPONSE_CODE)
        wait_s = exchange.curl.getinfo(pycurl.RETRY_AFTER)
        text = b"".join(exchange.came).decode("utf-8", "replace")
        self._idle.append(exchange)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise BusyError(wait_s or None)
        return Response(status, text, {})

    def _take(self) -> _Exchange:
        try:
            return self._idle.pop()
        except IndexError:
            return _Exchange(self._fixed)


def _failed(curl: pycurl.Curl, code: int, words: str) -> TransportError:
    if code in _CERTAINLY_UNSENT or curl.getinfo(pycurl.REQUEST_SIZE) == 0:
        return NotSentError(f"curl {code}: {words}")
    return LostError(f"curl {code}: {words}")
