"""Two files at once: one waits for the other, and what is newer stays."""

from __future__ import annotations

import io
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from fps.actions.open_data.decide import approve_import
from fps.actions.open_data.hand_in import NewFile, hand_in_file
from fps.actions.open_data.read_file import LostError, Reading, read_file
from fps.actions.open_data.work_on_files import work_on_files
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.queries.open_data import schools
from fps.queries.open_data_imports import import_card
from fps.tables import StagedSchoolRow
from hub.engine.hands import never
from kernel.work import Ground
from tests.fps.open_data import files
from tests.fps.open_data.files import GIAS_NAME, NEWER_NAME, gias, take_in
from tests.fps.world import build_world

URNS = [f"{100000 + number}" for number in range(60)]


def _begin(ground: Ground, content: bytes, name: str) -> Reading:
    with ground.work() as work:
        import_id = hand_in_file(work, None, NewFile(Source.SCHOOLS, name, len(content)), is_read_here=True)
    return Reading(import_id, Source.SCHOOLS, 1, takes_over=True)


def test_two_files_never_mix_and_the_newer_one_stays(ground: Ground) -> None:
    world = build_world(ground)
    older = take_in(ground, gias(*(files.school(urn, name="Older") for urn in URNS)), GIAS_NAME, is_dry=True)
    with ground.work() as work:
        approve_import(work, world.lead, older.id)
    newer = gias(*(files.school(urn, name="Newer") for urn in URNS))
    reading = _begin(ground, newer, NEWER_NAME)
    with ThreadPoolExecutor(2) as hands:
        both: list[Future[Any]] = [
            hands.submit(work_on_files, ground, never),
            hands.submit(read_file, ground, reading, lambda: io.BytesIO(newer), NEWER_NAME),
        ]
        for each in both:
            each.result()
    with ground.read() as session:
        assert {found.name for found in schools(session, URNS).values()} == {"Newer"}
        assert import_card(session, reading.import_id).state is ImportState.APPLIED
        assert import_card(session, older.id).state in (ImportState.APPLIED, ImportState.FAILED)
        assert session.scalar(select(func.count()).select_from(StagedSchoolRow)) == 0


def test_a_file_handed_in_anew_ends_the_reading_of_the_one_before(ground: Ground) -> None:
    content = gias(*(files.school(urn) for urn in URNS))
    first = _begin(ground, content, GIAS_NAME)
    second = _begin(ground, content, GIAS_NAME)
    with pytest.raises(LostError):
        read_file(ground, first, lambda: io.BytesIO(content), GIAS_NAME)
    read_file(ground, second, lambda: io.BytesIO(content), GIAS_NAME)
    with ground.read() as session:
        assert import_card(session, first.import_id).state is ImportState.DISCARDED
        assert len(schools(session, URNS)) == 60


def test_a_failure_in_the_middle_of_taking_over_leaves_everything_as_it_was(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(ground, gias(*(files.school(urn) for urn in URNS)), GIAS_NAME)

    def breaks(_work: object) -> None:
        message = "the disk is full"
        raise OSError(message)

    monkeypatch.setattr("fps.actions.open_data.take_over._reckon_places", breaks)
    content = gias(*(files.school(urn, name="Newer") for urn in URNS))
    reading = _begin(ground, content, NEWER_NAME)
    with pytest.raises(OSError, match="the disk is full"):
        read_file(ground, reading, lambda: io.BytesIO(content), NEWER_NAME)
    with ground.read() as session:
        assert "Newer" not in {found.name for found in schools(session, URNS).values()}
        assert import_card(session, reading.import_id).state is ImportState.WAITING
