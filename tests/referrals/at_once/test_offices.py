"""Two at once at clocks, notices, statistics and the addresses of case systems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, update

from channels.tables import MessageRow
from people.model import Actor
from referrals.actions.clocks.keep_clock import finish_step, stop_clock, take_clock
from referrals.actions.clocks.remind_of_clocks import remind_of_clocks
from referrals.actions.clocks.start_clock import StartClock, start_clock
from referrals.actions.notices.record_notice import RecordNotice, record_notice, set_prefix
from referrals.actions.notices.remind_of_notices import remind_of_notices
from referrals.actions.statistics.publish_statistics import publish_statistics
from referrals.actions.webhooks.add_endpoint import AddEndpoint, add_endpoint
from referrals.actions.webhooks.change_endpoint import (
    end_old_secret,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from referrals.actions.webhooks.send_again import send_again, send_all_again, send_test
from referrals.model.clocks import ClockKind, Step
from referrals.model.webhooks import CHOSEN_TYPES, DeliveryState
from referrals.queries.notices import duties_of
from referrals.rules.webhooks import MOST_ENDPOINTS
from referrals.tables import (
    ClockStepRow,
    NoticePublisherRow,
    NoticeReminderRow,
    NoticeRow,
    StatisticsRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from tests.referrals.at_once.pressing import Act, Button, Hall, Holds, check
from tests.referrals.placements.world import begun

TODAY = date(2026, 11, 23)
NEW_YEAR = datetime(2027, 1, 5, 10, tzinfo=UTC)
NEAR_THE_DUE_DAY = datetime(2027, 1, 20, 10, tzinfo=UTC)
Press = Callable[[Hall, str], Act]


def _command(hall: Hall) -> StartClock:
    return StartClock(hall.world.register.council_id, ClockKind.ANNUAL_REVIEW, "LR-0042", TODAY)


def _started(press: Press, at: datetime | None = None) -> Callable[[Hall], Act]:
    def prepare(hall: Hall) -> Act:
        with hall.ground.work() as work:
            work.session.execute(update(ClockStepRow).values(done_on=TODAY))
            clock_id = start_clock(work, hall.world.commissioner, _command(hall))
        if at is not None:
            hall.clock.set(at)
        return press(hall, clock_id)

    return prepare


def _owed(press: Press, at: datetime) -> Callable[[Hall], Act]:
    """Return a preparation that ends with a notice that is owed, of which nobody was told yet."""

    def prepare(hall: Hall) -> Act:
        begun(hall.world)
        with hall.ground.work() as work:
            for row in (NoticeReminderRow, NoticeRow, NoticePublisherRow):
                work.session.execute(delete(row))
            work.session.execute(update(MessageRow).values(dedupe_key=MessageRow.id))
        hall.clock.set(at)
        with hall.ground.read() as session:
            (found,) = duties_of(session, [hall.world.register.council_id], at.date())
        return press(hall, found.key)

    return prepare


def _recording(_hall: Hall, key: str) -> Act:
    command = RecordNotice(key, "2027/S 000-1", date(2027, 1, 5), "https://hub.example.org")
    return lambda work, actor: record_notice(work, actor, command)


def _prefixing(hall: Hall, _key: str) -> Act:
    council_id = hall.world.register.council_id
    return lambda work, actor: set_prefix(work, actor, council_id, "ocds-ab12cd")


def _publishing(hall: Hall) -> Act:
    with hall.ground.work() as work:
        work.session.execute(delete(StatisticsRow))
    hall.clock.set(NEW_YEAR)
    return lambda work, _actor: publish_statistics(work)


def _adding(have: int) -> Callable[[Hall], Act]:
    def prepare(hall: Hall) -> Act:
        with hall.ground.work() as work:
            work.session.execute(delete(WebhookDeliveryRow))
            work.session.execute(delete(WebhookEndpointRow))
        for _ in range(have):
            _endpoint(hall)
        return lambda work, actor: add_endpoint(work, actor, _wanted(hall))

    return prepare


def _wanted(hall: Hall) -> AddEndpoint:
    council_id = hall.world.register.council_id
    return AddEndpoint(council_id, "Case management", "https://cases.example.org/hub", CHOSEN_TYPES)


def _endpoint(hall: Hall) -> str:
    with hall.ground.work() as work:
        return add_endpoint(work, hall.administrators[0], _wanted(hall)).endpoint_id


def _there(press: Press, *before: Callable[..., object]) -> Callable[[Hall], Act]:
    """Return a preparation that ends with an address, after some steps at it."""

    def prepare(hall: Hall) -> Act:
        _adding(0)(hall)
        endpoint_id = _endpoint(hall)
        for step in before:
            with hall.ground.work() as work:
                step(work, hall.administrators[0], endpoint_id)
        return press(hall, endpoint_id)

    return prepare


def _parked(press: Callable[[str, str], Act]) -> Callable[[Hall], Act]:
    """Return a preparation that ends with a delivery that was given up."""

    def prepare(hall: Hall, endpoint_id: str) -> Act:
        with hall.ground.work() as work:
            delivery_id = send_test(work, hall.administrators[0], endpoint_id)
            work.session.flush()
            work.session.execute(update(WebhookDeliveryRow).values(state=DeliveryState.PARKED, ended_at=work.now))
        return press(endpoint_id, delivery_id)

    return _there(prepare)


def _administrators(hall: Hall) -> tuple[Actor, Actor]:
    return hall.administrators


def _at(action: Callable[..., object]) -> Press:
    return lambda _hall, endpoint_id: lambda work, actor: action(work, actor, endpoint_id)


BUTTONS = (
    Button("start_clock", lambda hall: lambda work, actor: start_clock(work, actor, _command(hall)), Holds.EACH),
    Button(
        "finish_step",
        _started(lambda _hall, it: lambda work, actor: finish_step(work, actor, it, Step.REPORT, TODAY)),
    ),
    Button("stop_clock", _started(lambda _hall, it: lambda work, actor: stop_clock(work, actor, it, "By mistake."))),
    Button(
        "take_clock",
        _started(lambda _hall, it: lambda work, actor: take_clock(work, actor, it)),
        Holds.LATEST,
        lambda hall: hall.others,
    ),
    Button(
        "remind_of_clocks",
        _started(lambda _hall, _it: lambda work, _actor: remind_of_clocks(work), NEW_YEAR),
        Holds.SAME,
    ),
    Button("record_notice", _owed(_recording, NEW_YEAR)),
    Button("set_prefix", _owed(_prefixing, NEW_YEAR), Holds.LATEST),
    Button(
        "remind_of_notices",
        _owed(lambda _hall, _key: lambda work, _actor: remind_of_notices(work), NEAR_THE_DUE_DAY),
        Holds.SAME,
    ),
    Button("publish_statistics", _publishing, Holds.SAME),
    Button("add_endpoint", _adding(0), Holds.EACH, _administrators),
    Button("add_endpoint", _adding(MOST_ENDPOINTS - 1), who=_administrators),
    Button("rotate_secret", _there(_at(rotate_secret)), Holds.LATEST, _administrators),
    Button("end_old_secret", _there(_at(end_old_secret), rotate_secret), Holds.SAME, _administrators),
    Button("pause_endpoint", _there(_at(pause_endpoint)), Holds.SAME, _administrators),
    Button("resume_endpoint", _there(_at(resume_endpoint), pause_endpoint), Holds.SAME, _administrators),
    Button("remove_endpoint", _there(_at(remove_endpoint)), who=_administrators, status=404),
    Button("send_test", _there(_at(send_test)), Holds.EACH, _administrators),
    Button(
        "send_again",
        _parked(lambda it, delivery_id: lambda work, actor: send_again(work, actor, it, delivery_id)),
        Holds.LATEST,
        _administrators,
    ),
    Button(
        "send_all_again",
        _parked(lambda it, _delivery_id: lambda work, actor: send_all_again(work, actor, it)),
        Holds.SAME,
        _administrators,
    ),
)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_two_at_once_at_clocks_notices_figures_and_addresses(hall: Hall, button: Button) -> None:
    """R19, R38, R39"""
    check(hall, button)
