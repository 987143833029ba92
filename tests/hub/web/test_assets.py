from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hub.web.assets import STATIC, built_folder
from kernel.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[3]
BUILT = STATIC / "built"


def test_the_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert "://" not in (ROOT / "package-lock.json").read_text()
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages)


def test_what_was_never_built_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"assets/build\.sh"):
        built_folder(tmp_path / "manifest.json")


@pytest.mark.parametrize("name", ["hub.css", "hub.rtl.css"])
def test_style_sheets_carry_nothing_that_is_not_for_councils(name: str) -> None:
    css = (BUILT / built_folder() / name).read_text()
    assert "@font-face" not in css
    assert "GDS Transport" not in css
    assert "crown" not in css
    assert "crest" not in css
    assert re.findall(r"url\(\"?(?!images/)[^)]*", css) == []


def test_every_image_of_the_style_sheet_is_there() -> None:
    folder = BUILT / built_folder()
    named = re.findall(r"url\(\"?([^)\"]+)\"?\)", (folder / "hub.css").read_text())
    assert named
    assert [name for name in named if not (folder / name).exists()] == []


def test_page_scripts_import_only_their_neighbours() -> None:
    folder = BUILT / built_folder()
    for script in folder.glob("*.mjs"):
        for name in re.findall(r"(?:from|import)\s*\(?\s*\"([^\"]+)\"", script.read_text()):
            assert name.startswith("./"), f"{script.name} imports {name}"
            assert (folder / name).exists()


def test_a_build_that_is_up_to_date_does_nothing() -> None:
    """It needs neither node nor npm then."""
    manifest = BUILT / "manifest.json"
    before = manifest.stat().st_mtime_ns
    sh = shutil.which("sh")
    assert sh is not None
    subprocess.run([sh, str(ROOT / "assets/build.sh")], check=True, capture_output=True)  # noqa: S603 - our own script
    assert manifest.stat().st_mtime_ns == before
