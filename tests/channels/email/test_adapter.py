from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from channels.crew import Crew
from channels.email.adapter import SmtpAdapter
from channels.model import Outcome, OutcomeKind, Post
from kernel.clock import SystemClock
from tests.channels.email.smtp_world import DOMAIN, PARENT, adapter_of, message_id, post, settings
from tests.services.mailbox import Mailbox


def run(crew: Crew, posts: list[Post]) -> list[Outcome]:
    for each in posts:
        crew.submit(each)
    done: list[Outcome] = []
    while len(done) < len(posts):
        done += [outcome for _, outcome in crew.collect(5)]
    return done


def test_a_message_arrives_and_is_known_by_its_message_id(mailbox: Mailbox) -> None:
    outcome = adapter_of(mailbox).hand_over(post(text="A line\n.\n..\nthe end"))
    assert outcome == Outcome(OutcomeKind.SENT, f"<{message_id(1)}-1@{DOMAIN}>")
    (received,) = mailbox.messages
    assert (received.sender, received.recipients) == (f"hub@{DOMAIN}", (PARENT,))
    body = received.message.get_body(("plain",))
    assert body is not None
    assert body.get_content() == "A line\r\n.\r\n..\r\nthe end\r\n"


def test_a_crew_keeps_its_connections(mailbox: Mailbox) -> None:
    crew = adapter_of(mailbox).crew()
    assert {outcome.kind for outcome in run(crew, [post(number) for number in range(20)])} == {OutcomeKind.SENT}
    crew.close()
    assert len(mailbox.messages) == 20
    assert mailbox.connections <= crew.width == 4


@pytest.mark.parametrize("fresh_s", [0.0, 60.0])
def test_a_kept_connection_that_died_is_opened_anew(mailbox: Mailbox, fresh_s: float) -> None:
    crew = adapter_of(mailbox, connections=1, fresh_s=fresh_s).crew()
    mailbox.drop_after_accept()
    assert [outcome.kind for outcome in run(crew, [post(1)])] == [OutcomeKind.UNKNOWN]
    assert [outcome.kind for outcome in run(crew, [post(2)])] == [OutcomeKind.SENT]
    crew.close()
    assert len(mailbox.messages) == 2


@pytest.mark.parametrize(
    ("answer", "kind", "pause_s"),
    [
        ("550 5.1.1 No such mailbox", OutcomeKind.FAILED, None),
        ("554 No", OutcomeKind.FAILED, None),
        ("450 4.2.1 Later", OutcomeKind.RETRY, None),
        ("421 4.3.2 Going down", OutcomeKind.RETRY, None),
        ("550 5.7.1 Relaying denied", OutcomeKind.RETRY, None),
        ("530 5.7.0 Authenticate first", OutcomeKind.RETRY, 300),
    ],
)
def test_what_is_said_of_a_recipient(mailbox: Mailbox, answer: str, kind: OutcomeKind, pause_s: float | None) -> None:
    crew = adapter_of(mailbox, connections=1).crew()
    mailbox.refuse_recipients(1, answer)
    (outcome,) = run(crew, [post(1)])
    assert (outcome.kind, outcome.pause_s) == (kind, pause_s)
    assert answer[:3] in outcome.detail
    assert "mailbox" not in outcome.detail
    assert [outcome.kind for outcome in run(crew, [post(2)])] == [OutcomeKind.SENT]
    crew.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("451 4.7.1 Try again later", OutcomeKind.RETRY),
        ("554 5.6.0 Not this message", OutcomeKind.FAILED),
        ("552 5.3.4 Too big", OutcomeKind.FAILED),
    ],
)
def test_what_is_said_of_a_message(mailbox: Mailbox, answer: str, kind: OutcomeKind) -> None:
    mailbox.refuse_messages(1, answer)
    assert adapter_of(mailbox).hand_over(post()).kind is kind
    assert mailbox.messages == []


def test_an_address_that_cannot_be_written_to_is_final(mailbox: Mailbox) -> None:
    outcome = adapter_of(mailbox).hand_over(post(address="not an address"))
    assert (outcome.kind, outcome.detail) == (OutcomeKind.FAILED, "not an email address")


def test_what_cannot_be_reached_is_tried_again(mailbox: Mailbox) -> None:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        adapter = SmtpAdapter(settings(port=bound.getsockname()[1]), SystemClock())
        outcome = adapter.hand_over(post())
    assert (outcome.kind, outcome.pause_s) == (OutcomeKind.RETRY, 30)
    for more in ({"security": "starttls"}, {"username": "hub", "password": "wrong"}):
        outcome = adapter_of(mailbox, **more).hand_over(post())
        assert (outcome.kind, outcome.pause_s) == (OutcomeKind.RETRY, 300)
        assert outcome.detail.startswith("operator:")
    assert adapter_of(mailbox, security="tls").hand_over(post()).kind is OutcomeKind.RETRY


Script = Callable[[socket.socket], None]


@contextmanager
def scripted(script: Script) -> Iterator[int]:
    """Serve one connection by a script of a test's own."""

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            script(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=[server])
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def hang_up_after(answers: list[bytes]) -> Script:
    def script(connection: socket.socket) -> None:
        for answer in answers:
            connection.sendall(answer + b"\r\n")
            connection.recv(100_000)

    return script


GREETING, OK, GO_AHEAD = b"220 hi", b"250 ok", b"354 go"


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([], OutcomeKind.RETRY),
        ([b"554 no"], OutcomeKind.RETRY),
        ([GREETING, OK], OutcomeKind.RETRY),
        ([GREETING, OK, b"550 5.7.1 not you"], OutcomeKind.RETRY),
        ([GREETING, OK, OK, OK], OutcomeKind.RETRY),
        ([GREETING, OK, OK, OK, GO_AHEAD], OutcomeKind.UNKNOWN),
    ],
)
def test_a_line_that_breaks_is_tried_again_unless_the_whole_message_was_out(
    answers: list[bytes], kind: OutcomeKind
) -> None:
    with scripted(hang_up_after(answers)) as port:
        assert SmtpAdapter(settings(port=port), SystemClock()).hand_over(post()).kind is kind


def test_smtp_cannot_be_asked_what_became_of_a_message(mailbox: Mailbox) -> None:
    assert adapter_of(mailbox).settle([]) == {}
