"""The register with 10,000 settings: eligibility for one lot on one day, and the staff's list, on both engines."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr
from sqlalchemy import event, insert, text

from bench.report import Row, show
from bench.world import World, running_world
from fps.model import Intake, SettingKind, Status
from fps.queries import candidates, lot
from fps.queries.register import Wanted, counts_by_status, districts, framework_names, settings_wanted
from fps.tables import DocumentRow, SettingOnLotRow, SettingRow, StatusChangeRow
from hub.migrations import upgrade
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel.database import Base
from kernel.ids import new_id
from kernel.work import Ground, Work
from referrals.model import AgeBand, Need, NeedArea
from referrals.rules.eligibility import select_recipients
from tests.fps.world import World as Register
from tests.fps.world import build_world

SETTINGS, ROUNDS = 10_000, 15
PAGE = 25
AT_MOST = "at most 10"
_ON, _SINCE, _LAPSES = date(2026, 11, 23), date(2025, 9, 1), date(2027, 3, 31)
_AT = datetime(2025, 9, 1, 9, tzinfo=UTC)
_PATH = (Status.APPLIED, Status.ADMITTED, Status.ACTIVE)
_DISTRICTS = ("Sefton", "Liverpool", "Wirral", "Knowsley", "Halton", "Cumberland")
_NEED = Need(
    age_band=AgeBand.FROM_8,
    year_group="Year 5",
    gender=None,
    need_area=NeedArea.COMMUNICATION,
    outcomes="",
    risk_wording="",
    travel_zone="",
    starts_from=_ON,
    starts_until=_ON,
)


def _setting(world: Register, number: int) -> dict[str, Any]:
    provider_id, user = world.providers[number % len(world.providers)]
    return {
        "id": new_id(),
        "name": f"School {number:05d}",
        "provider_id": provider_id,
        "urn": f"{100000 + number}",
        "kind": SettingKind.INDEPENDENT_SPECIAL,
        "age_from": number % 12,
        "age_to": number % 12 + 5,
        "intake": Intake.MIXED if number % 9 else Intake.BOYS,
        "district": _DISTRICTS[number % len(_DISTRICTS)],
        "referral_contact_id": user.id,
    }


def _steps(on_lot: dict[str, str], number: int) -> list[dict[str, Any]]:
    """Return a setting's way on a lot; one in twenty has paused since."""
    path = (*_PATH, Status.SELF_PAUSED) if number % 20 == 0 else _PATH
    return [
        {
            "setting_on_lot_id": on_lot["id"],
            "number": at,
            "setting_id": on_lot["setting_id"],
            "lot_id": on_lot["lot_id"],
            "from_status": path[at - 2] if at > 1 else None,
            "to_status": status,
            "effective_on": _SINCE,
            "until": _SINCE if at < len(path) else None,
            "recorded_at": _AT,
            "actor_id": "system",
            "reason": "For the bench.",
        }
        for at, status in enumerate(path, start=1)
    ]


def _documents(world: Register, setting: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Return a setting's documents; one in thirty has lost its insurance."""
    return [
        {
            "id": new_id(),
            "provider_id": setting["provider_id"],
            "setting_id": setting["id"],
            "kind": kind,
            "state": "accepted",
            "is_current": True,
            "valid_until": _SINCE if number % 30 == 0 and kind == "insurance" else _LAPSES + timedelta(number % 365),
            "recorded_at": _AT,
            "recorded_by": world.lead.id,
        }
        for kind in world.lots[0].required_documents
    ]


def _fill(work: Work, world: Register) -> None:
    """Put 10,000 settings on the first lot, each also on one other."""
    settings = [_setting(world, number) for number in range(SETTINGS)]
    on_lots = [
        {"id": new_id(), "setting_id": setting["id"], "lot_id": lot.id}
        for number, setting in enumerate(settings)
        for lot in (world.lots[0], world.lots[1 + number % 6])
    ]
    steps = [step for number, row in enumerate(on_lots) for step in _steps(row, number)]
    documents = [row for number, setting in enumerate(settings) for row in _documents(world, setting, number)]
    filled: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (SettingRow, settings),
        (SettingOnLotRow, on_lots),
        (StatusChangeRow, steps),
        (DocumentRow, documents),
    ]
    for table, rows in filled:
        work.session.execute(insert(table), rows)


def _median_s(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _medians_s(*runs: Callable[[], object]) -> list[float]:
    """Return how long each takes; they take turns, so that what else the machine does meets all of them alike."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, took in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            took.append(time.perf_counter() - start)
    return [statistics.median(took) for took in times]


def _scan(ground: Ground) -> int:
    """Read the table of settings by the bare driver: the reference."""
    with ground.database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT * FROM fps_settings")
        found = len(cursor.fetchall())
        cursor.close()
        return found


def _judge(ground: Ground, world: Register) -> int:
    """Say of every setting whether it may be asked, and why not."""
    with ground.read() as session:
        card = lot(session, world.lots[0].id, _ON)
        selection = select_recipients(candidates(session, card.id, _ON, world.council_id), card, _NEED, _ON)
    return len(selection.recipients) + len(selection.excluded)


def _eligibility(engine: str, house: House, world: Register) -> Row:
    ground = house.ground
    if _scan(ground) != SETTINGS + 1 or _judge(ground, world) != SETTINGS + 1:
        raise SystemExit("not every setting was read")
    bare, judged = _medians_s(partial(_scan, ground), partial(_judge, ground, world))
    what = f"{engine}: settings judged, with reasons ({judged * 1000:.0f} ms; bare scan {bare * 1000:.1f} ms)"
    return Row(what, SETTINGS / judged, judged / bare, AT_MOST)


def _page(ground: Ground, wanted: Wanted, page: int) -> int:
    """Read a page of the staff's list with its counts, as the view does."""
    with ground.read() as session:
        found, total = settings_wanted(session, wanted, offset=page * PAGE, limit=PAGE)
        counts_by_status(session, wanted)
        districts(session)
        framework_names(session)
    return len(found) if total else 0


def _statements(ground: Ground, run: Callable[[], object]) -> int:
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(ground.database.engine, "before_cursor_execute", note)
    run()
    event.remove(ground.database.engine, "before_cursor_execute", note)
    return len([line for line in asked if not line.lstrip().startswith(("BEGIN", "PRAGMA"))])


def _list(engine: str, ground: Ground, world: Register, few: int) -> list[Row]:
    """Measure pages of the list; stops with an error where 10,000 settings need more statements than one."""
    active = Wanted(_ON, framework_id=world.framework_id, lot_id=world.lots[0].id, status=Status.ACTIVE)
    looks = {
        "the whole list, first page": (Wanted(_ON), 0),
        "the whole list, last page": (Wanted(_ON), SETTINGS // PAGE - 1),
        "active on a lot": (active, 3),
        "a word of the name, in a district": (Wanted(_ON, district="Sefton", words="school 04"), 0),
        "as it stood on a past day": (Wanted(date(2025, 9, 2), on_list=True), 0),
    }
    rows = []
    for what, (wanted, page) in looks.items():
        look = partial(_page, ground, wanted, page)
        statements = _statements(ground, look)
        if statements != few:
            raise SystemExit(f"{engine}, {what}: {statements} statements, and {few} with one setting")
        took = _median_s(look)
        rows.append(Row(f"{engine}: {what}, {statements} statements, {took * 1000:.0f} ms", 1 / took))
    return rows


def _measure_on(engine: str, url: str) -> list[Row]:
    settings = Settings(secret=SecretStr("a secret for the bench"), database_url=url, log_level="WARNING")
    house = open_house(settings)
    upgrade(house.ground.database)
    world = build_world(house.ground)
    with house.ground.work() as work:
        world.active_setting(work, 0)
    few = _statements(house.ground, lambda: _page(house.ground, Wanted(_ON), 0))
    with house.ground.work() as work:
        _fill(work, world)
    with house.ground.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine == "PostgreSQL" else "ANALYZE"))
    try:
        return [_eligibility(engine, house, world), *_list(engine, house.ground, world, few)]
    finally:
        house.close()


def measure(world: World) -> list[Row]:
    """Measure on each engine and return the rows."""
    with TemporaryDirectory() as folder:
        found = _measure_on("SQLite", f"sqlite:///{Path(folder)}/register.db")
    url = world.postgres.create_database()
    found += _measure_on("PostgreSQL", url)
    world.postgres.drop_database(url)
    return found


if __name__ == "__main__":
    with running_world() as found_world:
        show("The register", measure(found_world))
