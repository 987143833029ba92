from __future__ import annotations

from channels.model import OutcomeKind, PastAttempt, Post, Rendered, Settlement
from channels.web.adapter import WebAdapter
from tests.conftest import MONDAY


def test_a_message_for_the_web_is_sent_by_being_handed_over() -> None:
    crew = WebAdapter().crew()
    crew.submit(Post("m1-1", "m1", "x.y", "person-1", "en", Rendered("Title", "Text", "Short")))
    ((post, outcome),) = crew.collect(0)
    crew.close()
    assert (post.message_id, outcome.kind, outcome.vendor_id) == ("m1", OutcomeKind.SENT, "web:m1")


def test_a_lost_attempt_is_sent_all_the_same() -> None:
    settled = WebAdapter().settle([PastAttempt("m1-1", "m1", "person-1", MONDAY)])
    assert (settled["m1-1"].settlement, settled["m1-1"].vendor_id) == (Settlement.PROVEN_SENT, "web:m1")
