from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.render import Renderer
from channels.sms.ledger import MessageLedger
from kernel.work import Ground
from tests.channels.people_to_write_to import ASKED, PHONE, REGISTRY, UNASKED, parent


@pytest.fixture
def ledger(ground: Ground) -> MessageLedger:
    return MessageLedger(ground, REGISTRY, Renderer(ground.translations, ground.base_url, ground.keys))


def queued(ground: Ground, person_id: str, *words: str) -> list[str]:
    with ground.work() as work:
        found: list[str] = []
        for word in words:
            found += queue_messages(work, [NewMessage(type=ASKED, values={"word": word}, person_id=person_id)])
        return found


def change(ground: Ground, message_id: str, **values: object) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    with ground.work() as work:
        work.session.execute(
            text(f"UPDATE messages SET {assignments} WHERE id = :id"),  # noqa: S608 - the test's own column names
            {"id": message_id, **values},
        )


def lease(ground: Ground, minutes: int) -> object:
    at = ground.clock.now() + timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if ground.database.is_sqlite else at


def test_it_writes_the_texts_again_as_they_went_out(ground: Ground, ledger: MessageLedger) -> None:
    (message,) = queued(ground, parent(ground), "Tuesday’s visit")
    known = ledger.look_up([message], [])
    assert known.bodies == {message: "You asked about Tuesday's visit."}


def test_it_knows_which_of_the_vendors_messages_are_taken(ground: Ground, ledger: MessageLedger) -> None:
    one, other = queued(ground, parent(ground), "one", "other")
    change(ground, other, vendor_id="SM2", status="sent")
    assert ledger.look_up([one], ["SM1", "SM2"]).recorded == {"SM2"}


def test_a_message_under_way_to_the_same_number_is_a_live_twin(ground: Ground, ledger: MessageLedger) -> None:
    asked, twin = queued(ground, parent(ground), "one", "one")
    assert ledger.look_up([asked], []).live_twins == frozenset()
    change(ground, twin, status="handing_over", lease_until=lease(ground, 1))
    assert ledger.look_up([asked], []).live_twins == {asked}
    change(ground, twin, lease_until=lease(ground, -1))
    assert ledger.look_up([asked], []).live_twins == frozenset()


@pytest.mark.parametrize("status", ["unknown", "handing_over"])
def test_of_twins_whose_outcome_is_open_the_earlier_is_settled_first(
    ground: Ground, ledger: MessageLedger, status: str
) -> None:
    earlier, later = queued(ground, parent(ground), "one", "one")
    for message in (earlier, later):
        change(ground, message, status=status, lease_until=lease(ground, -1))
    assert ledger.look_up([earlier], []).live_twins == frozenset()
    assert ledger.look_up([later], []).live_twins == {later}
    assert ledger.look_up([earlier, later], []).live_twins == frozenset()


def test_an_earlier_message_with_another_text_is_no_twin(ground: Ground, ledger: MessageLedger) -> None:
    """Else each of the two would wait for ever: the earlier for its list to be explained, the later for the earlier."""
    earlier, later = queued(ground, parent(ground), "one", "other")
    for message in (earlier, later):
        change(ground, message, status="unknown", lease_until=lease(ground, -1))
    assert ledger.look_up([later], []).live_twins == frozenset()


@pytest.mark.parametrize("at", range(1, 9))
def test_a_twin_that_is_recorded_meanwhile_is_never_missed(ground: Ground, ledger: MessageLedger, at: int) -> None:
    """Whatever is recorded between two of its reads, either the twin or its message is known."""
    twin, asked = queued(ground, parent(ground), "one", "one")
    change(ground, asked, status="unknown", lease_until=lease(ground, -1))
    change(ground, twin, status="handing_over", lease_until=lease(ground, 1))
    left = [at]

    def record(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            change(ground, twin, status="sent", vendor_id="SM2", lease_until=None)

    event.listen(ground.database.engine, "before_cursor_execute", record)
    known = ledger.look_up([asked], ["SM2"])
    event.remove(ground.database.engine, "before_cursor_execute", record)
    assert "SM2" in known.recorded or asked in known.live_twins


def test_two_persons_with_one_phone_can_have_twins(ground: Ground, ledger: MessageLedger) -> None:
    (asked,) = queued(ground, parent(ground, ("sms", PHONE)), "one")
    (twin,) = queued(ground, parent(ground, ("sms", PHONE)), "one")
    change(ground, twin, status="handing_over", lease_until=lease(ground, 1))
    assert ledger.look_up([asked], []).live_twins == {asked}


def test_a_message_that_can_no_longer_be_written_has_no_text(ground: Ground, ledger: MessageLedger) -> None:
    (message,) = queued(ground, parent(ground), "one")
    change(ground, message, key="test.gone")
    assert ledger.look_up([message], []).bodies == {}
    change(ground, message, key=UNASKED.key)
    assert ledger.look_up([message], []).bodies == {message: "News of one."}
