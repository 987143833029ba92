from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from hub.logs import prepare_logs, redact


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield root
    root.handlers[:], root.level = kept, level


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("called +44 7700 900123 twice", "called [number] twice"),
        ("from parent@example.org", "from [address]"),
        ("lives at L20 3AB now", "lives at [postcode] now"),
        ("attempt 01jd0000000000000000000000-1", "attempt 01jd0000000000000000000000-1"),
    ],
)
def test_whatever_looks_personal_is_taken_out(text: str, clean: str) -> None:
    assert redact(text) == clean


def test_log_lines_are_json_and_errors_keep_their_trace_without_personal_data(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    del root
    prepare_logs("INFO")
    log = logging.getLogger("test")
    try:
        raise ValueError("07700 900123 refused parent@example.org")  # noqa: TRY301 - the trace is what is tested
    except ValueError:
        log.exception("send to %s failed", "+447700900123", extra={"message_id": "m1", "note": "parent@example.org"})
    line = json.loads(capsys.readouterr().err)
    assert (line["message_id"], line["level"]) == ("m1", "error")
    assert "ValueError" in line["exception"]
    assert "900123" not in str(line)
    assert "example.org" not in str(line)
