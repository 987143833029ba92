from __future__ import annotations

import hashlib
import hmac
import threading
from datetime import timedelta

import pytest

from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from referrals.actions.webhooks.change_endpoint import (
    end_old_secret,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from referrals.actions.webhooks.send_again import send_again, send_all_again, send_test
from referrals.model.webhooks import DeliveryCard, DeliveryState, EventType, Fault, Result
from referrals.queries.webhooks import deliveries, delivery, endpoint, parked_counts, parked_waiting
from referrals.tables import WebhookEndpointRow
from referrals.webhooks.claim import claim
from referrals.webhooks.record import record
from tests.referrals.webhooks.world import TAKEN, URL, Systems

DOWN = Result(503, Fault.REFUSED)
HUNG = Result(None, Fault.TIMEOUT)


def _card(systems: Systems, endpoint_id: str, delivery_id: str) -> DeliveryCard:
    with systems.ground.read() as session:
        return delivery(session, endpoint_id, delivery_id).card


def _proves(header: str, secret: str, body: str) -> bool:
    moment, *macs = header.split(",")
    wanted = hmac.digest(secret.encode(), f"{moment.removeprefix('t=')}.{body}".encode(), hashlib.sha256).hex()
    return f"v1={wanted}" in macs


def test_a_fact_is_sent_once_signed_and_recorded(systems: Systems, clock: FixedClock) -> None:
    made = systems.add()
    delivery_id = systems.tell(made.endpoint_id)
    assert systems.send() == 1
    assert systems.send() == 0
    ((url, headers, body),) = systems.line.posted
    told = systems.line.bodies[0]
    assert url == URL
    assert (told["type"], told["created_at"], told["council_id"]) == (
        "referral.closed",
        "2026-11-23T10:00:00Z",
        systems.council_id,
    )
    assert headers["Hub-Event-Id"] == told["id"]
    assert headers["Hub-Signature"].startswith(f"t={int(clock.now().timestamp())},v1=")
    assert _proves(headers["Hub-Signature"], made.secret, body)
    assert not _proves(headers["Hub-Signature"], made.secret, body + " ")
    card = _card(systems, made.endpoint_id, delivery_id)
    assert (card.state, card.attempts, card.result) == (DeliveryState.DELIVERED, 1, Result(200))


def test_a_failure_is_tried_again_with_growing_pauses_and_parked_after_three_days(
    systems: Systems, clock: FixedClock
) -> None:
    made = systems.add()
    systems.line.answers[URL] = lambda: DOWN
    delivery_id = systems.tell(made.endpoint_id)
    began, pauses = clock.now(), []
    while _card(systems, made.endpoint_id, delivery_id).state is DeliveryState.WAITING:
        assert systems.send() == 1
        pauses.append(_card(systems, made.endpoint_id, delivery_id).due_at - clock.now())
        clock.move(max(pauses[-1], timedelta(minutes=15)))
    assert timedelta(days=2, hours=12) < clock.now() - began < timedelta(days=3, hours=7)
    assert all(before * 0.99 < after for before, after in zip(pauses[:10], pauses[2:12], strict=True))
    assert systems.send() == 0, "what is parked is not sent again by itself"
    with systems.ground.read() as session:
        assert parked_counts(session, [made.endpoint_id]) == {made.endpoint_id: 1}
        assert parked_waiting(session, systems.administrator, clock.now()).count == 1
        assert parked_waiting(session, systems.stranger, clock.now()).count == 0
        found = delivery(session, made.endpoint_id, delivery_id)
    card, attempts = found.card, found.attempts
    assert found.body == systems.line.posted[0][2]
    assert [each.number for each in attempts] == list(range(card.attempts, 0, -1))
    assert {each.result for each in attempts} == {DOWN}
    assert len({str(body) for body in systems.line.bodies}) == 1, "every attempt says the same, with the same id"


def test_what_was_parked_or_delivered_can_be_sent_again_with_the_same_id(systems: Systems, clock: FixedClock) -> None:
    made = systems.add()
    delivery_id = systems.tell(made.endpoint_id)
    systems.send()
    with systems.ground.work() as work:
        send_again(work, systems.administrator, made.endpoint_id, delivery_id)
    clock.move(timedelta(days=30))
    systems.line.answers[URL] = lambda: DOWN
    systems.send()
    card = _card(systems, made.endpoint_id, delivery_id)
    assert (card.state, card.attempts) == (DeliveryState.PARKED, 2)
    systems.line.answers.clear()
    with systems.ground.work() as work:
        send_again(work, systems.administrator, made.endpoint_id, delivery_id)
    assert systems.send() == 1, "whoever asks for it does not wait until the address has rested"
    card = _card(systems, made.endpoint_id, delivery_id)
    assert (card.state, card.attempts) == (DeliveryState.DELIVERED, 3)
    assert len({body["id"] for body in systems.line.bodies}) == 1


def test_all_that_was_given_up_is_sent_again_at_one_press(systems: Systems, clock: FixedClock) -> None:
    made, other = systems.add(), systems.add("https://other.example.org/")
    systems.line.answers.update({URL: lambda: DOWN, "https://other.example.org/": lambda: DOWN})
    for endpoint_id in (made.endpoint_id, made.endpoint_id, other.endpoint_id):
        systems.tell(endpoint_id)
    for _ in range(8):
        clock.move(timedelta(days=1))
        systems.send()
    systems.line.answers.clear()
    for actor, count in ((systems.administrator, 2), (systems.administrator, 0)):
        with systems.ground.work() as work:
            assert send_all_again(work, actor, made.endpoint_id) == count
    with pytest.raises(NotFoundError), systems.ground.work() as work:
        send_all_again(work, systems.stranger, made.endpoint_id)
    assert systems.send() == 2
    with systems.ground.read() as session:
        assert parked_counts(session, [made.endpoint_id, other.endpoint_id]) == {other.endpoint_id: 1}


def test_a_worker_that_was_killed_leaves_what_it_had_claimed_to_be_sent_again(
    systems: Systems, clock: FixedClock
) -> None:
    made = systems.add()
    delivery_id = systems.tell(made.endpoint_id)
    (lost,) = claim(systems.ground, timedelta(seconds=60), 8, ())
    assert systems.send() == 0, "others leave it alone during the lease"
    clock.move(timedelta(seconds=60))
    assert systems.send() == 1
    assert _card(systems, made.endpoint_id, delivery_id).state is DeliveryState.DELIVERED
    record(systems.ground, lost, DOWN, 1)
    card = _card(systems, made.endpoint_id, delivery_id)
    assert (card.state, card.result) == (DeliveryState.DELIVERED, TAKEN), "one that comes back late changes nothing"


def test_an_address_that_hangs_holds_up_no_other(systems: Systems) -> None:
    hanging, well = systems.add("https://hangs.example.org/"), systems.add()
    is_over = threading.Event()

    def hang() -> Result:
        is_over.wait(20)
        return HUNG

    systems.line.answers["https://hangs.example.org/"] = hang
    sent = threading.Event()

    def take() -> Result:
        if len(systems.line.posted) > 3:
            sent.set()
        return TAKEN

    systems.line.answers[URL] = take
    for _ in range(3):
        systems.tell(hanging.endpoint_id)
        systems.tell(well.endpoint_id)
    courier = threading.Thread(target=systems.send)
    courier.start()
    assert sent.wait(20), "all of the other address's went out in the meantime"
    is_over.set()
    courier.join(20)
    urls = [url for url, _, _ in systems.line.posted]
    assert (urls.count(URL), urls.count("https://hangs.example.org/")) == (3, 1), "and then the address rests"


def test_an_address_rests_after_a_failure_and_is_tried_again_by_itself(systems: Systems, clock: FixedClock) -> None:
    made = systems.add()
    systems.line.answers[URL] = lambda: DOWN
    for _ in range(50):
        systems.tell(made.endpoint_id)
    assert systems.send() == 1, "the others need not fail one by one"
    systems.line.answers.clear()
    clock.move(timedelta(seconds=10))
    assert systems.send() == 50
    with systems.ground.read() as session:
        assert endpoint(session, systems.administrator, made.endpoint_id).failures == 0


def test_two_workers_send_each_fact_once(systems: Systems) -> None:
    made = [systems.add(f"https://cases{number}.example.org/") for number in range(5)]
    for _ in range(4):
        for each in made:
            systems.tell(each.endpoint_id)
    workers = [threading.Thread(target=systems.send) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    systems.send()
    ids = [body["id"] for body in systems.line.bodies]
    assert len(ids) == len(set(ids)) == 20


def test_while_a_secret_is_changed_both_prove_the_sender(systems: Systems, clock: FixedClock) -> None:
    made = systems.add()
    with systems.ground.work() as work:
        renewed = rotate_secret(work, systems.administrator, made.endpoint_id)
    assert renewed.secret != made.secret
    systems.tell(made.endpoint_id)
    systems.send()
    clock.move(timedelta(hours=24))
    systems.tell(made.endpoint_id)
    systems.send()
    proved = [
        [_proves(headers["Hub-Signature"], secret, body) for secret in (made.secret, renewed.secret)]
        for _, headers, body in systems.line.posted
    ]
    assert proved == [[True, True], [False, True]]


def test_a_second_press_for_a_secret_keeps_the_one_that_the_system_uses(systems: Systems) -> None:
    made = systems.add()
    for _ in range(2):
        with systems.ground.work() as work:
            renewed = rotate_secret(work, systems.administrator, made.endpoint_id)
    systems.tell(made.endpoint_id)
    systems.send()
    with systems.ground.work() as work:
        end_old_secret(work, systems.administrator, made.endpoint_id)
    systems.tell(made.endpoint_id)
    systems.send()
    proved = [
        [_proves(headers["Hub-Signature"], secret, body) for secret in (made.secret, renewed.secret)]
        for _, headers, body in systems.line.posted
    ]
    assert proved == [[True, True], [False, True]]


def test_nothing_is_sent_while_paused_and_all_of_it_afterwards(systems: Systems, clock: FixedClock) -> None:
    made = systems.add()
    with systems.ground.work() as work:
        pause_endpoint(work, systems.administrator, made.endpoint_id)
        pause_endpoint(work, systems.administrator, made.endpoint_id)
    delivery_id = systems.tell(made.endpoint_id)
    clock.move(timedelta(days=10))
    assert systems.send() == 0
    for press in (
        lambda work: send_test(work, systems.administrator, made.endpoint_id),
        lambda work: send_again(work, systems.administrator, made.endpoint_id, delivery_id),
    ):
        with pytest.raises(ConflictError, match="paused"), systems.ground.work() as work:
            press(work)
    with systems.ground.work() as work:
        resume_endpoint(work, systems.administrator, made.endpoint_id)
    systems.line.answers[URL] = lambda: DOWN
    systems.send()
    assert _card(systems, made.endpoint_id, delivery_id).state is DeliveryState.WAITING, "its three days begin anew"


def test_of_a_removed_address_neither_url_nor_secret_is_kept(systems: Systems) -> None:
    made = systems.add()
    delivery_id = systems.tell(made.endpoint_id)
    with systems.ground.work() as work:
        remove_endpoint(work, systems.administrator, made.endpoint_id)
    assert systems.send() == 0
    with systems.ground.read() as session:
        row = session.get_one(WebhookEndpointRow, made.endpoint_id)
        assert (row.url, row.secret, row.old_secret) == ("", "", None)
        assert delivery(session, made.endpoint_id, delivery_id).card.state is DeliveryState.DROPPED
        with pytest.raises(NotFoundError):
            endpoint(session, systems.administrator, made.endpoint_id)
    with pytest.raises(NotFoundError), systems.ground.work() as work:
        rotate_secret(work, systems.administrator, made.endpoint_id)


def test_another_councils_address_is_out_of_reach(systems: Systems) -> None:
    made = systems.add()
    delivery_id = systems.tell(made.endpoint_id)
    for press in (rotate_secret, pause_endpoint, resume_endpoint, remove_endpoint, send_test):
        with pytest.raises(NotFoundError), systems.ground.work() as work:
            press(work, systems.stranger, made.endpoint_id)
    with pytest.raises(NotFoundError), systems.ground.work() as work:
        send_again(work, systems.stranger, made.endpoint_id, delivery_id)
    with systems.ground.read() as session, pytest.raises(NotFoundError):
        endpoint(session, systems.stranger, made.endpoint_id)


def test_a_delivery_of_another_address_is_not_found(systems: Systems) -> None:
    first, second = systems.add(), systems.add("https://other.example.org/")
    delivery_id = systems.tell(first.endpoint_id)
    with pytest.raises(NotFoundError), systems.ground.work() as work:
        send_again(work, systems.administrator, second.endpoint_id, delivery_id)
    with systems.ground.read() as session, pytest.raises(NotFoundError):
        delivery(session, second.endpoint_id, delivery_id)


def test_a_test_goes_to_one_address_alone(systems: Systems) -> None:
    first, second = systems.add(), systems.add("https://other.example.org/")
    with systems.ground.work() as work:
        send_test(work, systems.administrator, first.endpoint_id)
    assert systems.send() == 1
    assert systems.line.bodies[0]["type"] == "endpoint.test"
    with systems.ground.read() as session:
        assert deliveries(session, second.endpoint_id, offset=0, limit=9) == []


def test_a_council_has_five_addresses_at_most(systems: Systems) -> None:
    for number in range(5):
        systems.add(f"https://cases{number}.example.org/")
    with pytest.raises(ConflictError, match="5 addresses"):
        systems.add()


def test_an_address_has_a_name_and_is_told_of_something(systems: Systems) -> None:
    with pytest.raises(InvalidInputError) as refused:
        systems.add(URL, EventType.ENDPOINT_TEST)
    assert refused.value.field == "types"
