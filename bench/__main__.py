"""All benches of the foundation, each a ratio against a reference measured in the same run: python -m bench."""

from __future__ import annotations

from bench import fanout, inbound
from bench.report import show
from bench.world import running_world

if __name__ == "__main__":
    with running_world() as world:
        show("Fan-out through the outbox (PostgreSQL, Valkey)", fanout.measure(world))
        show("Inbound SMS webhook (PostgreSQL)", inbound.measure(world))
