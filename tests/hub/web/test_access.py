from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Blueprint, Flask

from hub.web.access import undeclared_views
from hub.web.app import create_app
from hub.web.site import Sandbox, Site
from kernel.errors import ConfigurationError
from kernel.work import Ground
from people.permissions import Permission
from people.web.guard import declared_access, requires
from tests.hub.web.village import Village, client_of


def test_every_view_declares_who_may_see_it(app: Flask) -> None:
    assert undeclared_views(app) == []


def test_a_view_that_declares_nothing_keeps_the_site_from_starting(ground: Ground, site: Site) -> None:
    pages = Blueprint("careless", __name__)
    pages.add_url_rule("/careless", "open", lambda: "anybody")
    with pytest.raises(ConfigurationError, match=r"careless\.open"):
        create_app(ground, replace(site, pages=(pages,)))


def test_a_page_asks_whoever_is_not_signed_in_to_sign_in(app: Flask) -> None:
    answer = client_of(app).get("/operations?x=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/operations?x%3D1"


def test_a_page_refuses_whoever_lacks_its_permission(app: Flask, village: Village) -> None:
    answer = client_of(app, village.parent).get("/operations")
    assert answer.status_code == 403
    assert "You do not have permission to do this." in answer.get_data(as_text=True)


def test_no_permission_is_forgotten_by_any_page(app: Flask, village: Village) -> None:
    """Each page that asks for a permission refuses a person who has none but their own inbox."""
    client = client_of(app, village.parent)
    asking = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if isinstance(access := declared_access(app.view_functions[rule.endpoint]), Permission)
        and access is not Permission.OWN_INBOX
        and "GET" in (rule.methods or ())
    }
    assert asking
    answers = {path: client.get(path.replace("<", "").replace(">", "")).status_code for path in asking}
    assert set(answers.values()) == {403}, answers


@pytest.mark.usefixtures("village")
def test_the_sandbox_is_open_in_a_demonstration(app: Flask) -> None:
    assert client_of(app).get("/sandbox").status_code == 200


def test_beside_real_channels_the_sandbox_is_for_operators_alone(ground: Ground, site: Site, village: Village) -> None:
    app = create_app(ground, replace(site, sandbox=Sandbox.BESIDE_REAL))
    assert client_of(app).get("/sandbox").status_code == 303
    assert client_of(app, village.coordinator).get("/sandbox").status_code == 403
    assert client_of(app, village.administrator).get("/sandbox").status_code == 200


def test_without_the_sandbox_its_pages_are_not_there(ground: Ground, site: Site) -> None:
    app = create_app(ground, replace(site, sandbox=Sandbox.OFF))
    assert client_of(app).get("/sandbox").status_code == 404


@pytest.mark.usefixtures("village")
def test_what_one_application_declares_stays_with_it(ground: Ground, site: Site) -> None:
    alone = create_app(ground, site)
    create_app(ground, replace(site, sandbox=Sandbox.BESIDE_REAL))
    assert client_of(alone).get("/sandbox").status_code == 200


@pytest.mark.parametrize(
    ("sandbox", "says"),
    [
        (Sandbox.OFF, None),
        (Sandbox.ALONE, "no message leaves this system"),
        (Sandbox.BESIDE_REAL, "Sandbox and real channels are on together."),
    ],
)
def test_every_page_says_that_the_sandbox_runs(
    ground: Ground, site: Site, village: Village, sandbox: Sandbox, says: str | None
) -> None:
    app = create_app(ground, replace(site, sandbox=sandbox))
    for client, path in ((client_of(app), "/"), (client_of(app, village.coordinator), "/questions")):
        page = client.get(path).get_data(as_text=True)
        assert ("hub-notice" in page) is (says is not None)
        assert says is None or says in page
    assert says is None or says in client_of(app).get("/none-such").get_data(as_text=True)


def test_a_view_declares_a_permission() -> None:
    @requires(Permission.OPERATIONS)
    def view() -> str:
        return ""

    assert declared_access(view) is Permission.OPERATIONS
