"""Whom an identity provider may speak for: an email address picks an account only if somebody answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trust:
    """How far one identity provider is believed.

    `domains` are those of the email addresses that it speaks for; none means any. `vouches` says that it gives only
    addresses that it has checked itself, so that its tokens need not say so one by one; it counts only together with
    `domains`.
    """

    domains: tuple[str, ...] = ()
    vouches: bool = False


@dataclass(frozen=True)
class Identity:
    """Who somebody is at an identity provider: its issuer and its own lasting name for them.

    `email` is their address only where it may pick an account.
    """

    issuer: str
    subject: str
    email: str | None = None


def believed_email(claims: Mapping[str, Any], trust: Trust) -> str | None:
    """Return the address of a token if it may pick an account, else None.

    It must lie in the provider's domains, and either the token says that it was verified or the provider vouches for
    all of its domains. Where people can set their own address, neither holds, and nobody can take over an account by
    typing somebody else's.
    """
    email = claims.get("email")
    if not isinstance(email, str) or email.count("@") != 1:
        return None
    address = email.strip().lower()
    is_own = address.partition("@")[2] in {domain.lower() for domain in trust.domains}
    if trust.domains and not is_own:
        return None
    told = claims.get("email_verified")
    is_verified = told is True or told == "true"
    return address if is_verified or (trust.vouches and is_own) else None


def is_multi_factor(claims: Mapping[str, Any], strong: frozenset[str]) -> bool:
    """Tell whether the token says that a second factor was used: one of `strong` in its amr, acr or acrs claim."""
    return any(strong & _words(claims.get(name)) for name in ("amr", "acr", "acrs"))


def _words(claim: object) -> frozenset[str]:
    if isinstance(claim, str):
        return frozenset({claim})
    return frozenset(map(str, claim)) if isinstance(claim, list) else frozenset()
