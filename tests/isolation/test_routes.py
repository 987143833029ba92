"""No council, provider or forum reads or changes another's rows by changing ids: every route, everybody, every id."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from people.model import Role
from people.permissions import Permission, may
from tests.isolation.browsing import open_browser
from tests.isolation.conftest import Ready
from tests.isolation.ids import IDS, NOT_IDS
from tests.isolation.walk import Walk, id_arguments

OPERATORS: Mapping[str, str] = {
    "history.one": "who runs the hub reads why any message was held or failed, by its kind and its reader's role",
    "operations.settle_text": "who runs the hub decides about whatever failed",
    "operations.settle_message": "the same",
}
"""Pages on which an administrator, as the operator of the hub, acts for every organisation."""
_FAULT = 500


def test_every_argument_of_every_route_is_explained(walk: Walk) -> None:
    arguments = {argument for rule in walk.rules for argument in rule.arguments}
    unknown = sorted(arguments - set(IDS) - set(NOT_IDS))
    assert unknown == [], f"Say in tests/isolation/ids.py what these arguments of routes name: {unknown}"
    for argument in sorted(arguments & set(IDS)):
        assert walk.ids(walk.half, argument), argument


@pytest.mark.parametrize("role", [*Role, None])
def test_nobody_reaches_anothers_row_by_its_id(walk: Walk, ready: Ready, role: Role | None) -> None:
    who = walk.half.people[role] if role else None
    browser = open_browser(walk.app, who.id if who else None)
    is_operator = who is not None and may(who, Permission.OPERATIONS)
    before = walk.rows_of_others()
    found = {
        fault
        for rule in walk.rules
        if id_arguments(rule) and not (is_operator and rule.endpoint in OPERATORS)
        for fault in walk.try_rule(rule, browser, ready.forms, who)
        if fault
    }
    assert sorted(found) == []
    assert walk.rows_of_others() == before


@pytest.mark.parametrize("role", [*Role, None])
def test_no_list_holds_anothers_rows(walk: Walk, role: Role | None) -> None:
    who = walk.half.people[role] if role else None
    browser = open_browser(walk.app, who.id if who else None)
    found, known = [], walk.known(who)
    for rule in walk.rules:
        if "GET" in (rule.methods or ()) and walk.reaches(rule, who):
            for path in walk.paths(rule, walk.half):
                answer = browser.get(path)
                if answer.status_code >= _FAULT or walk.shows(answer, known):
                    found.append(f"{rule.endpoint} {answer.status_code}")
    assert found == []
