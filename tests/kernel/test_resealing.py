from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from channels import queries
from channels.actions.pass_to_person import pass_to_person
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel
from kernel.clock import FixedClock
from kernel.database import Base, Database
from kernel.errors import ConfigurationError
from kernel.resealing import PLAIN, SealedTable, count_by_key, reseal, sealed_tables
from kernel.sealing import KeyRing, Sealed, give_ring
from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.queries import contact_points, persons_by_address
from people.tables import ContactPointRow
from tests.conftest import ground_on
from tests.opened import opened

OLD, NEW = "an old secret for tests", "a new secret for tests"
PHONE = "+447700900123"


@pytest.fixture
def house(database: Database, clock: FixedClock) -> Ground:
    """A hub under the old key, in which somebody wrote something."""
    give_ring(database.engine.dialect, KeyRing([OLD]))
    ground = ground_on(database, clock)
    with ground.work() as work:
        for number in range(5):
            register_person(work, NewPerson(f"Person {number}", contact_points=(("sms", f"+44770090012{number}"),)))
    inbox = Inbox(ground)
    inbox.accept(Arrival(Channel.SMS, "SM1", PHONE, "who can help?"))
    inbox.close()
    Processor(ground, [pass_to_person]).drain()
    return ground


def _table(name: str) -> SealedTable:
    return next(each for each in sealed_tables() if each.name == name)


def _reseal_all(database: Database, batch: int = 200) -> int:
    return sum(count for each in sealed_tables() for count in reseal(database, each, batch=batch))


def _stale(database: Database) -> Counter[str]:
    found = sum(count_by_key(database).values(), Counter[str]())
    del found[database.ring.names[0]]
    return found


def test_rotation_seals_everything_under_the_newest_key_and_the_old_one_can_go(house: Ground) -> None:
    database = house.database
    give_ring(database.engine.dialect, KeyRing([NEW, OLD]))
    assert _stale(database)[KeyRing([OLD]).names[0]] > 8
    assert _reseal_all(database, batch=2) == 7
    assert not _stale(database)
    give_ring(database.engine.dialect, KeyRing([NEW]))
    with house.read() as session:
        assert [who.name for who in persons_by_address(session, "sms", PHONE)] == ["Person 3"]
        (item,) = queries.queue_items(session, "questions", [])
        assert item.text == "who can help?"
    assert _reseal_all(database) == 0, "what is done is not done again"


def test_while_keys_change_people_are_found_by_either_digest(house: Ground) -> None:
    give_ring(house.database.engine.dialect, KeyRing([NEW, OLD]))
    with house.work() as work:
        register_person(work, NewPerson("A sibling", contact_points=(("sms", PHONE),)))
    with house.read() as session:
        assert [who.name for who in persons_by_address(session, "sms", PHONE)] == ["Person 3", "A sibling"]


def test_values_from_before_are_read_as_they_are_and_sealed_by_rotation(house: Ground) -> None:
    with house.database.begin() as session:
        session.execute(text("UPDATE queue_items SET text = 'plain words'"))
        session.execute(text("UPDATE messages SET \"values\" = '{}'"))
    assert _stale(house.database)[PLAIN] >= 1
    with house.read() as session:
        assert [row.text for row in opened(session, "queue_items")] == ["plain words"]
    _reseal_all(house.database)
    assert not _stale(house.database)
    with house.read() as session:
        assert session.scalar(text("SELECT text FROM queue_items")) != "plain words"
        assert [row.text for row in opened(session, "queue_items")] == ["plain words"]


class Interrupted(Database):
    """A database in which somebody else writes just before each of our transactions."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.engine = ground.database.engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._ground.database.read() as session:
            yield session

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with self._ground.work() as work:
            (who,) = persons_by_address(work.session, "sms", PHONE)
            (point,) = contact_points(work.session, who.id)
            work.session.get_one(ContactPointRow, point.id).address = "+447700900999"
        with self._ground.database.begin() as session:
            yield session


def test_what_somebody_writes_meanwhile_is_never_overwritten(house: Ground) -> None:
    """A row that was changed between the look for stale ones and the writing is left as it is."""
    give_ring(house.database.engine.dialect, KeyRing([NEW, OLD]))
    assert sum(reseal(Interrupted(house), _table("contact_points"))) == 4
    assert not count_by_key(house.database)["contact_points.address"][KeyRing([OLD]).names[0]]
    with house.read() as session:
        assert [who.name for who in persons_by_address(session, "sms", "+447700900999")] == ["Person 3"]


def test_a_row_that_somebody_is_writing_is_not_waited_for(postgres_database: Database, clock: FixedClock) -> None:
    """Whoever waits with locks of their own in hand could wait for ever. On SQLite there is one writer anyway."""
    give_ring(postgres_database.engine.dialect, KeyRing([OLD]))
    ground = ground_on(postgres_database, clock)
    with ground.work() as work:
        for number in range(3):
            register_person(work, NewPerson("Somebody", contact_points=(("sms", f"+44770090012{number}"),)))
    give_ring(postgres_database.engine.dialect, KeyRing([NEW, OLD]))
    with ground.work() as work:
        (who,) = persons_by_address(work.session, "sms", "+447700900121")
        (point,) = contact_points(work.session, who.id)
        held = select(ContactPointRow).where(ContactPointRow.id == point.id).with_for_update()
        work.session.scalars(held).one()
        assert sum(reseal(postgres_database, _table("contact_points"))) == 2
    assert sum(reseal(postgres_database, _table("contact_points"))) == 1


def test_a_key_that_is_gone_stops_rotation_with_its_name_and_changes_nothing(house: Ground) -> None:
    give_ring(house.database.engine.dialect, KeyRing([NEW]))
    with pytest.raises(ConfigurationError, match=KeyRing([OLD]).names[0]):
        _reseal_all(house.database)
    give_ring(house.database.engine.dialect, KeyRing([OLD]))
    with house.read() as session:
        assert [who.name for who in persons_by_address(session, "sms", PHONE)] == ["Person 3"]


def test_every_sealed_column_is_bound_to_its_own_place() -> None:
    """A ciphertext opens in the column alone for which it was made; a wrong name would let two share."""
    places = {
        f"{table.name}.{column.name}": column.type.place
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    assert {place: named for place, named in places.items() if place != named} == {}
    assert len(places) > 30
