"""All benches of the foundation, each a ratio against a reference measured in the same run.

python -m bench runs them all; python -m bench home only the one of that name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from bench import fanout, home, inbound, open_data, register, release
from bench.report import Row, show
from bench.world import World, running_world

BENCHES: Mapping[str, tuple[str, Callable[[World], list[Row]]]] = {
    "fanout": ("Fan-out through the outbox (PostgreSQL, Valkey)", fanout.measure),
    "inbound": ("Inbound SMS webhook (PostgreSQL)", inbound.measure),
    "home": (
        "Start page of each role: 100,000 persons and 1,000,000 messages, against 1,000 of each",
        home.measure,
    ),
    "open_data": (
        "Extract of 50,000 schools and 140 columns (SQLite, PostgreSQL), against csv.reader and executemany",
        open_data.measure,
    ),
    "register": ("Register of 10,000 settings (SQLite, PostgreSQL): eligibility, and the list", register.measure),
    "release": ("One referral to 2,000 settings over three channels (PostgreSQL, Valkey)", release.measure),
}

if __name__ == "__main__":
    chosen = sys.argv[1:] or list(BENCHES)
    unknown = [name for name in chosen if name not in BENCHES]
    if unknown:
        raise SystemExit(f"There is no bench called {', '.join(unknown)}: choose from {', '.join(BENCHES)}.")
    with running_world() as world:
        for name in chosen:
            title, measure = BENCHES[name]
            show(title, measure(world))
