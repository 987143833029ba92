"""The secret and the data keys are changed as docs/operations.md says, while links, cookies and forms are about."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from hub.cli import main
from hub.migrations import upgrade
from hub.serving import open_front
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel.errors import NotFoundError
from people.actions.issue_grant import issue_grant, token_of
from people.actions.register_councils import register_councils
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.queries import open_grant, persons_by_address
from tests.hub.web.village import client_of, token_on

OLD, NEW = "an old secret for tests", "a new secret for tests"
EMAIL = "ada@example.org"
COOKIE = "hub"


class Town:
    """One database, and the hub over it with one set of secrets after another."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/hub.db"
        self.house = self._open(OLD, [])
        upgrade(self.house.ground.database)
        with self.house.ground.work() as work:
            council = register_councils(work)["E08000014"]
            roles, points = ((Role.ADMINISTRATOR, council),), (("email", EMAIL),)
            self.person = register_person(work, NewPerson("Ada Millward", roles=roles, contact_points=points))

    def _open(self, secret: str, older: list[str]) -> House:
        told = {"secret": secret, "old_secrets": older, "database_url": self.url}
        return open_house(Settings.model_validate(told))

    def restart(self, secret: str, older: list[str]) -> None:
        self.house.close()
        self.house = self._open(secret, older)

    def app(self) -> Flask:
        app = open_front(self.house).app
        assert isinstance(app, Flask)
        return app

    def browser(self, cookie: str) -> FlaskClient:
        client = self.app().test_client()
        client.set_cookie(COOKIE, cookie)
        return client

    def link(self) -> str:
        with self.house.ground.work() as work:
            return issue_grant(work, purpose="test", target="x", expires_at=work.now + timedelta(days=1))

    def opens(self, token: str) -> bool:
        with self.house.ground.read() as session:
            try:
                return open_grant(session, token, "test", self.house.ground.clock.now()).target == "x"
            except NotFoundError:
                return False

    def keys(self, command: str, secret: str, older: str = "[]") -> tuple[int, str]:
        told = {"HUB_SECRET": secret, "HUB_OLD_SECRETS": older, "HUB_DATABASE_URL": self.url}
        found = CliRunner().invoke(main, ["keys", command], env=told)
        return found.exit_code, found.output


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_cookies_and_forms_of_the_secret_before_count_until_it_is_taken_off_the_list(town: Town) -> None:
    client = client_of(town.app(), town.person)
    form = token_on(client, "/")
    kept = client.get_cookie(COOKIE)
    assert kept is not None
    town.restart(NEW, [])
    assert town.browser(kept.value).get("/account").status_code == 303, "nobody is signed in"
    town.restart(NEW, [OLD])
    again = town.browser(kept.value)
    assert again.get("/account").status_code == 200
    assert again.post("/sign-out", data={"csrf_token": form}).status_code == 303
    assert again.get("/account").status_code == 303


def test_links_made_before_are_found_after_also_in_messages_written_after(town: Town) -> None:
    sent, waiting = token_of(town.house.ground.keys, town.link()), town.link()
    town.restart(NEW, [OLD])
    assert town.opens(sent)
    late = token_of(town.house.ground.keys, waiting)
    assert not town.opens(late)
    assert town.keys("rotate", NEW, f'["{OLD}"]')[0] == 0
    assert (town.opens(sent), town.opens(late)) == (True, True)
    assert town.opens(token_of(town.house.ground.keys, town.link()))


def test_the_documented_way_from_one_secret_to_the_next(town: Town) -> None:
    assert town.keys("status", OLD) == (0, town.keys("status", OLD)[1])
    code, said = town.keys("status", NEW)
    assert (code, "not set" in said) == (1, True), "the old key is missing and is shown"
    code, said = town.keys("rotate", NEW)
    assert (code, "HUB_OLD_SECRETS" in said) == (1, True)
    assert town.keys("status", NEW, f'["{OLD}"]')[0] == 1
    assert town.keys("rotate", NEW, f'["{OLD}"]')[0] == 0
    assert town.keys("rotate", NEW, f'["{OLD}"]')[0] == 0, "twice does no harm"
    town.restart(NEW, [])
    with town.house.ground.read() as session:
        assert [who.name for who in persons_by_address(session, "email", EMAIL)] == ["Ada Millward"]
    assert town.keys("status", NEW)[0] == 0
    town.house.close()
