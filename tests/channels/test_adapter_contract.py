"""What every channel adapter promises, run over each of them against its real edge.

To add an adapter, write a function that opens its Edge and add it to CASES.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from channels.adapter import Adapter
from channels.email.adapter import SmtpAdapter
from channels.model import Channel, Outcome, OutcomeKind, PastAttempt, Post, Rendered, Settlement
from channels.sandbox.adapter import SandboxAdapter
from channels.slack.adapter import SlackAdapter
from channels.slack.settings import SlackSettings
from channels.sms.adapter import TwilioAdapter
from kernel.clock import SystemClock
from kernel.database import Base, Database
from kernel.doorbell import NoDoorbell
from kernel.keys import Keys
from kernel.translation import Translations
from kernel.work import Ground
from tests.channels.email import smtp_world
from tests.channels.sms import twilio_world
from tests.conftest import ROOT
from tests.opened import opened
from tests.services.mailbox import Mailbox
from tests.services.vendor import VendorStub

MANY = 60
SAID = "You asked: reply YES or NO."
TEXTS = {
    "unicode": "Zażółć gęślą jaźń 🐢 ½ ﬁ “q” \N{COMBINING ACUTE ACCENT}",
    "right to left": "کیا منگل آپ کے لیے ٹھیک ہے؟ https://hub.example.org/l/abc 12",
    "several lines": "one\n\n  two  \n.\n..\n<b>&amp;</b> *three* _four_ {five}",
}


@dataclass(frozen=True)
class Edge:
    """An adapter bound to its vendor, and what a test may do to that vendor.

    `arrived` counts by attempt id what the vendor took; `last_text` is the newest of it. `lost` is the same adapter
    where nobody listens. `be_busy` makes the next post too much and returns how long the vendor asks for.
    """

    adapter: Adapter
    address: Callable[[int], str]
    arrived: Callable[[], Counter[str]]
    last_text: Callable[[], str]
    refuse: Callable[[], None] | None = None
    be_busy: Callable[[], float | None] | None = None
    drop: Callable[[], None] | None = None
    lost: Adapter | None = None
    can_be_asked: bool = True


def dead_port() -> int:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def open_twilio(request: pytest.FixtureRequest) -> Edge:
    vendor: VendorStub = request.getfixturevalue("vendor")
    ledger = twilio_world.FakeLedger({post(number).message_id: SAID for number in range(3)})
    told = twilio_world.settings(vendor.url, vendor.auth_token or "")

    def be_busy() -> float:
        vendor.fail_next(1, 429, headers={"Retry-After": "9"}, content={"code": 20429}, call="messages.create")
        return 9

    return Edge(
        adapter=TwilioAdapter(told, SystemClock(), ledger),
        address=lambda number: f"+447700900{100 + number}",
        arrived=lambda: Counter(vendor.counts().marks),
        last_text=lambda: str(vendor.bodies("messages.create")[-1]["Body"]),
        refuse=lambda: vendor.fail_next(1, 400, content={"code": 21614, "message": "x"}, call="messages.create"),
        be_busy=be_busy,
        drop=vendor.drop_after_accept,
        lost=TwilioAdapter(replace(told, api_url=f"http://127.0.0.1:{dead_port()}"), SystemClock(), ledger),
    )


def open_smtp(request: pytest.FixtureRequest) -> Edge:
    mailbox: Mailbox = request.getfixturevalue("mailbox")

    def attempt(message_id: str) -> str:
        return message_id.strip("<>").partition("@")[0]

    def last_text() -> str:
        body = mailbox.messages[-1].message.get_body(("plain",))
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n").removesuffix("\n")

    return Edge(
        adapter=smtp_world.adapter_of(mailbox),
        address=lambda number: f"parent{number}@example.org",
        arrived=lambda: Counter(attempt(each.message["Message-ID"]) for each in mailbox.messages),
        last_text=last_text,
        refuse=mailbox.refuse_recipients,
        be_busy=mailbox.refuse_messages,
        drop=mailbox.drop_after_accept,
        lost=SmtpAdapter(smtp_world.settings(port=dead_port()), SystemClock()),
        can_be_asked=False,
    )


def open_slack(request: pytest.FixtureRequest) -> Edge:
    vendor: VendorStub = request.getfixturevalue("vendor")
    told = SlackSettings("xoxb-invented", "secret", base_url=vendor.slack_url, timeout_s=2)

    def be_busy() -> float:
        vendor.fail_next(1, 429, headers={"Retry-After": "9"}, content={"ok": False, "error": "ratelimited"})
        return 9

    return Edge(
        adapter=SlackAdapter(told),
        address=lambda number: f"U{number:07d}",
        arrived=lambda: Counter(vendor.counts().marks),
        last_text=lambda: str(vendor.bodies("chat.postMessage")[-1]["text"]),
        refuse=lambda: vendor.fail_next(1, 200, content={"ok": False, "error": "user_not_found"}),
        be_busy=be_busy,
        drop=vendor.drop_after_accept,
        lost=SlackAdapter(replace(told, base_url=f"http://127.0.0.1:{dead_port()}/api/")),
    )


def open_sandbox(request: pytest.FixtureRequest) -> Edge:
    database = Database(f"sqlite:///{request.getfixturevalue('tmp_path')}/sandbox.db")
    request.addfinalizer(database.close)
    Base.metadata.create_all(database.engine)
    base_url, translations = "https://hub.example.org", Translations(ROOT / "locales")
    ground = Ground(database, SystemClock(), NoDoorbell(), Keys("a secret for tests"), base_url, translations)

    def rows(column: str) -> list[str]:
        with ground.read() as session:
            return [row[0] for row in opened(session, "sandbox_posts", column)]

    return Edge(
        adapter=SandboxAdapter(Channel.SMS, ground),
        address=lambda number: f"+447700900{100 + number}",
        arrived=lambda: Counter(rows("attempt_id")),
        last_text=lambda: rows("body")[-1],
    )


CASES: dict[str, Callable[[pytest.FixtureRequest], Edge]] = {
    "sms": open_twilio,
    "email": open_smtp,
    "slack": open_slack,
    "sandbox": open_sandbox,
}
REAL = ("sms", "email", "slack")
"""Those whose vendor can refuse, be busy, break off and be gone."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "edge" in metafunc.fixturenames:
        names = REAL if "real" in metafunc.function.__name__ else tuple(CASES)
        metafunc.parametrize("edge", names, indirect=True)


@pytest.fixture
def edge(request: pytest.FixtureRequest) -> Edge:
    return CASES[request.param](request)


def post(number: int, address: str = "", said: str = SAID) -> Post:
    own = f"01contract{number:016d}"
    return Post(f"{own}-1", own, "test.asked", address, "en", Rendered("A title", said, said))


def hand(edge: Edge, number: int = 0, said: str = SAID) -> Outcome:
    return edge.adapter.hand_over(post(number, edge.address(number), said))


def past(edge: Edge, number: int) -> PastAttempt:
    one = post(number)
    return PastAttempt(one.attempt_id, one.message_id, edge.address(number), datetime.now(UTC))


def test_what_is_sent_arrives_once_and_is_known_by_the_vendors_id(edge: Edge) -> None:
    outcome = hand(edge)
    assert outcome.kind is OutcomeKind.SENT
    assert outcome.vendor_id
    assert outcome.vendor_id != hand(edge, 1).vendor_id
    assert edge.arrived() == {post(0).attempt_id: 1, post(1).attempt_id: 1}


def test_many_at_once_arrive_exactly_once_each(edge: Edge) -> None:
    crew = edge.adapter.crew()
    posts = [post(number, edge.address(number)) for number in range(MANY)]
    done: list[tuple[Post, Outcome]] = []
    in_hand = 0
    while len(done) < MANY:
        while posts and in_hand < crew.width:
            crew.submit(posts.pop())
            in_hand += 1
        found = crew.collect(5)
        in_hand -= len(found)
        done += found
    assert crew.collect(0) == []
    crew.close()
    assert {outcome.kind for _, outcome in done} == {OutcomeKind.SENT}
    assert len({outcome.vendor_id for _, outcome in done}) == MANY
    assert edge.arrived() == {post(number).attempt_id: 1 for number in range(MANY)}


@pytest.mark.parametrize("kind", TEXTS)
def test_every_script_arrives(edge: Edge, kind: str) -> None:
    assert hand(edge, said=TEXTS[kind]).kind is OutcomeKind.SENT
    words = [word for word in edge.last_text().split() if word.isalnum()]
    assert [word for word in TEXTS[kind].split() if word.isalnum()] == words


def test_a_very_long_text_is_sent_or_refused_for_good(edge: Edge) -> None:
    outcome = hand(edge, said="A long word and another. " * 4000)
    assert outcome.kind in (OutcomeKind.SENT, OutcomeKind.FAILED)
    assert sum(edge.arrived().values()) == (outcome.kind is OutcomeKind.SENT)


def test_an_address_of_no_such_kind_is_never_an_error(edge: Edge) -> None:
    outcome = edge.adapter.hand_over(post(0, "nowhere\r\nat all"))
    assert outcome.kind in (OutcomeKind.SENT, OutcomeKind.FAILED)


def test_settling_proves_what_can_be_asked(edge: Edge) -> None:
    hand(edge, 0)
    settled = edge.adapter.settle([past(edge, 0), past(edge, 1)])
    if not edge.can_be_asked:
        assert settled == {}
        return
    assert settled[post(0).attempt_id].settlement is Settlement.PROVEN_SENT
    assert settled[post(0).attempt_id].vendor_id
    assert settled[post(1).attempt_id].settlement is Settlement.PROVEN_UNSENT
    assert edge.adapter.settle([]) == {}


def test_a_crew_that_closes_early_lets_go_in_peace(edge: Edge) -> None:
    crew = edge.adapter.crew()
    crew.close()
    crew = edge.adapter.crew()
    crew.submit(post(0, edge.address(0)))
    crew.close()


def test_an_adapter_says_who_it_is(edge: Edge) -> None:
    assert edge.adapter.channel in Channel
    assert edge.adapter.provider
    assert edge.adapter.pace is None or edge.adapter.pace.per_s > 0


def test_a_refusal_by_a_real_vendor_is_final(edge: Edge) -> None:
    assert edge.refuse is not None
    edge.refuse()
    assert hand(edge).kind is OutcomeKind.FAILED
    assert edge.arrived() == {}
    assert hand(edge, 1).kind is OutcomeKind.SENT


def test_a_busy_real_vendor_is_tried_again_when_it_says(edge: Edge) -> None:
    assert edge.be_busy is not None
    wait_s = edge.be_busy()
    outcome = hand(edge)
    assert outcome.kind is OutcomeKind.RETRY
    assert outcome.retry_after_s == wait_s
    assert wait_s is None or (outcome.pause_s or 0) >= wait_s
    assert edge.arrived() == {}


def test_what_a_real_vendor_took_without_answering_is_open_until_it_is_asked(edge: Edge) -> None:
    assert edge.drop is not None
    edge.drop()
    assert hand(edge).kind is OutcomeKind.UNKNOWN
    settled = edge.adapter.settle([past(edge, 0)])
    expected = {post(0).attempt_id: Settlement.PROVEN_SENT} if edge.can_be_asked else {}
    assert {attempt: each.settlement for attempt, each in settled.items()} == expected
    assert edge.arrived() == {post(0).attempt_id: 1}


def test_what_breaks_off_a_kept_connection_to_a_real_vendor_is_never_sent_again_by_itself(edge: Edge) -> None:
    """The client's own retries would send it twice."""
    assert edge.drop is not None
    crew = edge.adapter.crew()
    kinds = []
    for number in range(3):
        if number == 1:
            edge.drop()
        crew.submit(post(number, edge.address(number)))
        while not (done := crew.collect(5)):
            pass
        kinds += [outcome.kind for _, outcome in done]
    crew.close()
    assert kinds == [OutcomeKind.SENT, OutcomeKind.UNKNOWN, OutcomeKind.SENT]
    assert edge.arrived() == {post(number).attempt_id: 1 for number in range(3)}


def test_a_real_vendor_that_is_gone_got_nothing(edge: Edge) -> None:
    assert edge.lost is not None
    assert edge.lost.hand_over(post(0, edge.address(0))).kind is OutcomeKind.RETRY
    settled = edge.lost.settle([past(edge, 0)])
    assert Settlement.PROVEN_UNSENT not in [each.settlement for each in settled.values()]
