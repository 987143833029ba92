from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kernel.errors import ForbiddenError
from kernel.web import ground
from people.web.guard import public

IsReady = Callable[[], bool]
_OF_PROXIES = ("forwarded", "x-forwarded-", "x-real-ip", "via", "x-client-ip", "cf-connecting-ip", "true-client-ip")


def health_pages(
    registry: CollectorRegistry, metrics_token: str | None, others_ready: IsReady, *, is_local: bool = False
) -> Blueprint:
    """Return /healthz (the process answers), /readyz (its database and queue answer) and /metrics (Prometheus).

    Without a token /metrics answers only a hub that is at localhost (`is_local`) and only requests that come from this
    machine and through no proxy: what a proxy on the same machine passes on comes from this machine too.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    @public("a load balancer asks whether the process answers")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @blueprint.get("/readyz")
    @public("a load balancer asks whether requests may come")
    def readyz() -> Response:
        ready = _database_answers() and others_ready()
        return Response("ready\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")

    @blueprint.get("/metrics")
    @public("Prometheus shows a token, or asks a hub at localhost from there; counts only")
    def metrics() -> Response:
        if not (_has_token(metrics_token) if metrics_token else is_local and _comes_from_here()):
            raise ForbiddenError
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _database_answers() -> bool:
    try:
        with ground().read() as session:
            session.execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError:
        return False
    return True


def _comes_from_here() -> bool:
    address = request.environ.get("REMOTE_ADDR", "")
    is_passed_on = any(name.lower().startswith(_OF_PROXIES) for name, _ in request.headers)
    return not is_passed_on and bool(address) and ipaddress.ip_address(address).is_loopback


def _has_token(token: str) -> bool:
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
