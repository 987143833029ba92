"""The map of the whole house: everything that a package offers is wired, everything wired has its place and guard."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from channels import inbound as channels_inbound
from channels.model import Channel
from hub.reactions import REACTIONS
from hub.serving import Front, open_front
from hub.wiring import CREWS, HEARERS, JOBS, MESSAGES, House
from kernel.events import Event
from people.api_scopes import ApiScope
from people.model import Role
from people.permissions import PERMISSIONS, Permission
from people.web.guard import declared_access
from tools.docs import pages_of, whole_house

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
SHORTEST_REASON = 12


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with whole_house(f"sqlite:///{tmp_path}/hub.db") as house:
        yield house


@pytest.fixture
def front(house: House) -> Front:
    return open_front(house)


@pytest.fixture
def app(front: Front) -> Flask:
    return pages_of(front)


def _offers(room: str, name: str) -> dict[str, Sequence[Any]]:
    """Return what each package offers under a name in a room, as jobs.py its JOBS."""
    found = {}
    for package in PACKAGES:
        if (ROOT / package / f"{room}.py").exists() or (ROOT / package / room / "__init__.py").exists():
            module = import_module(f"{package}.{room}")
            if hasattr(module, name):
                found[package] = getattr(module, name)
    return found


@cache
def _trees() -> dict[str, ast.Module]:
    paths = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in paths}


def _published() -> set[str]:
    """Return the names of the classes that are handed to publish() anywhere."""
    calls = (node for tree in _trees().values() for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        argument.func.id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "publish"
        for argument in call.args
        if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name)
    }


def _package(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def _events() -> list[type[Event]]:
    for package in PACKAGES:
        if (ROOT / package / "events.py").exists():
            import_module(f"{package}.events")
    return [event for event in Event.__subclasses__() if _package(event.__module__) in PACKAGES]


# Routes


def test_every_view_asks_for_a_permission_or_says_why_it_is_public(app: Flask) -> None:
    declared = {name: declared_access(view) for name, view in app.view_functions.items() if name != "static"}
    assert len(declared) > 50
    careless = {
        name: access
        for name, access in declared.items()
        if not isinstance(access, Permission | ApiScope) and len(access or "") < SHORTEST_REASON
    }
    assert careless == {}


def test_every_permission_opens_something_and_every_role_is_there(app: Flask) -> None:
    asked = {declared_access(view) for view in app.view_functions.values()}
    assert set(Permission) - asked == set()
    assert set(PERMISSIONS) == set(Role)
    assert set(Permission) == {permission for held in PERMISSIONS.values() for permission in held}


def test_what_answers_before_the_pages_hides_none_of_them(front: Front, app: Flask) -> None:
    assert set(front.doors) == {"/webhooks/sms", "/webhooks/sms/status", "/webhooks/email"}
    assert not set(front.doors) & {rule.rule for rule in app.url_map.iter_rules()}


def test_only_signed_webhooks_and_programs_with_tokens_post_without_a_form_token(app: Flask) -> None:
    protection = app.extensions["csrf"]
    assert {blueprint.name for blueprint in protection._exempt_blueprints} == {"api", "slack"}  # noqa: SLF001 - it has no other door
    assert protection._exempt_views == set()  # noqa: SLF001 - the same


# The clock


def test_every_job_of_a_package_is_in_the_timetable() -> None:
    offered = [job for jobs in _offers("jobs", "JOBS").values() for job in jobs]
    assert Counter(job.name for job in JOBS) == Counter(job.name for job in offered)
    assert len({job.name for job in JOBS}) == len(JOBS)


def test_a_job_bears_the_name_of_its_package() -> None:
    assert {job.name: job.run.__module__ for job in JOBS} == {job.name: f"{_package(job.name)}.jobs" for job in JOBS}


# Events


def test_every_event_has_a_name_of_its_own_and_is_published() -> None:
    events = _events()
    assert {event.__name__ for event in events} - _published() == set()
    assert len({event.name for event in events}) == len(events)
    assert all(_package(event.name) == _package(event.__module__) for event in events)


def test_every_reaction_hears_something_that_is_published() -> None:
    assert {reaction.event.__name__ for reaction in REACTIONS} <= _published()
    assert len({reaction.name for reaction in REACTIONS}) == len(REACTIONS)
    assert all(_package(reaction.name) == _package(reaction.run.__module__) for reaction in REACTIONS)


# Messages and hearers


def test_every_message_of_a_package_is_registered_under_its_name() -> None:
    offered = _offers("messages", "MESSAGES")
    assert Counter(m.key for m in MESSAGES) == Counter(m.key for messages in offered.values() for m in messages)
    assert len({message.key for message in MESSAGES}) == len(MESSAGES)
    assert all(m.key.startswith(f"{package}.") for package, messages in offered.items() for m in messages)


def test_every_hearer_listens_and_worries_come_first() -> None:
    own = [hearer for hearers in _offers("inbound", "HEARERS").values() for hearer in hearers]
    first = len(channels_inbound.FIRST)
    assert set(HEARERS) == {*channels_inbound.FIRST, HEARERS[first], *own, *channels_inbound.LAST}
    assert HEARERS[first].__module__ == "channels.admit"
    assert HEARERS[: len(channels_inbound.FIRST)] == channels_inbound.FIRST
    assert HEARERS[-len(channels_inbound.LAST) :] == channels_inbound.LAST


# Work


def test_every_bell_is_answered_by_one_crew(house: House) -> None:
    bells = Counter(bell for crew in CREWS for bell in crew)
    assert {hand.bell for hand in house.hands()} == set(bells)
    assert set(bells.values()) == {1}
    assert set(house.adapters) == set(Channel)


# Rooms


def test_every_package_is_held_by_the_contracts() -> None:
    lint = PROJECT["tool"]["importlinter"]
    assert lint["root_packages"] == ["kernel", *(package for package in PACKAGES if package != "kernel")]
    assert set(PACKAGES) <= set(PROJECT["tool"]["mypy"]["packages"])
    protected = {module for contract in lint["contracts"] for module in contract.get("protected_modules", ())}
    assert {f"{package}.tables" for package in PACKAGES if (ROOT / package / "tables.py").exists()} <= protected


def test_no_room_is_called_after_nothing() -> None:
    empty = re.compile(r"(^|[/_])(utils?|helpers?|common|services?|managers?|misc|base)([/_.]|$)")
    assert [name for name in _trees() if empty.search(name)] == []
