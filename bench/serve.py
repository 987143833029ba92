"""The product's own web server with one more address beside: /constant, which answers at once and does nothing.

python -m bench.serve PORT
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from channels.door import answer
from hub.logs import prepare_logs
from hub.serving import Front, listen, open_front
from hub.settings import read_settings
from hub.wiring import open_house

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def constant(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer the same at once."""
    return answer(start_response, "200 OK", b"<Response/>", "text/xml")


def main(port: int) -> None:
    """Serve until ended."""
    settings = read_settings()
    prepare_logs(settings.log_level)
    house = open_house(settings)
    front = open_front(house)
    listen(Front(front.app, {**front.doors, "/constant": constant}, front.headers), settings, port=port)


if __name__ == "__main__":
    main(int(sys.argv[1]))
