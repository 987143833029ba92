"""What ruff does not count: lines, imports inside functions, sleeping, exemptions without a reason."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("kernel", "people", "channels", "fps", "surveys", "referrals", "qa_visits", "chatbot", "hub")
BESIDE = ("assets", "bench", "migrations", "tools", "tests")
WRITTEN = {".py", ".html", ".scss", ".mjs", ".sh"}
MADE = ("hub/static/built/", "migrations/versions/")
"""What a program wrote; a migration is never shortened again."""
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 300, 400, 40

LATE_IMPORTS: dict[str, str] = {}
"""File by file, why something is imported inside a function there: a heavy library that few need."""

SLEEPS = {
    "bench/fanout.py": "waits for the release and then for worker processes to finish",
    "bench/inbound.py": "waits for a server process to listen",
    "bench/release.py": "waits for worker processes to hand everything over",
    "channels/delivery/pump.py": "waits for a claim that is deliberately begun a little later",
    "channels/delivery/record.py": "lets the database come back before it forgets what a vendor has taken",
    "hub/engine/queued.py": "a keeper of processes looks after them, and they after it",
    "tests/crash/fleet.py": "lets a process stand still; waits for processes to end",
    "tests/crash/naive.py": "is a worker process of the naive kind",
    "tests/crash/storm.py": "strikes at random moments",
    "tests/crash/trial.py": "waits for other processes to finish",
    "tests/hub/engine/test_queued.py": "waits for a killed process to end",
    "tests/hub/engine/test_worker_metrics.py": "waits for a worker process to answer",
    "tests/services/guarded.py": "waits for a server process to answer",
    "tests/services/orphans.py": "waits for a killed process to end",
    "tests/services/vendor/__main__.py": "is the vendor that takes its time",
}
"""Who may sleep and why. Everybody else is handed a clock, and a test moves it."""

_EXEMPTION = re.compile(r"# (?:noqa|type: ignore)\b(?P<rest>.*)")
_REASONED = re.compile(r"(?:: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*|\[[a-z-]+(?:, ?[a-z-]+)*\])\s+(?:--?|#)\s*\S")


@cache
def _files() -> tuple[str, ...]:
    """Return every written file, by its path from the root."""
    paths = (path for folder in (*PRODUCT, *BESIDE) for path in sorted((ROOT / folder).rglob("*")))
    names = (path.relative_to(ROOT).as_posix() for path in paths if path.suffix in WRITTEN)
    return tuple(name for name in names if not name.startswith(MADE))


@cache
def _modules() -> dict[str, ast.Module]:
    return {name: ast.parse((ROOT / name).read_text()) for name in _files() if name.endswith(".py")}


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _sleeps(tree: ast.Module) -> bool:
    named = {"time.sleep", "asyncio.sleep", "from time import sleep", "from asyncio import sleep"}
    return any(
        ast.unparse(node) in named for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.ImportFrom)
    )


def _bare_exemptions(text: str) -> list[int]:
    """Return the lines on which something is exempted without a word on why."""
    if not _EXEMPTION.search(text):
        return []
    return [
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
        and (exemption := _EXEMPTION.search(token.string))
        and not _REASONED.match(exemption["rest"])
    ]


def test_looks_at_every_package() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders - {*PRODUCT, *BESIDE} == set()
    assert len(_files()) > 500


def test_no_file_is_longer_than_one_can_read_at_once() -> None:
    limit = {name: LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE for name in _files()}
    lines = {name: len((ROOT / name).read_text().splitlines()) for name in _files()}
    assert {name: count for name, count in lines.items() if count > limit[name]} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lines = {
        f"{name}: {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for name, tree in _modules().items()
        for function in _functions(tree)
    }
    assert {name: count for name, count in lines.items() if count > LONGEST_FUNCTION} == {}


def test_imports_stand_at_the_top() -> None:
    late = {
        name
        for name, tree in _modules().items()
        for function in _functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert late == set(LATE_IMPORTS)


def test_nobody_sleeps_but_those_listed() -> None:
    assert {name for name, tree in _modules().items() if _sleeps(tree)} == set(SLEEPS)


def test_every_exemption_says_why() -> None:
    assert [f"{name}:{line}" for name in _modules() for line in _bare_exemptions((ROOT / name).read_text())] == []


@pytest.mark.parametrize(
    ("line", "has_reason"),
    [
        ("x()  # noqa: S603 - our own program", True),
        ("x()  # noqa: S603, S607 -- our own program", True),
        ("x()  # type: ignore[arg-type]  # the stub is wrong", True),
        ("x()  # noqa: S603", False),
        ("x()  # noqa", False),
        ("x()  # type: ignore[arg-type]", False),
        ("x()  # type: ignore", False),
    ],
)
def test_knows_a_reason(line: str, has_reason: bool) -> None:
    assert (_bare_exemptions(line) == []) is has_reason
