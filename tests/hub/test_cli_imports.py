"""hub import: what it prints, what it writes, with which code it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fps.actions.open_data.read_file import LostError
from fps.queries.open_data import links, school
from hub.cli import main
from kernel.database import Database
from tests.fps.open_data import files
from tests.fps.open_data.files import REPORT_CARD, gias, independent, saved

A, B = "100001", "100002"
GIAS_NAME, NEWER_NAME = "edubasealldata20241120.csv", "edubasealldata20241121.csv"
OFSTED_NAME = "Management_information_as_at_31_October_2024.csv"
Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_database: Database) -> Run:
    def command(*words: str | Path) -> Result:
        settings = {"HUB_SECRET": "a secret for tests", "HUB_DATABASE_URL": str(sqlite_database.url)}
        return CliRunner().invoke(main, ["import", *map(str, words)], env=settings)

    return command


def test_an_extract_and_its_links_are_taken_over(run: Run, tmp_path: Path, sqlite_database: Database) -> None:
    extract = saved(tmp_path, GIAS_NAME, gias(files.school(A), files.school(B)))
    linked = saved(tmp_path, "links_edubasealldata20241120.csv", files.links((A, B, "School", "Successor")))
    result = run("gias", extract, "--links", linked)
    assert result.exit_code == 0, result.output
    assert "as at 20 November 2024: taken over" in result.output
    with sqlite_database.read() as session:
        assert school(session, A) is not None
        assert len(links(session, A)) == 1


def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path, sqlite_database: Database) -> None:
    result = run("gias", saved(tmp_path, GIAS_NAME, gias(files.school(A))), "--dry-run")
    assert result.exit_code == 0, result.output
    assert "this would change" in result.output
    with sqlite_database.read() as session:
        assert school(session, A) is None


def test_faults_are_printed_and_the_code_is_not_0(run: Run, tmp_path: Path) -> None:
    result = run("gias", saved(tmp_path, GIAS_NAME, gias(files.school(A, opened_on="2020-01-01"))))
    assert result.exit_code == 1
    assert "Line 2, column “OpenDate”: “2020-01-01” is no date." in " ".join(result.output.split())
    assert "Nothing was written." in result.output


def test_an_older_extract_is_refused_and_taken_by_force(run: Run, tmp_path: Path) -> None:
    assert run("gias", saved(tmp_path, NEWER_NAME, gias(files.school(A)))).exit_code == 0
    older = saved(tmp_path, GIAS_NAME, gias(files.school(A, name="Older")))
    assert run("gias", older).exit_code == 1
    assert run("gias", older, "--force").exit_code == 0


def test_who_loses_the_file_to_another_is_told_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise LostError

    monkeypatch.setattr("hub.cli_imports.read_file", lost)
    result = run("gias", saved(tmp_path, GIAS_NAME, gias(files.school(A))))
    assert result.exit_code == 1
    assert "Another import of this kind of file has begun" in " ".join(result.output.split())


def test_each_command_takes_its_own_files(run: Run, tmp_path: Path) -> None:
    judged = saved(tmp_path, OFSTED_NAME, independent({"URN": A, **REPORT_CARD}))
    refused = run("gias", judged)
    assert refused.exit_code == 1
    assert "is this file: Ofsted: independent schools, most recent inspections" in " ".join(refused.output.split())
    taken = run("ofsted", judged)
    assert taken.exit_code == 0, taken.output
    no_file = run("ofsted", saved(tmp_path, "x.csv", b"a,b\r\n"))
    assert no_file.exit_code == 1
    assert "none of the files" in " ".join(no_file.output.split())
