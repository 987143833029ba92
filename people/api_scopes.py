"""What a token of the API may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from people.model import OrganisationKind
from people.permissions import Permission


class ApiScope(StrEnum):
    """What an operation of the API asks for; a token acts for one organisation within some of them."""

    REGISTER_READ = "register.read"
    FEES_READ = "fees.read"
    REFERRALS_READ = "referrals.read"
    REFERRALS_WRITE = "referrals.write"


SCOPE_WORDS: Mapping[ApiScope, str] = MappingProxyType(
    {
        ApiScope.REGISTER_READ: "Read the register: frameworks, lots, providers, settings and where they stand",
        ApiScope.FEES_READ: "Read the fees on frameworks through which the council buys, once a commissioner agrees",
        ApiScope.REFERRALS_READ: "Read how the council's referrals stand and are decided, once a commissioner agrees",
        ApiScope.REFERRALS_WRITE: "Begin drafts of referrals, once a commissioner agrees",
    }
)

HELD_BY: Mapping[ApiScope, frozenset[OrganisationKind]] = MappingProxyType(
    {
        ApiScope.REGISTER_READ: frozenset({OrganisationKind.COUNCIL}),
        ApiScope.FEES_READ: frozenset({OrganisationKind.COUNCIL}),
        ApiScope.REFERRALS_READ: frozenset({OrganisationKind.COUNCIL}),
        ApiScope.REFERRALS_WRITE: frozenset({OrganisationKind.COUNCIL}),
    }
)
"""Which kinds of organisation may be given a scope: prices never reach a rival, who stands how is the councils'."""

APPROVED_BY: Mapping[ApiScope, Permission] = MappingProxyType(
    {
        ApiScope.FEES_READ: Permission.FEES_READ,
        ApiScope.REFERRALS_READ: Permission.REFERRALS_ISSUE,
        ApiScope.REFERRALS_WRITE: Permission.REFERRALS_ISSUE,
    }
)
"""Scopes that open what an administrator may not read, and who in the organisation must approve them first."""


class Approval(StrEnum):
    """How it stands with the scopes of a token that somebody must approve."""

    NOT_NEEDED = "none"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


APPROVAL_WORDS: Mapping[Approval, tuple[str, str]] = MappingProxyType(
    {
        Approval.WAITING: ("Waits for approval", "yellow"),
        Approval.APPROVED: ("Approved", "green"),
        Approval.REFUSED: ("Refused", "red"),
    }
)
"""How each is told, as a tag in words and colour; where nothing is to approve, nothing is told."""
