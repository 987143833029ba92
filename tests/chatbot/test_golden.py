from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from channels.model import Channel
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.chatbot.talk import Talk

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


def settings_and_lines(path: Path) -> tuple[dict[str, str], list[str]]:
    told = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    settings = dict(line.split(": ", 1) for line in told if line[:2] not in {"> ", "< ", "= ", "+ "})
    return settings, [line for line in told if line[:2] in {"> ", "< ", "= ", "+ "}]


def replay(talk: Talk, clock: FixedClock, lines: list[str]) -> list[str]:
    """Say every "> " line and let the time of every "+ " line pass; return the talk as it really goes."""
    told: list[str] = []
    for line in lines:
        sign, said = line[:2], line[2:]
        if sign == "+ ":
            told.append(line)
            clock.move(timedelta(minutes=int(said.split()[0])))
        if sign == "> ":
            told.append(line)
            told += [f"< {shown}" for back in talk.say(said) for shown in back.split("\n") if shown]
            told.append(f"= {talk.ended()}")
    return told


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_conversation(path: Path, ground: Ground, clock: FixedClock) -> None:
    settings, lines = settings_and_lines(path)
    talk = Talk(ground, Channel(settings["channel"]), settings.get("language"))
    assert replay(talk, clock, lines) == lines


def test_golden_conversations_cover_the_languages_and_a_stranger() -> None:
    spoken = {settings_and_lines(path)[0].get("language") for path in GOLDEN}
    assert spoken >= {"en", "pl", "ur", None}
