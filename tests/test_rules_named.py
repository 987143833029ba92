"""Every rule of referrals (DOMAIN.md, section 3) is held by a test that names it, so that R21 leads to its proof."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LAST = 40
_NAMED = re.compile(r"(?<![A-Za-z0-9])R([1-9]\d?)(?!\d)")


def _names_of(file: Path) -> Iterator[int]:
    """Yield the numbers of the rules that a file's tests name: in their names or in their docstrings."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            said = f"{node.name.replace('_', ' ')} {ast.get_docstring(node) or ''}"
            yield from (int(number) for number in _NAMED.findall(said))


@pytest.fixture(scope="module")
def named() -> set[int]:
    files = [
        file for folder in ("referrals", "fps", "hub", "isolation") for file in (TESTS / folder).rglob("test_*.py")
    ]
    return {number for file in files for number in _names_of(file)}


@pytest.mark.parametrize("number", range(1, LAST + 1))
def test_every_rule_is_named_by_the_test_that_holds_it(number: int, named: set[int]) -> None:
    assert number in named, f"no test says in its name or docstring that it holds R{number}"


def test_no_test_names_a_rule_that_does_not_exist(named: set[int]) -> None:
    assert named <= set(range(1, LAST + 1))
