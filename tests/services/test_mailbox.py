import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.services.mailbox import Mailbox, running_mailbox


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with running_mailbox() as box:
        yield box


@pytest.fixture
def client(box: Mailbox) -> Iterator[smtplib.SMTP]:
    client = smtplib.SMTP(box.host, box.port, timeout=10)
    try:
        yield client
    finally:
        client.close()


def letter(*recipients: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "hub@example.org"
    message["To"] = ", ".join(recipients or ("family@example.org",))
    message["Subject"] = "Twój plan ✓"
    message.set_content("Dzień dobry\n.\n.. end\n")
    return message


def test_keeps_what_it_is_sent_and_counts_connections(box: Mailbox, client: smtplib.SMTP) -> None:
    client.send_message(letter("one@example.org", "two@example.org"))
    client.send_message(letter())
    with smtplib.SMTP(box.host, box.port, timeout=10) as other:
        other.send_message(letter())
    first, second, third = box.wait_for(3)
    assert first.sender == "hub@example.org"
    assert first.recipients == ("one@example.org", "two@example.org")
    assert first.message["Subject"] == "Twój plan ✓"
    assert first.message.get_content() == "Dzień dobry\r\n.\r\n.. end\r\n"
    assert [each.connection for each in (first, second, third)] == [first.connection] * 2 + [third.connection]
    assert box.connections == 2


def test_refuses_the_next_recipients(box: Mailbox, client: smtplib.SMTP) -> None:
    box.refuse_recipients(1)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.send_message(letter())
    assert refused.value.recipients["family@example.org"][0] == 550
    client.send_message(letter())
    assert len(box.messages) == 1


def test_refuses_the_next_messages_for_now(box: Mailbox, client: smtplib.SMTP) -> None:
    box.refuse_messages(2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.send_message(letter())
        assert refused.value.smtp_code == 451
    client.send_message(letter())
    assert len(box.messages) == 1


def test_keeps_the_message_and_hangs_up(box: Mailbox, client: smtplib.SMTP) -> None:
    box.drop_after_accept()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.send_message(letter())
    assert len(box.messages) == 1
    with smtplib.SMTP(box.host, box.port, timeout=10) as other:
        other.send_message(letter())
    assert len(box.messages) == 2


def test_says_how_many_came_when_too_few_did(box: Mailbox) -> None:
    with pytest.raises(TimeoutError, match="0 messages came of the 1"):
        box.wait_for(1, patience_s=0.01)
