from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flask import Blueprint, Flask, request
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from hub.web import (
    access,
    assets,
    branding,
    dates,
    headers,
    language,
    limits,
    maintenance,
    menu,
    problems,
    site,
    sso,
    words,
)
from hub.web.pages import own_pages
from hub.web.programs import BLUEPRINT as API
from hub.web.site import Site
from kernel import web
from kernel.errors import ConfigurationError
from kernel.work import Ground
from people.web.guard import most_bytes_of

_TEMPLATES = Path(__file__).parent.parent / "templates"


def create_app(ground: Ground, told: Site) -> Flask:
    """Return the web application: the shell's own pages, those of the domains, and the webhooks.

    Raises ConfigurationError where the assets are not built or a view declares no access.
    """
    app = Flask("hub", static_folder=str(assets.STATIC), static_url_path="/static")
    app.extensions[web.EXTENSION] = ground
    _configure(app, ground, told)
    _prepare_templates(app)
    site.install(app, told)
    branding.install(app, told.branding, told.own_branding)
    headers.install(app, is_https=told.is_https)
    language.install(app)
    maintenance.install(app, [blueprint.name for blueprint in told.webhooks])
    access.install(app)
    dates.install(app)
    words.install(app)
    menu.install(app)
    limits.install(app, told.limits_url)
    sso.install(app, ground, told)
    problems.install(app)
    _take_larger_bodies(app)
    own = own_pages(told)
    # a token in a header is sent by no browser by itself
    _protect_forms(app, (*told.webhooks, *(each for each in own if each.name == API)))
    for blueprint in (*own, *told.pages, *told.webhooks):
        app.register_blueprint(blueprint)
    undeclared = access.undeclared_views(app)
    if undeclared:
        raise ConfigurationError("These views do not declare who may see them: {views}.", views=", ".join(undeclared))
    return app


def _configure(app: Flask, ground: Ground, told: Site) -> None:
    newest, *older = ground.keys.derive_all("hub.session")
    app.secret_key = newest
    app.config.update(
        SECRET_KEY_FALLBACKS=older,
        WTF_CSRF_SECRET_KEY=[*reversed(older), newest],  # itsdangerous signs with the last and accepts each
        MAX_CONTENT_LENGTH=told.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=told.max_body_bytes,
        MAX_FORM_PARTS=200,
        PERMANENT_SESSION_LIFETIME=told.session_limits.longest,
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_NAME="__Host-hub" if told.is_https else "hub",
        SESSION_COOKIE_SECURE=told.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME="https" if told.is_https else "http",
    )
    if told.proxies:
        believed = ProxyFix(app.wsgi_app, x_for=told.proxies, x_proto=told.proxies)
        app.wsgi_app = believed  # type: ignore[method-assign] # Flask's documented way to add middleware


def _prepare_templates(app: Flask) -> None:
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(_TEMPLATES),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    WTFormsHelpers(app)
    assets.install(app)


def _take_larger_bodies(app: Flask) -> None:
    """Let in up to what a view says, once its reader was let in and before the form is read for its token."""

    def widen() -> None:
        view = app.view_functions.get(request.endpoint or "")
        most = most_bytes_of(view) if view is not None else None
        if most is not None:
            request.max_content_length = most

    app.before_request(widen)


def _protect_forms(app: Flask, exempt: Iterable[Blueprint]) -> None:
    # The token lives as long as the session: a family may leave a page open for hours. The Referer header is not
    # asked for, because our own Referrer-Policy keeps browsers from sending it.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    protection = CSRFProtect(app)
    for blueprint in exempt:
        protection.exempt(blueprint)
