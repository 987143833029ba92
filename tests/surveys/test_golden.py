from pathlib import Path

import pytest

from surveys.rules.lexicon import spoken_languages
from tests.surveys.conversation_file import Replay, read

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
ANSWERS_BACK = {"hub", "others"}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_conversation(path: Path) -> None:
    told = read(path)
    replay = Replay(told.settings["language"])
    for line in told.lines:
        if line.who in ANSWERS_BACK:
            assert replay.said, f"{line.at:%H:%M}: the hub says nothing where it should say {line.said!r}"
            assert replay.said.popleft() == line.said
        else:
            assert not replay.said, f"{line.at:%H:%M}: the hub also says {list(replay.said)}"
            replay.hear(replay.input_of(line))
    assert not replay.said
    assert replay.answers() == told.answers
    assert replay.remarks == told.remarks


def test_there_is_a_golden_conversation_in_every_language() -> None:
    assert {read(path).settings["language"] for path in GOLDEN} == set(spoken_languages())
