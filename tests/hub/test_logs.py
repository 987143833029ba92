from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from hub.logs import prepare_logs

log = logging.getLogger("a.room")
SAID = "the escort hits Amelia"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is written to the log, as `hub` sets it up."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    prepare_logs("INFO")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.stream = stream = io.StringIO()
    yield stream
    root.handlers[:] = kept
    root.setLevel(level)


def _line(written: io.StringIO) -> dict[str, str]:
    found: dict[str, str] = json.loads(written.getvalue())
    return found


def test_a_line_is_one_json_object_with_its_facts(written: io.StringIO) -> None:
    log.warning("bell not rung", extra={"bell": "sms"})
    line = _line(written)
    assert (line["event"], line["level"], line["logger"], line["bell"]) == ("bell not rung", "warning", "a.room", "sms")


def test_numbers_addresses_and_postcodes_are_taken_out(written: io.StringIO) -> None:
    log.error("no way to +44 7700 900123 or Someone@example.org near L20 3AB", extra={"to": "07700900123"})
    line = _line(written)
    assert line["event"] == "no way to [number] or [address] near [postcode]"
    assert line["to"] == "[number]"


def _read(words: str) -> int:
    try:
        return int(words)
    except ValueError as error:
        raise RuntimeError(f"cannot read {words}") from error


def test_what_went_wrong_is_told_by_place_and_kind_never_by_its_words(written: io.StringIO) -> None:
    """Words of an error may hold what somebody wrote: int() repeats it, a database names the row that failed."""
    try:
        _read(SAID)
    except RuntimeError:
        log.exception("hand failed", extra={"hand": "inbox"})
    line = _line(written)
    assert SAID not in written.getvalue()
    for told in ("ValueError", "RuntimeError", "in _read", "test_logs.py"):
        assert told in line["exception"]
