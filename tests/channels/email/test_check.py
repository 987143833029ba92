from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from channels.email.check import check_email, look_up
from channels.findings import Finding, State
from tests.channels.email.smtp_world import DOMAIN, REPLIES, settings
from tests.services.mailbox import Mailbox

GOOD_RECORDS = {
    (DOMAIN, "TXT"): ["site-verification=1", "v=spf1 include:mail.example.org -all"],
    (f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=quarantine"],
    (f"mail._domainkey.{DOMAIN}", "TXT"): ["v=DKIM1; k=rsa; p=abc"],
    (REPLIES, "MX"): ["10 mx.example.org."],
}
Records = Mapping[tuple[str, str], list[str]]


def _check(mailbox: Mailbox, records: Records, selector: str = "mail", **more: object) -> dict[str, Finding]:
    told = settings(port=mailbox.port, **more)
    found = check_email(told, selector, lambda name, kind: records.get((name, kind), []))
    return {finding.title: finding for finding in found}


def test_a_server_that_lets_us_in_and_a_domain_that_says_so_are_good(mailbox: Mailbox) -> None:
    found = _check(mailbox, GOOD_RECORDS)
    assert {finding.state for finding in found.values()} == {State.GOOD}
    assert mailbox.messages == [], "a check sends nothing"
    assert found["Email answers"].text == f"Answers to {REPLIES} go to mx.example.org."


def test_a_domain_that_says_nothing_is_told(mailbox: Mailbox) -> None:
    found = _check(mailbox, {})
    states = {title: finding.state for title, finding in found.items()}
    assert states == {
        "Mail server": State.GOOD,
        "SPF": State.BAD,
        "DMARC": State.WARNING,
        "DKIM": State.BAD,
        "Email answers": State.BAD,
    }


def test_two_spf_records_are_worse_than_one(mailbox: Mailbox) -> None:
    twice = {**GOOD_RECORDS, (DOMAIN, "TXT"): ["v=spf1 -all", "V=SPF1 +all"]}
    assert _check(mailbox, twice)["SPF"].state is State.BAD


def test_without_a_selector_the_key_cannot_be_looked_for(mailbox: Mailbox) -> None:
    assert "HUB_EMAIL_DKIM_SELECTOR" in _check(mailbox, GOOD_RECORDS, selector="")["DKIM"].text


def test_a_server_that_is_not_there_is_told() -> None:
    told = settings(port=1, timeout_s=2.0)
    found = check_email(told, "mail", lambda _name, _kind: [])
    assert found[0].state is State.BAD
    assert "HUB_SMTP_HOST" in found[0].text


def test_a_dns_that_does_not_answer_is_told(mailbox: Mailbox) -> None:
    def lost(_name: str, _kind: str) -> list[str]:
        raise dns.exception.Timeout

    found = check_email(settings(port=mailbox.port), "mail", lost)
    assert [(finding.title, finding.state) for finding in found] == [
        ("Mail server", State.GOOD),
        ("DNS", State.BAD),
    ]


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A name server of this machine that knows one text in two pieces, and is asked instead of the system's."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as door:
        door.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer, args=(door,), daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], door.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "Resolver", lambda: resolver)
        yield
        door.sendto(b"", door.getsockname())
        thread.join()


def _answer(door: socket.socket) -> None:
    while True:
        asked, client = door.recvfrom(4096)
        if not asked:
            return
        query = dns.message.from_wire(asked)
        reply = dns.message.make_response(query)
        name = query.question[0].name
        if name.to_text() == f"{DOMAIN}.":
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"v=spf1 " "-all"'))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        door.sendto(reply.to_wire(), client)


@pytest.mark.usefixtures("name_server")
def test_records_are_asked_for_over_the_wire() -> None:
    assert look_up(DOMAIN, "TXT") == ["v=spf1 -all"]
    assert look_up(f"none.{DOMAIN}", "TXT") == []
