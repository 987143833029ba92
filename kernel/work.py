from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.clock import Clock
from kernel.database import Database
from kernel.doorbell import Doorbell
from kernel.keys import Keys
from kernel.meter import Meter, NoMeter
from kernel.scanning import NoScanner, Scanner
from kernel.translation import Translations

_ACTING_FOR: ContextVar[tuple[str, ...]] = ContextVar("hub_acting_for", default=())


def act_for(person_ids: tuple[str, ...]) -> None:
    """Let the log name, beside whoever acts here from now on, for whom they act: absent colleagues, by id.

    Threads are used again, so that whoever says so for a request says () at its end.
    """
    _ACTING_FOR.set(person_ids)


@dataclass
class Work:
    """One transaction of an action: where it writes, when it happens, which bells to ring once it is committed.

    `translations` are for what an action must put into words itself, such as a question that carries its choices.
    `acting_for` are the absent colleagues for whom whoever acts may be acting; the log names them too.
    """

    session: Session
    now: datetime
    keys: Keys
    translations: Translations
    acting_for: tuple[str, ...] = field(default_factory=_ACTING_FOR.get)
    bells: set[str] = field(default_factory=set)
    readings: list[tuple[str, str, float]] = field(default_factory=list)
    endings: list[Callable[[], None]] = field(default_factory=list)

    def ring(self, name: str) -> None:
        """Ring the bell `name` after the commit."""
        self.bells.add(name)

    def at_end(self, ending: Callable[[], None]) -> None:
        """Do what must come last in the transaction: what holds others up until the commit, such as a shared lock."""
        self.endings.append(ending)

    def measure(self, name: str, label: str, value: float) -> None:
        """Give the meter a reading after the commit."""
        self.readings.append((name, label, value))


@dataclass(frozen=True)
class Ground:
    """What every room stands on. `base_url` is the public address of the hub, without a closing slash.

    `scanner` looks at what people upload, of which a file has at most `most_upload_bytes`.
    """

    database: Database
    clock: Clock
    bell: Doorbell
    keys: Keys
    base_url: str
    translations: Translations
    meter: Meter = field(default_factory=NoMeter)
    scanner: Scanner = field(default_factory=NoScanner)
    most_upload_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        """Seal with keys of the one secret where the database was opened without data keys of its own."""
        self.database.default_ring(self.keys.secrets)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Open a transaction; at its end do what must come last, commit, then ring the bells that were asked for."""
        with self.database.begin() as session:
            work = Work(session=session, now=self.clock.now(), keys=self.keys, translations=self.translations)
            yield work
            for ending in work.endings:
                ending()
        for name in sorted(work.bells):
            self.bell.ring(name)
        for name, label, value in work.readings:
            self.meter.read(name, label, value)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading."""
        with self.database.read() as session:
            yield session
