"""Run the vendors' stub: prints its port as JSON on the first line, ends with the process that started it."""

import argparse
import asyncio
import json
import os
import sys

from tests.services.vendor.edge import Edge
from tests.services.vendor.http import Connection

LOOK_EVERY_S = 0.2


async def serve(port: int, parent: int, auth_token: str | None) -> None:
    """Answer on 127.0.0.1 until the parent process is gone."""
    edge = Edge(auth_token)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(edge.respond, edge.opened), "127.0.0.1", port, backlog=4096)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    # Asking for the parent's id is the one way that also holds when the parent was killed.
    while os.getppid() == parent:  # noqa: ASYNC110 -- nothing in the loop tells of a parent's end
        await asyncio.sleep(LOOK_EVERY_S)


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.services.vendor")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--parent", type=int, default=os.getppid())
    parser.add_argument("--auth-token", help="the one password that Twilio's side takes and signs with")
    asked = parser.parse_args()
    asyncio.run(serve(asked.port, asked.parent, asked.auth_token))


main()
