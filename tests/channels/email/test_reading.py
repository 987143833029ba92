from __future__ import annotations

import time
from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.reading import Mail, Reader, UnreadableError
from tests.channels.email.smtp_world import DOMAIN, PARENT, REPLIES
from tests.channels.email.smtp_world import settings as email_settings

OURS = "01j0000000000000000000000a"
READER = Reader(email_settings())
ANSWER = f"reply+{OURS}@{REPLIES}"


def mail(body: str = "Yes please", **headers: str) -> bytes:
    message = EmailMessage()
    given_headers = {"From": f"A Parent <{PARENT}>", "To": ANSWER, "Message_ID": "<1@example.org>", **headers}
    for name, value in given_headers.items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def read(raw: bytes) -> Mail:
    return READER.read(raw)


def test_an_answer_is_read_with_its_thread_and_sender() -> None:
    found = read(mail(Subject="Re: A visit"))
    assert (found.sender, found.recipient, found.thread) == (PARENT, ANSWER, OURS)
    assert (found.text, found.automatic, found.bounced) == ("Yes please", None, ())
    assert found.values == {"subject": "Re: A visit"}


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Cc"])
def test_the_thread_is_found_wherever_the_address_stands(name: str) -> None:
    found = read(mail(**{"To": "Hub <hub@example.org>", name: f'"x" <{ANSWER.upper()}>, other@example.org'}))
    assert (found.thread, found.recipient) == (OURS, ANSWER)


@pytest.mark.parametrize("name", ["In_Reply_To", "References"])
def test_the_thread_is_found_by_the_message_that_it_answers(name: str) -> None:
    found = read(mail(To=f"hub@{DOMAIN}", **{name: f"<old@example.org> <{OURS}-2@{DOMAIN}>"}))
    assert (found.thread, found.recipient) == (OURS, f"hub@{DOMAIN}")


def test_another_domains_reply_address_is_no_thread_of_ours() -> None:
    assert read(mail(To=f"reply+{OURS}@example.org", In_Reply_To=f"<{OURS}-1@example.org>")).thread is None


def test_something_new_is_read_with_its_subject() -> None:
    assert read(mail("what is an IPA?", To="hub@example.org", Subject="Zażółć")).text == "Zażółć\n\nwhat is an IPA?"
    assert read(mail("", To="hub@example.org", Subject="STOP")).text == "STOP"
    assert read(mail("", To="hub@example.org")).text == ""


def test_the_same_mail_has_the_same_id_and_no_other_has() -> None:
    assert read(mail()).vendor_id == read(b"Received: again\n" + mail()).vendor_id
    others = [mail(Message_ID="<2@example.org>"), mail(From="other@example.org"), mail(Message_ID="")]
    ids = {read(raw).vendor_id for raw in [mail(), *others]}
    assert len(ids) == 4
    assert all(len(each) <= 255 for each in [*ids, read(mail(Message_ID=f"<{'x' * 900}@example.org>")).vendor_id])


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        ("", "The mail has no sender."),
        ("nobody", "The mail has no sender."),
        ("a@example.org, b@example.org", "The mail has more than one sender."),
    ],
)
def test_a_person_writes_from_one_address(sender: str, words: str) -> None:
    raw = mail(From="").replace(b"To:", f"From: {sender}\nTo:".encode(), 1) if sender else mail(From="")
    with pytest.raises(UnreadableError) as refused:
        read(raw)
    assert refused.value.words == words


def test_two_headers_from_are_two_senders() -> None:
    with pytest.raises(UnreadableError):
        read(b"From: x@example.org\n" + mail())


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied (vacation)"},
        {"Auto-Submitted": "auto-generated; x=1"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "away"},
        {"List-Id": "<list.example.org>"},
    ],
)
def test_machines_are_known(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).automatic == "auto_reply"


def test_a_person_is_no_machine() -> None:
    assert read(mail(**{"Auto-Submitted": "no", "Precedence": "normal"})).automatic is None


def test_mail_without_a_return_path_is_a_machines() -> None:
    assert read(b"Return-Path: <>\n" + mail()).automatic == "robot"


def bounce(action: str = "failed", status: str = "5.1.1", sender: str = "MAILER-DAEMON@mx.example.org") -> bytes:
    return f"""Return-Path: <>
From: Mail Delivery System <{sender}>
To: hub@{DOMAIN}
Message-ID: <b1@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {PARENT}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

From: hub@{DOMAIN}
Message-ID: <{OURS}-3@{DOMAIN}>

--b--
""".encode()


def test_a_bounce_names_the_attempt_that_failed() -> None:
    found = read(bounce())
    assert (found.automatic, found.bounced, found.bounce_status) == ("bounce", (f"{OURS}-3",), "5.1.1")
    assert found.text == "I could not deliver it."


def test_a_delay_is_no_failure() -> None:
    found = read(bounce("delayed", "4.4.1"))
    assert (found.automatic, found.bounced) == ("bounce", ())


def test_a_bounce_may_come_from_nobody() -> None:
    assert read(bounce(sender="")).sender == "mailer-daemon"


def test_a_person_who_quotes_our_message_bounces_nothing() -> None:
    assert read(mail(f"I got this: <{OURS}-3@{DOMAIN}> failed, user unknown")).bounced == ()


@pytest.mark.parametrize("charset", ["x-unknown", "hex", "idna", "utf-16", "ks_c_5601-1987", "\x00", "a" * 500])
def test_an_unknown_charset_does_not_keep_words_out(charset: str) -> None:
    head = f'From: {PARENT}\nTo: {ANSWER}\nContent-Type: text/plain; charset="{charset}"\n\n'
    assert isinstance(read(head.encode() + "żółw".encode()).text, str)
    if charset in ("x-unknown", "hex"):
        assert read(head.encode() + "żółw".encode()).text == "żółw"


def test_only_text_is_read_and_the_rest_is_counted() -> None:
    message = EmailMessage()
    message["From"], message["To"] = PARENT, ANSWER
    message.set_content("<p>Yes</p>", subtype="html")
    message.add_attachment(b"x" * 100, maintype="image", subtype="jpeg", filename="a.jpg")
    message.add_attachment("ignored", filename="b.txt")
    found = read(message.as_bytes())
    assert (found.text, found.values) == ("Yes", {"attachments": "2"})


def test_a_plain_part_goes_before_its_page() -> None:
    message = EmailMessage()
    message["From"], message["To"] = PARENT, ANSWER
    message.set_content("plain")
    message.add_alternative("<p>page</p>", subtype="html")
    assert read(message.as_bytes()).text == "plain"


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth)
    )
    return f"From: {PARENT}\n".encode() + opened + b"\n\nx"


@pytest.mark.parametrize(
    "raw",
    [
        nested(30),
        nested(40) + b"x\n" * 400_000,
        nested(3000),
        f"From: {'(' * 100_000}{PARENT}\n\nx".encode(),
        b"From: a@example.org\nSubject: " + b"=?utf-8?b?" * 20_000 + b"\n\nx",
        b"From: a@example.org\nTo: " + b"reply+" * 50_000 + b"\n\nx",
        b"From: a@example.org\nReferences: " + b"<" * 300_000 + b"\n\nx",
        b"From: a@example.org\nContent-Type: text/html\n\n" + b"<a " * 100_000,
    ],
)
def test_hostile_mail_is_read_or_refused_in_good_time(raw: bytes) -> None:
    start = time.thread_time()
    with suppress(UnreadableError):
        read(raw)
    assert time.thread_time() - start < 10


HEADS = st.sampled_from(
    [
        b"From: a@example.org\n",
        b"From: \xff\xfe <b@example.org>\n",
        b"Content-Type: multipart/mixed; boundary=x\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n",
        b"Content-Type: text/plain; charset*0*=utf-8''%FF; charset=\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"Subject: =?utf-8?b?////?= =?x?q?=ZZ?=\n",
        b"Content-Disposition: attachment; filename*=x'y'%zz\n",
        b"Message-ID: <\n",
        b"--x\n",
        b"\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(HEADS, st.binary(max_size=40)), max_size=12))
def test_any_bytes_are_always_read_or_refused_in_words(pieces: list[bytes]) -> None:
    try:
        found = read(b"".join(pieces))
    except UnreadableError:
        return
    stored = [found.vendor_id, found.sender, found.recipient, found.text, *found.values.values()]
    assert not any("\0" in each for each in stored)
    assert "".join(stored).encode()
    assert len(found.vendor_id) <= 255
