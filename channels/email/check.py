from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence

import dns.exception
import dns.resolver

from channels.email.line import CutOffError, Line, SmtpRefusedError
from channels.email.settings import EmailSettings
from channels.findings import Finding, bad, good, warning

Lookup = Callable[[str, str], Sequence[str]]
"""Returns the DNS records of a name and a kind such as TXT as text; none where there are none."""

_PATIENCE_S = 5.0


def look_up(name: str, kind: str) -> list[str]:
    """Ask the DNS; raises dns.exception.DNSException where no server answers."""
    resolver = dns.resolver.Resolver()
    try:
        answer = resolver.resolve(name, kind, lifetime=_PATIENCE_S)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    if kind == "TXT":
        return [b"".join(record.strings).decode(errors="replace") for record in answer]
    return [record.to_text() for record in answer]


def check_email(settings: EmailSettings, dkim_selector: str = "", lookup: Lookup = look_up) -> list[Finding]:
    """Look whether the mail server takes our letters, and whether others will believe that they are ours."""
    found = [_server(settings)]
    try:
        found += [
            _spf(settings.domain, lookup),
            _dmarc(settings.domain, lookup),
            _dkim(settings.domain, dkim_selector, lookup),
            _answers(settings, lookup),
        ]
    except dns.exception.DNSException as error:
        found.append(bad("DNS", f"The DNS does not answer: {type(error).__name__}. Check the way out to it."))
    return found


def _server(settings: EmailSettings) -> Finding:
    title = "Mail server"
    line = Line(settings, ssl.create_default_context())
    try:
        line.greet()
    except SmtpRefusedError as refused:
        return bad(title, f"The mail server refuses us ({refused.code}). Check HUB_SMTP_USERNAME and the password.")
    except CutOffError as error:
        return bad(title, f"The mail server cannot be used: {error}. Check HUB_SMTP_HOST, its port and security.")
    finally:
        line.close()
    return good(title, "The mail server lets us in.")


def _starting(records: Sequence[str], mark: str) -> list[str]:
    return [record for record in records if record.lower().replace(" ", "").startswith(mark)]


def _spf(domain: str, lookup: Lookup) -> Finding:
    found = _starting(lookup(domain, "TXT"), "v=spf1")
    if len(found) == 1:
        return good("SPF", f"{domain} says who may send its mail: {found[0]}")
    if found:
        return bad("SPF", f"{domain} has {len(found)} SPF records: receivers then believe none. Leave one.")
    return bad("SPF", f"{domain} has no SPF record: add a TXT record v=spf1 that names your mail server.")


def _dmarc(domain: str, lookup: Lookup) -> Finding:
    if _starting(lookup(f"_dmarc.{domain}", "TXT"), "v=dmarc1"):
        return good("DMARC", f"_dmarc.{domain} says what to do with mail that only pretends to be ours.")
    return warning("DMARC", f"There is no record _dmarc.{domain}: add a TXT record, such as v=DMARC1; p=quarantine.")


def _dkim(domain: str, selector: str, lookup: Lookup) -> Finding:
    if not selector:
        return warning("DKIM", "Set HUB_EMAIL_DKIM_SELECTOR to what your mail server signs with, to have it checked.")
    name = f"{selector}._domainkey.{domain}"
    if any("p=" in record for record in lookup(name, "TXT")):
        return good("DKIM", f"{name} holds the key with which our mail is signed.")
    return bad("DKIM", f"{name} holds no key: add the TXT record that your mail server gives you.")


def _answers(settings: EmailSettings, lookup: Lookup) -> Finding:
    title, domain = "Email answers", settings.inbound_domain
    if not domain:
        return warning(title, "Nobody reads answers to our letters: set HUB_EMAIL_WEBHOOK_SECRETS to have them read.")
    servers = lookup(domain, "MX")
    if servers:
        return good(title, f"Answers to {domain} go to {servers[0].split()[-1].rstrip('.')}.")
    return bad(title, f"{domain} has no MX record: answers to our letters reach nobody.")
