"""Workers as they are often written, for the judge to catch: the proof that this harness can fail.

Run as `python -m tests.crash.naive --database URL --vendor URL --record after|before --folder PATH`.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Row, select, text

from kernel.database import Database
from kernel.sealing import KeyRing
from tests.crash.account import ACCOUNT_SID, AUTH_TOKEN, NUMBER, SECRET
from tests.crash.fleet import Part
from tests.opened import column
from tests.services.vendor import VendorStub

_BATCH = 10
_IDLE_S = 0.02
_QUEUED = (
    select(column("messages.id"), column("contact_points.address"), column("messages.values").label("content"))
    .where(column("contact_points.id") == column("messages.contact_point_id"), column("messages.status") == "queued")
    .limit(_BATCH)
)
_WAITING = _QUEUED.order_by(column("messages.seq"))
_NEWEST = _QUEUED.order_by(column("messages.seq").desc())
_SENT = text("UPDATE messages SET status = 'sent' WHERE id = :id")


class NaiveWorker:
    """Claims by reading, sends, and trusts that nothing ever stops in between."""

    def __init__(self, database: Database, vendor: str) -> None:
        self._database = database
        self._vendor = http.client.HTTPConnection(vendor.removeprefix("http://"), timeout=10)
        self._authorization = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()

    def close(self) -> None:
        """Hang up."""
        self._vendor.close()

    def record_after(self) -> int:
        """Send a batch, then record it: what is killed in between is sent again."""
        rows = self._waiting()
        for row in rows:
            self._send(row)
        self._record(rows)
        return len(rows)

    def record_before(self) -> int:
        """Record a batch as sent, then send it: what is killed in between is lost."""
        rows = self._waiting()
        self._record(rows)
        for row in rows:
            self._send(row)
        return len(rows)

    def newest_first(self) -> int:
        """Send one message at a time, the newest first: answers come out of order."""
        rows = self._waiting(newest=True)[:1]
        for row in rows:
            self._send(row)
        self._record(rows)
        return len(rows)

    def _waiting(self, *, newest: bool = False) -> list[Row[tuple[str, str, str]]]:
        with self._database.read() as session:
            return list(session.execute(_NEWEST if newest else _WAITING))

    def _record(self, rows: list[Row[tuple[str, str, str]]]) -> None:
        if rows:
            with self._database.begin() as session:
                session.execute(_SENT, [{"id": row.id} for row in rows])

    def _send(self, row: Row[tuple[str, str, str]]) -> None:
        form = {
            "To": row.address,
            "From": NUMBER,
            "Body": str(row.content),
            "StatusCallback": f"http://127.0.0.1/status?attempt={row.id}-1",
        }
        headers = {"Authorization": self._authorization, "Content-Type": "application/x-www-form-urlencoded"}
        self._vendor.request("POST", f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json", urlencode(form), headers)
        self._vendor.getresponse().read()


def naive_part(database: Database, vendor: VendorStub, record: str, folder: Path) -> Part:
    """Return a process that works naively on a database; `record` is "after" or "before".

    It is ready once it works: one that is killed while it still starts would never be caught.
    """
    url = database.url.render_as_string(hide_password=False)
    options = ["--database", url, "--vendor", vendor.url, "--record", record, "--folder", str(folder)]
    command = [sys.executable, "-m", "tests.crash.naive", *options]
    return Part("naive", command, {}, folder, lambda pid: _sign_of_life(folder, pid).exists())


def _sign_of_life(folder: Path, pid: int) -> Path:
    return folder / f"naive-{pid}"


def main() -> None:
    """Work until killed, or until whoever started this is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--vendor", required=True)
    parser.add_argument("--record", choices=("after", "before"), required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    worker = NaiveWorker(Database(asked.database, ring=KeyRing([SECRET])), asked.vendor)
    ways: dict[str, Callable[[], int]] = {"after": worker.record_after, "before": worker.record_before}
    parent = os.getppid()
    _sign_of_life(asked.folder, os.getpid()).touch()
    while os.getppid() == parent:
        if not ways[asked.record]():
            time.sleep(_IDLE_S)


if __name__ == "__main__":
    main()
