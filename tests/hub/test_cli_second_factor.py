from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr

from hub.cli import main
from hub.migrations import upgrade
from hub.settings import Settings
from hub.wiring import House, open_house
from people.actions.begin_session import begin_session
from people.actions.enrol_authenticator import confirm_authenticator, offer_authenticator
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role
from people.queries.factors import factors_of
from people.queries.sessions import sessions_of
from people.rules.factors import step_at

ADDRESS = "ada@example.org"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_house(
        Settings(secret=SecretStr("a secret for tests"), database_url=f"sqlite:///{tmp_path}/hub.db", sandbox=True)
    )
    upgrade(house.ground.database)
    yield house
    house.close()


def _administrator(house: House, name: str) -> str:
    with house.ground.work() as work:
        council = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, f"Council of {name}"))
        person = register_person(work, NewPerson(name, "en", ((Role.ADMINISTRATOR, council),), (("email", ADDRESS),)))
        secret = offer_authenticator(work, person)
        confirm_authenticator(work, person, pyotp.TOTP(secret).generate_otp(step_at(work.now)))
        begin_session(work, person, is_strong=True)
    return person


def _reset(house: House, *answers: str) -> Result:
    settings = {"HUB_SECRET": "a secret for tests", "HUB_DATABASE_URL": str(house.ground.database.url)}
    return CliRunner().invoke(main, ["second-factor", "reset"], env=settings, input="\n".join(answers) + "\n")


def _has_any(house: House, person: str) -> bool:
    with house.ground.read() as session:
        return factors_of(session, person).has_any


def test_the_operator_helps_the_only_administrator(house: House) -> None:
    person = _administrator(house, "Ada Millward")
    told = _reset(house, ADDRESS, "y")
    assert told.exit_code == 0, told.output
    assert not _has_any(house, person)
    with house.ground.read() as session:
        assert sessions_of(session, person, house.ground.clock.now()) == []


def test_of_several_at_one_address_one_is_chosen(house: House) -> None:
    first, second = _administrator(house, "Ada Millward"), _administrator(house, "Nils Ash")
    assert _reset(house, ADDRESS, "2", "y").exit_code == 0
    assert _has_any(house, first)
    assert not _has_any(house, second)


@pytest.mark.parametrize("answers", [(ADDRESS, "n"), ("nobody@example.org",), ("nobody",)])
def test_nothing_happens_without_a_person_and_a_yes(house: House, answers: tuple[str, ...]) -> None:
    person = _administrator(house, "Ada Millward")
    assert _reset(house, *answers).exit_code == 1
    assert _has_any(house, person)
