from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import cast

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from channels.email.compose import Composer, UnsendableError, wire_address
from channels.email.settings import EmailSettings
from channels.model import Attachment
from kernel.errors import ConfigurationError
from tests.channels.email.smtp_world import DOMAIN, INVITATION, PARENT, REPLIES, message_id, post, settings

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
COMPOSER = Composer(settings())
LONG = "word " * 400
URDU = "آپ کے دورے کی تاریخ منگل ہے"


def compose(**more: object) -> bytes:
    return COMPOSER.compose(post(**more), PARENT, AT)  # type: ignore[arg-type]  # each has its type


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert [each.defects for each in message.walk()] == [[]] * len(list(message.walk()))
    return message


def part(message: EmailMessage, kind: str) -> str:
    (found,) = [each for each in message.walk() if each.get_content_type() == kind]
    return str(found.get_content()).replace("\r\n", "\n")


def check_wire(raw: bytes) -> None:
    """RFC 5321 and 5322: 7-bit, lines ended by CRLF alone and at most 998 octets long."""
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").count(b"\r") == raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\0" not in raw


def test_a_message_has_all_that_an_answer_or_a_bounce_gives_back() -> None:
    message = read(compose())
    assert message["From"] == f"Co-production Hub <hub@{DOMAIN}>"
    assert message["To"] == PARENT
    assert message["Subject"] == "A visit"
    assert message["Message-ID"] == f"<{message_id(1)}-1@{DOMAIN}>" == COMPOSER.message_id(f"{message_id(1)}-1")
    assert message["Reply-To"] == f"reply+{message_id(1)}@{REPLIES}"
    assert message["Date"].datetime == AT
    assert (message["Auto-Submitted"], message["MIME-Version"]) == ("auto-generated", "1.0")
    assert [each.get_content_type() for each in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_without_an_inbound_domain_answers_go_to_the_sender() -> None:
    composer = Composer(EmailSettings("127.0.0.1", f"hub@{DOMAIN}"))
    assert "Reply-To" not in read(composer.compose(post(), PARENT, AT))


def test_the_page_has_paragraphs_lines_and_links_and_no_markup_of_the_texts_own() -> None:
    html = part(
        read(compose(text="One <b>&\ntwo\n\n\nhttps://a.example.org/?x=1&y=2).", title="<script>")), "text/html"
    )
    assert "One &lt;b&gt;&amp;<br>" in html
    assert '<a href="https://a.example.org/?x=1&amp;y=2"' in html
    assert ">https://a.example.org/?x=1&amp;y=2</a>).</p>" in html
    assert "<script>" not in html
    assert "<style" not in html
    assert html.count("<p class") == 3
    assert "%" not in html.replace("100%", "")


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("pl", "ltr"), ("ur", "rtl")])
def test_the_page_runs_in_the_direction_of_its_language(language: str, direction: str) -> None:
    html = part(read(compose(language=language, text=URDU)), "text/html")
    assert f'<html lang="{language}" dir="{direction}">' in html


@pytest.mark.parametrize(
    "text", ["plain", "£5 and żółw", URDU, LONG, "ż" * 5000, ".\n..\n.hidden", "a\n\nFrom b\n.", ""]
)
def test_a_text_arrives_as_it_was_written_in_the_plainest_encoding(text: str) -> None:
    raw = compose(text=text)
    check_wire(raw)
    assert part(read(raw), "text/plain").rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize(
    "title", ["A visit", "£", "a" * 300, URDU * 5, "=?utf-8?b?x?=", "two  words\r\nBcc: x@example.org"]
)
def test_a_subject_arrives_on_one_line(title: str) -> None:
    raw = compose(title=title)
    check_wire(raw)
    message = read(raw)
    assert message["Subject"] == " ".join(title.split())
    assert message["Bcc"] is None
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 100


without_deadline = hypothesis_settings(deadline=None)
ANYTHING = st.text(st.characters(), max_size=300)


def as_read(text: str) -> str:
    """What of a text can arrive: no control characters, one kind of line end, no halves of characters."""
    kept = "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign in "\n\t" or sign >= " ")
    return kept.replace("\x7f", "").encode("utf-8", "replace").decode()


@without_deadline
@given(ANYTHING, ANYTHING, st.sampled_from(["en", "pl", "ur"]))
def test_whatever_is_written_is_always_read_back(text: str, title: str, language: str) -> None:
    raw = compose(text=text, title=title, language=language)
    check_wire(raw)
    message = read(raw)
    wanted = " ".join(
        "".join(s for s in title if (s >= " " and s != "\x7f") or (s.isspace() and s in "\t\n\r")).split()
    )
    assert " ".join(str(message["Subject"]).split()) == wanted.encode("utf-8", "replace").decode()
    assert part(message, "text/plain").rstrip("\n") == as_read(text).rstrip("\n")
    shown = unescape(part(message, "text/html"))
    assert all(line.strip() in shown for line in as_read(text).split("\n") if "://" not in line and "&" not in line)
    assert len(list(message.walk())) == 3


@without_deadline
@given(st.text(st.characters(), min_size=1, max_size=80), ANYTHING)
def test_whatever_is_attached_is_always_read_back(name: str, content: str) -> None:
    raw = compose(attachments=(Attachment(name, "text/plain", content),))
    check_wire(raw)
    message = read(raw)
    (attached,) = message.iter_attachments()
    got = cast("bytes", attached.get_payload(decode=True)).decode()
    assert (
        got.replace("\r\n", "\n")
        == content.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    )
    assert attached.get_filename()


def test_an_invitation_stands_beside_the_text_and_is_attached() -> None:
    """How Outlook and Google show it: an alternative with its method, and a file for all others."""
    raw = compose(attachments=(INVITATION,))
    check_wire(raw)
    message = read(raw)
    kinds = [each.get_content_type() for each in message.walk()]
    alternatives = ["multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert kinds == ["multipart/mixed", *alternatives, "application/ics"]
    calendar = next(each for each in message.walk() if each.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert part(message, "text/calendar") == INVITATION.content
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_disposition()) == ("visit.ics", "attachment")
    assert attached.get_content() == INVITATION.content.replace("\n", "\r\n").encode()


def test_a_name_cannot_begin_a_header_or_leave_its_folder() -> None:
    message = read(compose(attachments=(Attachment("../a\r\nBcc: x@example.org", "text/plain", "x"),)))
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "..-a Bcc: x@example.org"
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "parent",
        "@example.org",
        "a b@example.org",
        "a@example.org\r\nRCPT TO:<x@example.org>",
        "a@b@c",
        "ż@example.org",
    ],
)
def test_an_address_that_smtp_cannot_carry_is_refused(address: str) -> None:
    with pytest.raises(UnsendableError):
        wire_address(address)


def test_a_domain_of_any_script_goes_out_in_ascii() -> None:
    assert wire_address("o'brien+x@żółw.example.org") == "o'brien+x@xn--w-uga1v8h.example.org"


@pytest.mark.parametrize("address", ["", "hub", "hub@", "hub@x\r\nBcc: y", "żub@example.org"])
def test_a_sender_that_is_no_address_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ConfigurationError):
        EmailSettings("127.0.0.1", address)
