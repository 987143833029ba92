"""docs/security.md leaves no requirement out, and whatever it names is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| (.+) \|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"`([\w/.-]+/[\w.-]+\.\w+)(?:::(\w+))?`", PAGE)
STATES = ("met", "**partly met**", "**not met, because**", "not applicable, because")
# OWASP ASVS 5.0.0: the requirements of each section, those of level 1 and those of level 2
ASVS = {
    "1.1": ("", "1 2"),
    "1.2": ("1 2 3 4 5", "6 7 8 9"),
    "1.3": ("1 2", "3 4 5 6 7 8 9 10 11"),
    "1.4": ("", "1 2 3"),
    "1.5": ("1", "2"),
    "2.1": ("1", "2 3"),
    "2.2": ("1 2", "3"),
    "2.3": ("1", "2 3 4"),
    "2.4": ("", "1"),
    "3.2": ("1 2", ""),
    "3.3": ("1", "2 3 4"),
    "3.4": ("1 2", "3 4 5 6"),
    "3.5": ("1 2 3", "4 5"),
    "3.7": ("", "1 2"),
    "4.1": ("1", "2 3"),
    "4.2": ("", "1"),
    "4.3": ("", "1 2"),
    "4.4": ("1", "2 3 4"),
    "5.1": ("", "1"),
    "5.2": ("1 2", "3"),
    "5.3": ("1 2", ""),
    "5.4": ("", "1 2 3"),
    "6.1": ("1", "2 3"),
    "6.2": ("1 2 3 4 5 6 7 8", "9 10 11 12"),
    "6.3": ("1 2", "3 4"),
    "6.4": ("1 2", "3 4"),
    "6.5": ("", "1 2 3 4 5"),
    "6.6": ("", "1 2 3"),
    "6.8": ("", "1 2 3 4"),
    "7.1": ("", "1 2 3"),
    "7.2": ("1 2 3 4", ""),
    "7.3": ("", "1 2"),
    "7.4": ("1 2", "3 4 5"),
    "7.5": ("", "1 2"),
    "7.6": ("", "1 2"),
    "8.1": ("1", "2"),
    "8.2": ("1 2", "3"),
    "8.3": ("1", ""),
    "8.4": ("", "1"),
    "9.1": ("1 2 3", ""),
    "9.2": ("1", "2 3 4"),
    "10.1": ("", "1 2"),
    "10.2": ("", "1 2"),
    "10.3": ("", "1 2 3 4"),
    "10.4": ("1 2 3 4 5", "6 7 8 9 10 11"),
    "10.5": ("", "1 2 3 4 5"),
    "10.6": ("", "1 2"),
    "10.7": ("", "1 2 3"),
    "11.1": ("", "1 2"),
    "11.2": ("", "1 2 3"),
    "11.3": ("1 2", "3"),
    "11.4": ("1", "2 3 4"),
    "11.5": ("", "1"),
    "11.6": ("", "1"),
    "12.1": ("1", "2 3"),
    "12.2": ("1 2", ""),
    "12.3": ("", "1 2 3 4"),
    "13.1": ("", "1"),
    "13.2": ("", "1 2 3 4 5"),
    "13.3": ("", "1 2"),
    "13.4": ("1", "2 3 4 5"),
    "14.1": ("", "1 2"),
    "14.2": ("1", "2 3 4"),
    "14.3": ("1", "2 3"),
    "15.1": ("1", "2 3"),
    "15.2": ("1", "2 3"),
    "15.3": ("1", "2 3 4 5 6 7"),
    "16.1": ("", "1"),
    "16.2": ("", "1 2 3 4 5"),
    "16.3": ("", "1 2 3 4"),
    "16.4": ("", "1 2 3"),
    "16.5": ("", "1 2 3"),
    "17.1": ("", "1"),
    "17.2": ("", "1 2 3 4"),
    "17.3": ("", "1 2"),
}


def test_every_requirement_of_levels_1_and_2_is_there_once_with_its_level() -> None:
    wanted = {
        f"{section}.{number}": level
        for section, of_levels in ASVS.items()
        for level, numbers in zip("12", of_levels, strict=True)
        for number in numbers.split()
    }
    assert len(wanted) == 253, "70 of level 1 and 183 of level 2"
    assert {name: level for name, level, _, _ in ROWS} == wanted
    assert len(ROWS) == len(wanted)


def test_every_requirement_says_how_it_stands_and_where_or_why() -> None:
    for name, _, asks, how in ROWS:
        state = next((state for state in STATES if how.startswith(state)), None)
        assert state is not None, name
        assert asks.strip(), name
        assert len(how.removeprefix(state).strip(" :")) > 5, f"{name} says neither where nor why"


def test_the_figures_at_the_top_are_those_of_the_tables() -> None:
    counted = Counter(next(state for state in STATES if how.startswith(state)) for _, _, _, how in ROWS)
    told = dict(re.findall(r"^\| (met|partly met|not met|not applicable) \| (\d+) \|$", PAGE, re.MULTILINE))
    assert [int(told[name]) for name in ("met", "partly met", "not met", "not applicable")] == [
        counted[state] for state in STATES
    ]


def test_every_file_and_test_that_it_names_is_there() -> None:
    assert len(NAMED) > 150
    for path, test in NAMED:
        assert (ROOT / path).is_file(), path
        if test:
            assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path} has no {test}"
