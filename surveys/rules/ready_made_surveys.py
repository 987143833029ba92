"""Question sets that are ready to use: surveys/rules/ready_made/KEY.json, one file each."""

import json
from functools import cache
from importlib.resources import files

from surveys.model import Definition


@cache
def ready_made_surveys() -> tuple[Definition, ...]:
    """All of them, by key."""
    folder = files("surveys.rules").joinpath("ready_made")
    entries = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda entry: entry.name
    )
    return tuple(Definition.from_json(json.loads(entry.read_text(encoding="utf-8"))) for entry in entries)
