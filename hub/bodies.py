from __future__ import annotations

import copy
from collections.abc import Mapping

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser


def let_large_bodies_in(most_bytes: Mapping[str, int]) -> None:
    """Let the web server take bodies of so many bytes at these paths, everywhere else what it is told for all.

    It keeps a body in a file on disk before anybody has looked at who sends it: so the way is as narrow as can be.
    """

    class Parser(HTTPRequestParser):  # type: ignore[misc] # waitress has no types
        adj: Adjustments

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            most = most_bytes.get(self.path)
            if most is not None and self.command == "POST":
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = most

    HTTPChannel.parser_class = Parser
