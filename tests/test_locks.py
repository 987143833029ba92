"""What is installed is pinned, proven by hashes, and in step with what pyproject.toml and package.json ask for."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED: dict[str, list[str]] = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-test.lock": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["test"],
    ],
    "requirements-node.lock": PROJECT["dependency-groups"]["node"],
    "requirements-lock.lock": PROJECT["dependency-groups"]["lock"],
}
_PIN = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))? \\(?P<hashes>(?:\n +--hash=\S+(?: \\)?)+)"
)
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?: \\)?$")


def _pins(lock: str) -> dict[str, set[str]]:
    """Return the versions of each package: more than one where platforms or Pythons differ."""
    found: dict[str, set[str]] = {}
    for pin in _PIN.finditer((ROOT / lock).read_text()):
        found.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return found


def test_no_lock_is_forgotten() -> None:
    assert {path.name for path in ROOT.glob("*.lock")} == set(ASKED)


@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_is_nothing_but_pins_with_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pins = list(_PIN.finditer(text))
    assert pins
    assert _PIN.sub("", text).strip() == ""
    assert all(_HASH.search(line) for pin in pins for line in pin["hashes"].strip().splitlines())


@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-[-if]", re.sub(r"--hash=\S+", "", text), re.MULTILINE)


@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    pins = _pins(lock)
    for asked in map(Requirement, ASKED[lock]):
        versions = pins.get(canonicalize_name(asked.name), set())
        assert versions, f"{asked.name} is not in {lock}: make lock"
        assert all(asked.specifier.contains(version, prereleases=True) for version in versions), f"{asked}: make lock"


def test_tests_run_on_the_very_versions_that_the_hub_runs_on() -> None:
    tested = _pins("requirements-test.lock")
    assert {
        name: versions for name, versions in _pins("requirements.lock").items() if tested.get(name) != versions
    } == {}


def test_the_node_lock_names_no_address_and_holds_what_is_asked_for() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    package = json.loads((ROOT / "package.json").read_text())
    root = lock["packages"].pop("")
    assert (root["dependencies"], root["devDependencies"]) == (package["dependencies"], package["devDependencies"])
    for name, version in (package["dependencies"] | package["devDependencies"]).items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert all(found["integrity"].startswith("sha512-") for found in lock["packages"].values())
    assert "://" not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize("name", ["Makefile", ".npmrc", ".ci/run", "assets/build.sh", "pyproject.toml"])
def test_nothing_that_installs_names_a_registry(name: str) -> None:
    """Where packages come from is the machine's own setting."""
    text = (ROOT / name).read_text()
    assert not re.search(r"(?<!no-emit-)index-url|registry\s*=|https?://(?!localhost)", text)
