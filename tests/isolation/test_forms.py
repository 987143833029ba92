"""Nobody reaches another's rows by what they enter: every field of every form, every id of the others'."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from people.model import Role
from tests.isolation.browsing import Data, open_browser
from tests.isolation.conftest import Ready
from tests.isolation.ids import IDS
from tests.isolation.walk import Walk

SHARED_IDS = frozenset({"setting", "lot"})
"""Fields that name what stands on the register, which is every council's."""


@pytest.fixture
def ready(sqlite_world: Ready) -> Ready:
    return sqlite_world


def _theirs(walk: Walk) -> list[str]:
    """Return an id of each kind of row of the others, and their organisations."""
    return [walk.ids(walk.others, argument)[0] for argument in IDS] + [walk.others.council, walk.others.forum]


def _with_theirs(form: Data, theirs: list[str], field: str) -> Iterator[Data]:
    for each in theirs:
        yield {**form, field: [each]}


def _looks_like_id(field: str, values: list[str], half_ids: set[str]) -> bool:
    return bool(set(values) & half_ids) and field not in SHARED_IDS


def _restored(walk: Walk, ready: Ready) -> None:
    """Put the database back as it was, so that each form meets the same world."""
    walk.house.ground.database.close()
    path = str(walk.house.ground.database.url.database)
    for end in ("-wal", "-shm"):
        Path(path + end).unlink(missing_ok=True)
    shutil.copyfile(ready.url.removeprefix("sqlite:///"), path)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_field_of_a_form_reaches_anothers_row(walk: Walk, ready: Ready, role: Role) -> None:
    who, theirs, before = walk.half.people[role], _theirs(walk), walk.rows_of_others()
    with walk.house.ground.read() as session:
        own = {each for ids in IDS.values() for each in ids(session, walk.half)}
    found = []
    for rule in walk.rules:
        form = ready.forms.get(rule.endpoint)
        if form is None or "POST" not in (rule.methods or ()) or not walk.reaches(rule, who):
            continue
        fields = [field for field, values in form.items() if _looks_like_id(field, values, own)]
        for field in fields:
            for data in _with_theirs(form, theirs, field):
                path = next(walk.paths(rule, walk.half))
                browser = open_browser(walk.app, who.id)
                answer = browser.post(path, data)
                if walk.shows(answer, walk.known(who)) or answer.status_code >= 500:
                    found.append(f"{rule.endpoint}.{field} {answer.status_code}")
                if walk.rows_of_others() != before:
                    found.append(f"{rule.endpoint}.{field} writes")
                    _restored(walk, ready)
    assert sorted(set(found)) == []
