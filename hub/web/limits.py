from __future__ import annotations

import hmac

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from kernel.errors import TooManyError
from kernel.translation import say
from kernel.web import ground
from people.web.guard import limit_of

_EXTENSION = "limits"
_TOO_MANY = say("errors.too_many", "You have tried too often. Wait for a few minutes, then try again.")


class AttemptLimits:
    """Counts attempts, shared by all processes where a Redis address is given, else in this process.

    While Redis does not answer, each process counts for itself: signing in goes on and stays limited.
    """

    def __init__(self, url: str | None) -> None:
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = None
        if url is not None:
            self._shared = MovingWindowRateLimiter(storage_from_string(_storage(url), wrap_exceptions=True))

    def hit(self, limit: RateLimitItem, *key: str) -> bool:
        """Count one attempt; tell whether it is still within the limit."""
        if self._shared is not None:
            try:
                return self._shared.hit(limit, *key)
            except StorageError:
                return self._own.hit(limit, *key)
        return self._own.hit(limit, *key)


def _storage(url: str) -> str:
    return f"redis+{url}" if url.startswith("unix://") else url


def count_attempt(what: str, limit: str, who: str) -> None:
    """Count an attempt at `what` by `who` against a limit such as "5 per 15 minutes"; raises TooManyError above it.

    `who` may be an address: what is kept is a keyed digest of it.
    """
    digest = hmac.digest(ground().keys.derive("hub.limits"), who.encode(), "sha256").hex()
    counted: AttemptLimits = current_app.extensions[_EXTENSION]
    if not counted.hit(parse(limit), what, digest):
        raise TooManyError(_TOO_MANY, retry_s=parse(limit).get_expiry())


def install(app: Flask, url: str | None) -> None:
    """Keep the counts with the application, and count what views declare to be limited."""
    app.extensions[_EXTENSION] = AttemptLimits(url)
    app.before_request(_count_declared)


def _count_declared() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    limit = limit_of(view) if view is not None else None
    if limit is not None and request.method == "POST":
        count_attempt(request.endpoint or "", limit, request.remote_addr or "")
