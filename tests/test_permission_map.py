"""The permission map is whole: whatever can be done here names who may do it, or says why nobody is asked."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from channels.wording import MessageType
from hub import permission_map
from hub.cli import main as command_line
from hub.permission_map import Access
from hub.reactions import REACTIONS
from hub.serving import Front, open_front
from hub.wiring import ACTIONS, HEARERS, JOBS, MESSAGES
from people.api_scopes import ApiScope
from people.permissions import Permission
from people.web.guard import declared_access
from tools.docs import commands, pages_of, whole_house

SHORTEST_REASON = 12
_HANDS_OUT = re.compile(
    r"Content-Disposition|\bsend_(file|attachment)\(|\bdownload\(|\battachment_filename\b|text/csv|text/calendar"
)
_FILE_PATH = re.compile(r"\.(csv|ics|xlsx|json|pdf|zip|html)$")


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    with whole_house(f"sqlite:///{tmp_path}/hub.db") as house:
        yield open_front(house)


@pytest.fixture
def app(front: Front) -> Flask:
    return pages_of(front)


def _buttons(message: MessageType) -> Iterator[str]:
    for button in message.buttons:
        yield button.form.action if button.form is not None else button.action
        yield button.action


def _careless(part: Mapping[str, Access]) -> dict[str, Access]:
    """Return what neither asks for a permission nor says why not."""
    return {
        name: access
        for name, access in part.items()
        if not isinstance(access, Permission | ApiScope) and len(access) < SHORTEST_REASON
    }


def _is_export(path: str, view: Callable[..., object]) -> bool:
    return bool(_FILE_PATH.search(path) or _HANDS_OUT.search(inspect.getsource(inspect.unwrap(view))))


def test_every_page_asks_for_a_permission_or_says_why_it_is_public(app: Flask) -> None:
    declared = {name: declared_access(view) for name, view in app.view_functions.items() if name != "static"}
    assert None not in declared.values(), [name for name, access in declared.items() if access is None]
    assert _careless({name: access for name, access in declared.items() if access is not None}) == {}


def test_every_button_and_form_asks_for_a_permission() -> None:
    """A new one is named in ACTIONS of its domain's inbound.py."""
    drawn = {action for message in MESSAGES for action in _buttons(message)}
    assert drawn
    assert drawn == set(ACTIONS)


def test_presses_are_admitted_before_any_domain_hears_them() -> None:
    names = [hearer.__qualname__ for hearer in HEARERS]
    (admits,) = (place for place, name in enumerate(names) if name.startswith("admit."))
    domains = [place for place, hearer in enumerate(HEARERS) if not hearer.__module__.startswith("channels.")]
    assert domains
    assert admits < min(domains)


def test_every_job_says_in_whose_name_it_runs() -> None:
    """A new one is named in JOBS of hub/permission_map.py."""
    assert {job.name for job in JOBS} == set(permission_map.JOBS)
    assert _careless(permission_map.JOBS) == {}


def test_every_reaction_says_in_whose_name_it_runs() -> None:
    """A new one is named in REACTIONS of hub/permission_map.py."""
    assert {reaction.name for reaction in REACTIONS} == set(permission_map.REACTIONS)
    assert _careless(permission_map.REACTIONS) == {}


def test_every_command_says_who_may_give_it() -> None:
    """A new one is named in COMMANDS of hub/permission_map.py."""
    assert {name for name, _ in commands(command_line, "hub")} == set(permission_map.COMMANDS)
    assert _careless(permission_map.COMMANDS) == {}


def test_every_door_says_how_it_knows_who_knocks(front: Front) -> None:
    """A new one is named in DOORS of hub/permission_map.py."""
    assert set(front.doors) == set(permission_map.DOORS)
    assert _careless(permission_map.DOORS) == {}


def test_every_file_that_is_handed_out_is_an_export_and_asks_for_what_its_page_asks(app: Flask) -> None:
    """A new one is named in EXPORTS of hub/permission_map.py."""
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and _is_export(rule.rule, app.view_functions[rule.endpoint])
    }
    assert found == set(permission_map.EXPORTS)
    for name, access in permission_map.EXPORTS.items():
        declared = declared_access(app.view_functions[name])
        assert declared == access if isinstance(access, Permission) else not isinstance(declared, Permission), name
    assert _careless(permission_map.EXPORTS) == {}
