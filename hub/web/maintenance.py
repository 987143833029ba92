from __future__ import annotations

from collections.abc import Collection

from flask import Flask, g, request
from werkzeug.wrappers import Response

from hub.web.dates import clock_time
from hub.web.language import page_language
from hub.web.problems import Problem, page
from kernel.calendar import LONDON
from kernel.maintenance import maintenance
from kernel.translation import SOURCE_LOCALE, say
from kernel.web import ground

_CLOSED = say("errors.maintenance", "We are working on the service. Nothing that you sent before has been lost.")
_CLOSED_UNTIL = say(
    "errors.maintenance",
    "We are working on the service. It should be back at {time}. Nothing that you sent before has been lost.",
)
_UNKNOWN_S, _SHORTEST_S = 300, 30
_OPEN_ENDPOINTS = frozenset({"static", "branding.styles"})
_OPEN_BLUEPRINTS = frozenset({"health"})


def install(app: Flask, webhooks: Collection[str]) -> None:
    """Answer every page with "not available" while the hub is closed; health checks and webhooks stay open.

    `webhooks` are the names of the blueprints that vendors post to: what they bring is kept and heard later.
    """
    stays_open = _OPEN_BLUEPRINTS | set(webhooks)

    def refuse() -> Response | None:
        if request.endpoint in _OPEN_ENDPOINTS or request.blueprint in stays_open:
            return None
        with ground().read() as session:
            under_way = maintenance(session)
        if under_way is None:
            return None
        g.actor = None
        now, until = ground().clock.now(), under_way.until
        if until is None or until <= now:
            return page(Problem(503, _words(None), _UNKNOWN_S))
        local = until.astimezone(LONDON)
        told = clock_time(until) if page_language() == SOURCE_LOCALE else f"{local:%H:%M}"
        return page(Problem(503, _words(told), max(_SHORTEST_S, int((until - now).total_seconds()))))

    app.before_request(refuse)


def _words(time: str | None) -> str:
    translations = ground().translations
    if time is None:
        return translations.phrase(_CLOSED, page_language())
    return translations.phrase(_CLOSED_UNTIL, page_language(), time=time)
