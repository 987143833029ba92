from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels.model import (
    Attachment,
    ButtonShown,
    Outcome,
    OutcomeKind,
    PastAttempt,
    Post,
    Rendered,
    Settlement,
)
from channels.slack.adapter import SlackAdapter
from channels.slack.client import SlackClient
from channels.slack.settings import SlackSettings
from tests.services.vendor import VendorStub

RENDERED = Rendered("A visit is planned", "On Tuesday.", "Visit 12: Tuesday", (ButtonShown("a.b", "Accept", "1"),))
POSTING = "chat.postMessage"
READING = "conversations.history"


def post(number: int = 1, address: str = "U012OFFICER", rendered: Rendered = RENDERED) -> Post:
    calendar = Attachment("visit.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR")
    return Post(f"01message{number}-1", f"01message{number}", "qa.proposed", address, "en", rendered, (calendar,))


def past(number: int = 1, address: str = "U012OFFICER") -> PastAttempt:
    return PastAttempt(f"01message{number}-1", f"01message{number}", address, datetime.now(UTC))


@pytest.fixture
def settings(vendor: VendorStub) -> SlackSettings:
    return SlackSettings("xoxb-invented", "secret", base_url=vendor.slack_url, timeout_s=2)


@pytest.fixture
def adapter(settings: SlackSettings) -> SlackAdapter:
    return SlackAdapter(settings)


@pytest.fixture
def closed_port() -> Iterator[int]:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_post_bears_its_attempt_and_lands_in_the_conversation_with_the_person(
    vendor: VendorStub, adapter: SlackAdapter
) -> None:
    outcome = adapter.hand_over(post())
    assert outcome.kind is OutcomeKind.SENT
    assert str(outcome.vendor_id).startswith("D012OFFICER:")
    (body,) = vendor.bodies(POSTING)
    assert body["metadata"] == {
        "event_type": "hub_message",
        "event_payload": {"attempt": "01message1-1", "message": "01message1"},
    }
    assert (body["channel"], body["text"]) == ("U012OFFICER", "Visit 12: Tuesday")
    assert [block["type"] for block in body["blocks"]] == ["header", "section", "actions"]
    assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)


def test_a_connection_is_kept(vendor: VendorStub, adapter: SlackAdapter) -> None:
    before = vendor.counts().connections
    for number in range(5):
        adapter.hand_over(post(number))
    counts = vendor.counts()
    assert counts.accepted == 5
    # One for the posts; the stub's own controls take one each.
    assert counts.connections - before == 2


def test_a_crew_hands_over_many_at_once(vendor: VendorStub, adapter: SlackAdapter) -> None:
    vendor.be_slow(50)
    crew = adapter.crew()
    for number in range(8):
        crew.submit(post(number))
    done: list[tuple[Post, Outcome]] = []
    while len(done) < 8:
        done += crew.collect(5)
    crew.close()
    assert {outcome.kind for _, outcome in done} == {OutcomeKind.SENT}
    assert set(vendor.counts().marks) == {f"01message{number}-1" for number in range(8)}


def refusal(vendor: VendorStub, adapter: SlackAdapter, error: str, status: int = 200, **headers: str) -> Outcome:
    vendor.fail_next(1, status, headers=headers, content={"ok": False, "error": error})
    return adapter.hand_over(post())


def test_too_many_waits_as_long_as_slack_says(vendor: VendorStub, adapter: SlackAdapter) -> None:
    limited = refusal(vendor, adapter, "ratelimited", 429, **{"Retry-After": "17"})
    assert (limited.kind, limited.retry_after_s, limited.pause_s) == (OutcomeKind.RETRY, 17.0, 17.0)
    small = refusal(vendor, adapter, "ratelimited", 429, **{"retry-after": "3"})
    assert small.retry_after_s == 3.0
    unsaid = refusal(vendor, adapter, "rate_limited")
    assert (unsaid.kind, unsaid.retry_after_s) == (OutcomeKind.RETRY, 30.0)
    assert vendor.counts().accepted == 0


@pytest.mark.parametrize(
    "error", ["channel_not_found", "user_not_found", "is_archived", "not_in_channel", "messages_tab_disabled", "new"]
)
def test_what_will_never_arrive_fails_at_once(vendor: VendorStub, adapter: SlackAdapter, error: str) -> None:
    assert refusal(vendor, adapter, error) == Outcome(OutcomeKind.FAILED, detail=error)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
def test_what_an_operator_must_mend_holds_everything_back(
    vendor: VendorStub, adapter: SlackAdapter, error: str
) -> None:
    outcome = refusal(vendor, adapter, error)
    assert (outcome.kind, outcome.pause_s) == (OutcomeKind.RETRY, 300.0)
    assert outcome.detail == f"Slack does not let the hub in: {error}"


@pytest.mark.parametrize(("error", "status"), [("internal_error", 200), ("x", 503), ("fatal_error", 200)])
def test_an_error_of_slacks_own_leaves_it_open(
    vendor: VendorStub, adapter: SlackAdapter, error: str, status: int
) -> None:
    assert refusal(vendor, adapter, error, status).kind is OutcomeKind.UNKNOWN


def test_a_lost_answer_leaves_it_open_and_is_not_tried_again(vendor: VendorStub, adapter: SlackAdapter) -> None:
    vendor.drop_after_accept(1)
    assert adapter.hand_over(post()).kind is OutcomeKind.UNKNOWN
    assert vendor.counts().requests[POSTING] == 1
    assert vendor.counts().marks == {"01message1-1": 1}


def test_an_answer_that_comes_too_late_leaves_it_open(vendor: VendorStub, settings: SlackSettings) -> None:
    vendor.be_slow(500)
    assert SlackAdapter(replace(settings, timeout_s=0.1)).hand_over(post()).kind is OutcomeKind.UNKNOWN


def test_a_refused_connection_is_tried_again(settings: SlackSettings, closed_port: int) -> None:
    adapter = SlackAdapter(replace(settings, base_url=f"http://127.0.0.1:{closed_port}/api/"))
    outcome = adapter.hand_over(post())
    assert (outcome.kind, outcome.detail) == (OutcomeKind.RETRY, "NewConnectionError")


def test_what_does_not_fit_fails_before_slack_is_asked(vendor: VendorStub, adapter: SlackAdapter) -> None:
    heavy = replace(RENDERED, buttons=(ButtonShown("a.b", "Accept", "v" * 2000),))
    assert adapter.hand_over(post(rendered=heavy)).kind is OutcomeKind.FAILED
    assert vendor.counts().requests == {}


def test_settling_tells_the_sent_from_the_unsent(vendor: VendorStub, adapter: SlackAdapter) -> None:
    vendor.drop_after_accept(2)
    adapter.hand_over(post(1))
    adapter.hand_over(post(2, "C012VISITS"))
    settled = adapter.settle([past(1), past(2, "C012VISITS"), past(3), past(4, "C012VISITS")])
    assert {attempt: each.settlement for attempt, each in settled.items()} == {
        "01message1-1": Settlement.PROVEN_SENT,
        "01message2-1": Settlement.PROVEN_SENT,
        "01message3-1": Settlement.PROVEN_UNSENT,
        "01message4-1": Settlement.PROVEN_UNSENT,
    }
    assert str(settled["01message1-1"].vendor_id).startswith("D012OFFICER:")
    assert str(settled["01message2-1"].vendor_id).startswith("C012VISITS:")


def test_settling_reads_the_history_page_by_page(vendor: VendorStub, adapter: SlackAdapter) -> None:
    for number in range(250):
        adapter.hand_over(post(number, "C012VISITS"))
    settled = adapter.settle([past(0, "C012VISITS"), past(300, "C012VISITS")])
    assert settled["01message0-1"].settlement is Settlement.PROVEN_SENT
    assert settled["01message300-1"].settlement is Settlement.PROVEN_UNSENT
    assert vendor.counts().requests[READING] == 2


@pytest.mark.parametrize("call", ["conversations.open", "auth.test", READING])
def test_where_slack_does_not_answer_nothing_is_proven(vendor: VendorStub, adapter: SlackAdapter, call: str) -> None:
    vendor.fail_next(1, 200, content={"ok": False, "error": "missing_scope"}, call=call)
    assert adapter.settle([past()])["01message1-1"].settlement is Settlement.UNPROVEN


def test_a_history_longer_than_is_read_proves_only_what_was_seen(
    vendor: VendorStub, adapter: SlackAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.slack.adapter._PAGES", 1)
    for number in range(201):
        adapter.hand_over(post(number, "C012VISITS"))
    settled = adapter.settle([past(200, "C012VISITS"), past(0, "C012VISITS")])
    assert settled["01message200-1"].settlement is Settlement.PROVEN_SENT
    assert settled["01message0-1"].settlement is Settlement.UNPROVEN
    assert vendor.counts().requests[READING] == 1


def test_posts_that_come_back_without_their_metadata_prove_nothing(
    vendor: VendorStub, adapter: SlackAdapter, settings: SlackSettings
) -> None:
    other = SlackClient("xoxb-invented", settings.base_url, timeout_s=2, width=1)
    other.chat_postMessage(channel="C012VISITS", text="as if the metadata were hidden from us")
    assert adapter.settle([past(1, "C012VISITS")])["01message1-1"].settlement is Settlement.UNPROVEN
    assert vendor.counts().accepted == 1


def test_an_attempt_is_looked_for_from_before_it_began(vendor: VendorStub, adapter: SlackAdapter) -> None:
    adapter.hand_over(post())
    fast_clock = replace(past(), started_at=datetime.now(UTC) + timedelta(minutes=4))
    assert adapter.settle([fast_clock])["01message1-1"].settlement is Settlement.PROVEN_SENT
    assert vendor.counts().requests[READING] == 1


@pytest.mark.parametrize(
    ("date", "settlement"),
    [
        ("Sun, 22 Nov 2026 10:00:00 GMT", Settlement.PROVEN_UNSENT),
        ("Sun, 22 Nov 2026 08:00:00 GMT", Settlement.UNPROVEN),
        ("no date", Settlement.UNPROVEN),
    ],
)
def test_a_clock_far_ahead_of_slacks_proves_nothing(
    vendor: VendorStub, adapter: SlackAdapter, date: str, settlement: Settlement
) -> None:
    who = {"ok": True, "bot_id": "B0HUB"}
    vendor.fail_next(1, 200, headers={"date": date}, content=who, call="auth.test")
    attempt = replace(past(), started_at=datetime(2026, 11, 22, 10, 1, tzinfo=UTC))
    assert adapter.settle([attempt])["01message1-1"].settlement is settlement


def test_secrets_are_not_shown(settings: SlackSettings) -> None:
    assert "xoxb" not in repr(settings)
    assert "secret=" not in repr(settings)
