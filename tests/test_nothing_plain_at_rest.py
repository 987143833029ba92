"""After people asked, answered, worried and signed in, no table shows where they are reached or what they said."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

import tests.test_no_personal_data_in_logs as walk
from kernel.database import Base, Database
from kernel.sealing import KeyRing
from tests.outside import AMELIA, BEN, HUB_NUMBER, NADIA, PRIYA, Outside, free_port, monday_clock, outside, settings_for
from tests.services.mailbox import Mailbox
from tests.services.vendor import VendorStub

_ADDRESSES = (AMELIA, BEN, NADIA, PRIYA)


@pytest.fixture
def hub(database: Database, vendor: VendorStub, mailbox: Mailbox) -> Iterator[Outside]:
    url = database.url.render_as_string(hide_password=False)
    with outside(settings_for(url, vendor, mailbox, free_port()), vendor, mailbox, monday_clock()) as hub:
        yield hub


def dump(database: Database) -> dict[str, str]:
    """Return every table as the database itself has it."""
    found = {}
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = session.execute(text(f'SELECT * FROM "{table.name}"')).mappings()  # noqa: S608 - names of ours
            found[table.name] = json.dumps([dict(row) for row in rows], default=str, ensure_ascii=False)
    return found


def test_no_table_shows_an_address_or_a_word_that_somebody_said(hub: Outside) -> None:
    walk.live(hub)
    kept = dump(hub.house.ground.database)
    assert sum(len(rows) > 2 for rows in kept.values()) > 15, "there was something to hide"
    said = [*_ADDRESSES, *(address.removeprefix("+44") for address in _ADDRESSES), *walk.SAID]
    assert [(table, words) for table, rows in kept.items() for words in said if words in rows] == []
    assert HUB_NUMBER in kept["inbound"], "the hub's own number is nobody's secret"


def test_the_same_words_are_there_for_the_hub_itself(hub: Outside) -> None:
    walk.live(hub)
    ring: KeyRing = hub.house.ground.database.ring
    with hub.house.ground.database.read() as session:
        bodies = [ring.open("inbound.body", body) for body in session.scalars(text("SELECT body FROM inbound"))]
    assert set(walk.SAID) <= set(bodies)
