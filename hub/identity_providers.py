from __future__ import annotations

import ipaddress
import re
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from kernel.errors import ConfigurationError
from people.rules.identity import Trust

LABEL = "Sign in with your council account"
SCOPES = "openid email profile"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_ENTRA = ("login.microsoftonline.com", "login.microsoftonline.us")


class IdentityProvider(BaseModel):
    """An OpenID Connect issuer whose people sign in here, and how far it is believed; see docs/sign_in.md.

    `strong` are the words in a token's amr, acr or acrs that say that a second factor was used. `subject_claim` is
    what names somebody for ever: `sub`, or with Microsoft Entra ID `oid` within the tenant `tid`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str
    issuer: str
    client_id: str
    client_secret: SecretStr
    label: str = LABEL
    scopes: str = SCOPES
    email_domains: tuple[str, ...] = ()
    trust_emails: bool = False
    strong: frozenset[str] = Field(frozenset({"mfa"}))
    acr_values: str = ""
    subject_claim: Literal["sub", "oid"] | None = None

    @property
    def trust(self) -> Trust:
        """How far the provider's email addresses are believed."""
        return Trust(self.email_domains, self.trust_emails)

    @property
    def names_by_oid(self) -> bool:
        """Tell whether the lasting name of a person is oid and tid."""
        if self.subject_claim is None:
            return urlsplit(self.issuer).hostname in _ENTRA
        return self.subject_claim == "oid"

    def may_call(self, url: str) -> bool:
        """Tell whether the hub may talk to an address that the issuer's own description names.

        Only https to a named host, nothing in front of it or instead of it; plain http and this machine only for an
        issuer on this machine. So a description cannot send the hub to the inside of the network it runs in.
        """
        parts = urlsplit(url)
        if is_local(urlsplit(self.issuer)):
            return is_local(parts) and parts.scheme in {"http", "https"}
        return parts.scheme == "https" and not parts.username and not is_local(parts) and _has_name(parts)


def is_local(parts: SplitResult) -> bool:
    """Tell whether an address is on this machine."""
    return parts.hostname in _LOCAL


def _has_name(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".")
    return False


def checked_providers(providers: tuple[IdentityProvider, ...]) -> tuple[IdentityProvider, ...]:
    """Return the providers if they can stand beside each other.

    Raises ConfigurationError for a name or issuer that is unfit or doubled, and where several providers are set and
    one does not say for which email domains it speaks: it could then take over an account of another's.
    """
    for provider in providers:
        _check(provider)
    for what, values in (("name", [p.name for p in providers]), ("issuer", [p.issuer for p in providers])):
        if len(set(values)) < len(values):
            raise ConfigurationError("Two identity providers in HUB_OIDC_PROVIDERS have the same {what}.", what=what)
    silent = [provider.name for provider in providers if not provider.email_domains]
    if len(providers) > 1 and silent:
        raise ConfigurationError(
            "With several identity providers each must say for which email_domains it speaks: {names}.",
            names=", ".join(silent),
        )
    return providers


def _check(provider: IdentityProvider) -> None:
    if not _NAME.fullmatch(provider.name):
        raise ConfigurationError(
            "The identity provider's name {name} must be small letters, digits and hyphens.", name=provider.name
        )
    parts = urlsplit(provider.issuer)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_local(parts))
    if not is_safe or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ConfigurationError(
            "The issuer of the identity provider {name} must be an https address without a question mark.",
            name=provider.name,
        )
    if provider.trust_emails and not provider.email_domains:
        raise ConfigurationError(
            "The identity provider {name} has trust_emails without email_domains: say whose addresses it vouches for.",
            name=provider.name,
        )
    if "openid" not in provider.scopes.split():
        raise ConfigurationError("The scopes of the identity provider {name} lack openid.", name=provider.name)
