"""Two people at the same button: the second begins when the first has done all and not committed yet.

That is the worst moment there is: on PostgreSQL the second sees nothing of the first, and waits only where a lock or
the database itself makes it wait; on SQLite it waits from the beginning.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Select, func, literal, select, text, union_all

import channels.tables
import fps.tables
import kernel.tables
import people.tables
import referrals.tables
from fps.model import Regime
from fps.tables import FrameworkRow
from kernel.clock import FixedClock
from kernel.database import Base
from kernel.errors import HubError
from kernel.tables import AuditRow
from kernel.work import Ground, Work
from people.model import Actor, Role
from tests.conftest import MONDAY
from tests.fps import world as register
from tests.referrals.world import World, build_world

_ROOMS = (channels.tables, fps.tables, kernel.tables, people.tables, referrals.tables)
_LONGEST_S = 20
_POLL_S = 0.002
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
AUDIT = AuditRow.__tablename__
_ALONE: dict[Button, Counter[str]] = {}
Act = Callable[[Work, Actor], object]


class Holds(Enum):
    """What must come of two presses, beside what comes of one."""

    ONE = "One is done, the other is told why not: all is as after one press."
    SAME = "Both are done, and all is as after one press."
    LATEST = "Both are done and on record, and what they leave is as after one press."
    EACH = "Both are done, each for itself: twice what one press leaves."


@dataclass(frozen=True)
class Hall:
    """A council with three commissioners and two administrators, and a provider with two users, beside the world."""

    world: World
    clock: FixedClock
    third: Actor
    mate: Actor
    administrators: tuple[Actor, Actor]
    operator: Actor

    @property
    def ground(self) -> Ground:
        """The ground of the world."""
        return self.world.ground

    @property
    def council(self) -> tuple[Actor, Actor]:
        """Two commissioners."""
        return self.world.commissioner, self.world.colleague

    @property
    def others(self) -> tuple[Actor, Actor]:
        """Two commissioners beside the author."""
        return self.world.colleague, self.third

    @property
    def author_twice(self) -> tuple[Actor, Actor]:
        """One commissioner who presses twice."""
        return self.world.commissioner, self.world.commissioner

    @property
    def provider(self) -> tuple[Actor, Actor]:
        """Two users of the first provider."""
        return self.world.user(0), self.mate


@dataclass(frozen=True)
class Button:
    """An action, what stands before it is pressed, and who presses.

    `prepare` makes the same state anew each time and returns the press.
    """

    action: str
    prepare: Callable[[Hall], Act]
    holds: Holds = Holds.ONE
    who: Callable[[Hall], tuple[Actor, Actor]] = lambda hall: hall.council
    status: int = 409
    """Under which the one who is refused is told so."""


def build_hall(ground: Ground) -> Hall:
    """Build the world and everybody beside it."""
    world, clock = build_world(ground), ground.clock
    assert isinstance(clock, FixedClock)
    with ground.work() as work:
        council_id, provider_id = world.register.council_id, world.register.providers[0][0]
        return Hall(
            world,
            clock,
            register.member(work, "Tia Third", Role.COMMISSIONER, council_id),
            register.member(work, "Col Cyan", Role.PROVIDER_USER, provider_id, ("email", "col@example.org")),
            (
                register.member(work, "Ada Administrator", Role.ADMINISTRATOR, council_id),
                register.member(work, "Abe Administrator", Role.ADMINISTRATOR, council_id),
            ),
            register.member(work, "Ina Indigo", Role.ADMINISTRATOR, world.register.other_council_id),
        )


def check(hall: Hall, button: Button) -> None:
    """Press alone and then by two, each from the same state, and compare what came of it."""
    alone = _by_one(hall, button)
    act, before = _ready(hall, button)
    refused = _press(hall, act, button.who(hall))
    both = _counts(hall.ground)
    both.subtract(before)
    assert [error.status for error in refused] == ([button.status] if button.holds is Holds.ONE else [])
    assert all(str(error).strip() for error in refused)
    expected = Counter(alone)
    if button.holds is Holds.EACH:
        expected.update(alone)
    elif button.holds is Holds.LATEST:
        expected[AUDIT] += alone[AUDIT]
    assert _told(both) == _told(expected)


def _by_one(hall: Hall, button: Button) -> Counter[str]:
    """Return by how much each count grows where one presses; that is the same on every database."""
    if button not in _ALONE:
        act, before = _ready(hall, button)
        with hall.ground.work() as work:
            act(work, button.who(hall)[0])
        _ALONE[button] = _counts(hall.ground)
        _ALONE[button].subtract(before)
    return _ALONE[button]


def both_leave(hall: Hall, button: Button) -> Counter[str]:
    """Press by two who may both; return by how much each count has grown."""
    act, before = _ready(hall, button)
    assert _press(hall, act, button.who(hall)) == []
    after = _counts(hall.ground)
    after.subtract(before)
    return after


def _ready(hall: Hall, button: Button) -> tuple[Act, Counter[str]]:
    hall.clock.set(MONDAY)
    with hall.ground.work() as work:
        framework = work.session.get_one(FrameworkRow, hall.world.register.framework_id)
        framework.regime, framework.approval_panel = Regime.PCR_LIGHT_TOUCH, None
    return button.prepare(hall), _counts(hall.ground)


def _press(hall: Hall, act: Act, who: tuple[Actor, Actor]) -> list[HubError]:
    """Let two press at once; return what refused them. Whatever else goes wrong is raised."""
    wrong: list[Exception] = []

    def second() -> None:
        try:
            with hall.ground.work() as work:
                act(work, who[1])
        except Exception as error:  # noqa: BLE001 - raised below, where the test sees it
            wrong.append(error)

    thread = threading.Thread(target=second)
    with hall.ground.work() as work:
        act(work, who[0])
        work.session.flush()
        thread.start()
        _let_it_come(hall.ground, thread)
    thread.join(_LONGEST_S)
    assert not thread.is_alive()
    for error in wrong:
        if not isinstance(error, HubError):
            raise error
    return [error for error in wrong if isinstance(error, HubError)]


def _let_it_come(ground: Ground, thread: threading.Thread) -> None:
    """Wait until the other is through or waits for what the first holds."""
    if ground.database.is_sqlite:
        return
    until = time.monotonic() + _LONGEST_S
    while thread.is_alive() and time.monotonic() < until:
        with ground.read() as session:
            if session.scalar(_WAITING):
                return
        thread.join(_POLL_S)


def _counts(ground: Ground) -> Counter[str]:
    """Count the rows of every table, and what stands in numbers instead of rows."""
    tables = [
        select(literal(name), func.count()).select_from(table)
        for name, table in Base.metadata.tables.items()
        if table in _tables()
    ]
    with ground.read() as session:
        found: list[Any] = list(session.execute(union_all(*tables, *_numbers())))
    return Counter({name: int(count or 0) for name, count in found})


def _tables() -> frozenset[object]:
    return frozenset(
        each.__table__
        for room in _ROOMS
        for each in vars(room).values()
        if isinstance(each, type) and issubclass(each, Base) and hasattr(each, "__table__")
    )


def _numbers() -> list[Select[str, int]]:
    taken, edition = referrals.tables.ContractRow.taken, referrals.tables.PlacementRow.edition
    return [select(literal("places taken"), func.sum(taken)), select(literal("editions"), func.sum(edition))]


def _told(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}
