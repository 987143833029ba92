from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.model import Status
from channels.rules.status import FORWARD, WAITING, may_follow

OVER = (Status.DELIVERED, Status.FAILED, Status.CANCELLED, Status.EXPIRED)


def test_every_status_says_where_it_may_go() -> None:
    assert set(FORWARD) == set(Status)


def test_what_is_over_never_moves_again() -> None:
    assert all(not may_follow(old, new) for old in OVER for new in Status)


def test_what_the_vendor_has_is_never_cancelled_or_held() -> None:
    forbidden = (Status.HELD, Status.CANCELLED, Status.EXPIRED, Status.HANDING_OVER, Status.UNKNOWN)
    assert not any(may_follow(Status.SENT, new) for new in forbidden)


def test_nothing_is_sent_without_being_handed_over() -> None:
    assert not any(may_follow(old, new) for old in WAITING for new in (Status.SENT, Status.DELIVERED))


@given(st.lists(st.sampled_from(list(Status)), max_size=30))
def test_no_order_of_reports_ever_undoes_a_delivery(reports: list[Status]) -> None:
    status, was_delivered = Status.QUEUED, False
    for report in reports:
        if may_follow(status, report):
            status = report
        was_delivered = was_delivered or status is Status.DELIVERED
        assert not was_delivered or status is Status.DELIVERED
