"""The small crash test over the product's own processes; `make crash` lets the storm go on for as long as one likes."""

from __future__ import annotations

from pathlib import Path

from tests.crash.stages import Combination, open_stage
from tests.crash.trial import Scale, run_trial
from tests.services.postgres import PostgresServer
from tests.services.valkey import ValkeyServer

SEED = 1
SMALL = Scale(longest_pause_s=0.6)


def storm_over(what: Combination, database_url: str, redis_url: str | None, folder: Path) -> None:
    with open_stage(what, database_url, redis_url, folder) as stage:
        report = run_trial(stage, SMALL, SEED, folder / "kept")
    assert not report.findings, f"{what}, seed {SEED}, see {folder}: {report.findings[:20]}"
    assert report.outlived == 0
    assert report.texts > 0
    assert report.taken > report.texts


def test_embedded_on_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    what = Combination("embedded", "sqlite", calls_back=True)
    storm_over(what, f"sqlite:///{tmp_path}/hub.db", None, tmp_path)


def test_embedded_on_postgresql_keeps_its_promises(postgres_server: PostgresServer, tmp_path: Path) -> None:
    what = Combination("embedded", "postgresql", calls_back=False)
    storm_over(what, postgres_server.create_database(), None, tmp_path)


def test_queued_on_postgresql_keeps_its_promises(
    postgres_server: PostgresServer, valkey_server: ValkeyServer, tmp_path: Path
) -> None:
    what = Combination("queued", "postgresql", calls_back=False)
    storm_over(what, postgres_server.create_database(), valkey_server.url, tmp_path)
