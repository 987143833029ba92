"""Only one path of the real web server takes large bodies."""

from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from hub.bodies import let_large_bodies_in

SMALL, LARGE = 100, 1_000


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> HTTPRequestParser:
    monkeypatch.setattr(HTTPChannel, "parser_class", HTTPRequestParser)
    let_large_bodies_in({"/large": LARGE})
    return HTTPChannel.parser_class(Adjustments(max_request_body_size=SMALL))


@pytest.mark.parametrize(
    ("path", "size", "is_let_in"),
    [("/large", 500, True), ("/large", 2_000, False), ("/other", 500, False), ("/other", 50, True)],
)
def test_a_body_is_let_in_by_its_path_and_size(
    parser: HTTPRequestParser, path: str, size: int, *, is_let_in: bool
) -> None:
    parser.received(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
    assert (parser.error is None) is is_let_in
