from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, url_for

from kernel.errors import ConfigurationError

STATIC = Path(__file__).parent.parent / "static"
_MANIFEST = STATIC / "built" / "manifest.json"
_A_YEAR_S = 365 * 24 * 60 * 60


def built_folder(manifest: Path = _MANIFEST) -> str:
    """Return the name of the folder that holds the built style sheets and scripts.

    Raises ConfigurationError where they were never built.
    """
    if not manifest.exists():
        raise ConfigurationError("The style sheets and page scripts are not built: run assets/build.sh.")
    return str(json.loads(manifest.read_text())["folder"])


def install(app: Flask) -> None:
    """Let templates name a built file by `asset('hub.css')`; browsers keep such files for a year.

    They can: the folder's name changes with what is in it.
    """
    folder = built_folder()

    def asset(name: str) -> str:
        return url_for("static", filename=f"built/{folder}/{name}")

    app.jinja_env.globals["asset"] = asset
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _A_YEAR_S
