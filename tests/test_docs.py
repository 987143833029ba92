"""The documentation says what is: every setting, command, permission, message, job and metric, and no dead end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hub.cli import main as command_line
from hub.settings import Settings
from hub.wiring import JOBS, MESSAGES
from kernel.database import Database
from people.permissions import PERMISSIONS, Permission
from tools.docs import PAGES, ROOT, SECTIONS, commands, refreshed, sections_in

EVERYWHERE = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?!https?:|mailto:)([^)#\s]*)(?:#[^)\s]*)?\)")
_MENTIONED = re.compile(r"`(HUB_[A-Z_]+)`")
_OF_TOOLS = {"HUB_SECRETS_DIR", "HUB_NODE"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_tables_say_what_the_code_says(page: Path) -> None:
    """To put them right: make docs."""
    assert page.read_text() == refreshed(page.read_text())


def test_every_table_stands_on_one_page() -> None:
    standing = [name for page in PAGES for name in sections_in(page.read_text())]
    assert sorted(standing) == sorted(SECTIONS)


def test_every_setting_command_permission_message_and_job_is_documented() -> None:
    """The tables could lose a row; the code itself is asked here."""
    settings = [f"| `HUB_{name.upper()}` |" for name in Settings.model_fields]
    assert [row for row in settings if row not in _text("docs/settings.md")] == []
    assert all(field.description for field in Settings.model_fields.values())
    assert [name for name, _ in commands(command_line, "hub") if f"`{name}`" not in _text("docs/operations.md")] == []
    assert [found for found in Permission if f"| `{found}` |" not in _text("docs/permissions.md")] == []
    assert [role for role in PERMISSIONS if f"| {role} |" not in _text("docs/permissions.md")] == []
    assert [found.key for found in MESSAGES if f"| `{found.key}` |" not in _text("docs/messages.md")] == []
    assert [job.name for job in JOBS if f"| `{job.name}` |" not in _text("docs/operations.md")] == []


@pytest.mark.parametrize("page", EVERYWHERE, ids=_name)
def test_no_page_speaks_of_a_setting_that_is_not_there(page: Path) -> None:
    known = {f"HUB_{name.upper()}" for name in Settings.model_fields} | _OF_TOOLS
    assert set(_MENTIONED.findall(page.read_text())) - known == set()


@pytest.mark.parametrize("page", EVERYWHERE, ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = {target for target in _LINK.findall(page.read_text()) if target}
    assert {target for target in targets if not (page.parent / target).exists()} == set()


def test_every_page_can_be_found_from_the_readme_on() -> None:
    found, seen = [ROOT / "README.md"], set()
    while found:
        page = found.pop().resolve()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        found += [page.parent / target for target in _LINK.findall(page.read_text()) if target]
        if page.name == "architecture.md":
            found += DECISIONS
    assert {_name(page) for page in EVERYWHERE} - {_name(page) for page in seen} == set()


def test_decisions_are_numbered_and_say_what_why_and_at_what_price() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for page in DECISIONS:
        text = page.read_text()
        number, _, title = text.splitlines()[0].removeprefix("# ").partition(". ")
        assert int(number) == int(page.name[:4])
        assert title
        assert re.findall(r"^## (.+)$", text, re.MULTILINE)[:3] == ["Decision", "Why", "Price"], page.name


def test_every_target_of_make_is_told() -> None:
    makefile = _text("Makefile")
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    told = makefile[: makefile.index("SHELL :=")]
    quiet = {"assets", "browser"}  # steps of others
    assert {target for target in targets if f"make {target}" not in told} == quiet


def test_the_program_that_enters_the_first_people_runs(tmp_path: Path) -> None:
    program = re.search(r"```python\n(.*?)```", _text("docs/operations.md"), re.DOTALL)
    assert program
    url = f"sqlite:///{tmp_path}/hub.db"
    settings = {"HUB_DATABASE_URL": url, "HUB_SECRET": "a secret for tests", "PATH": os.environ["PATH"]}
    for command in (["-m", "hub", "migrate"], ["-c", program[1]]):
        subprocess.run([sys.executable, *command], check=True, env=settings, cwd=ROOT)  # noqa: S603 - our own programs
    database = Database(url)
    with database.engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM persons ORDER BY name").scalars().all()
    database.close()
    assert names == ["Al Administrator", "Jo Coordinator"]
