from __future__ import annotations

import socket

import pytest

from kernel.scanning import Clamd, NoScanner, Scan, Verdict
from tests.fps.evidence.papers import EICAR, PDF
from tests.services.clamd import fake_clamd


def test_a_clean_file_is_clean_and_arrives_whole_in_pieces() -> None:
    content = PDF + bytes(range(256)) * 1000
    with fake_clamd() as server:
        assert Clamd("127.0.0.1", server.port).scan(content) == Scan(Verdict.CLEAN)
        assert server.seen == [content]


def test_what_is_found_is_named() -> None:
    with fake_clamd() as server:
        assert Clamd("127.0.0.1", server.port).scan(PDF + EICAR) == Scan(Verdict.FOUND, "Eicar-Test-Signature")


@pytest.mark.parametrize("said", [b"INSTREAM size limit exceeded. ERROR", b"", b"UNKNOWN COMMAND"])
def test_what_is_no_verdict_is_never_taken_for_clean(said: bytes) -> None:
    with fake_clamd() as server:
        server.says = said
        assert Clamd("127.0.0.1", server.port).scan(PDF).verdict is Verdict.UNKNOWN


def test_a_scanner_that_is_down_or_silent_gives_no_verdict() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = Clamd("127.0.0.1", free.getsockname()[1], waits_s=0.2)
        assert down.scan(PDF).verdict is Verdict.UNKNOWN
        assert not down.ping()
        free.listen()  # takes the call and never answers
        assert down.scan(PDF).verdict is Verdict.UNKNOWN
    assert Clamd("", 0, path="/nowhere/clamd.sock").scan(PDF).verdict is Verdict.UNKNOWN


def test_it_says_whether_it_is_there() -> None:
    with fake_clamd() as server:
        assert Clamd("127.0.0.1", server.port).ping()
    assert NoScanner().ping()
    assert NoScanner().scan(EICAR) == Scan(Verdict.CLEAN)
