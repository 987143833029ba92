"""What a token of the API may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from people.model import OrganisationKind


class ApiScope(StrEnum):
    """What an operation of the API asks for; a token acts for one organisation within some of them."""

    REGISTER_READ = "register.read"
    FEES_READ = "fees.read"


SCOPE_WORDS: Mapping[ApiScope, str] = MappingProxyType(
    {
        ApiScope.REGISTER_READ: "Read the register: frameworks, lots, providers, settings and where they stand",
        ApiScope.FEES_READ: "Read the fees of settings on the frameworks through which the council buys",
    }
)

HELD_BY: Mapping[ApiScope, frozenset[OrganisationKind]] = MappingProxyType(
    {
        ApiScope.REGISTER_READ: frozenset({OrganisationKind.COUNCIL}),
        ApiScope.FEES_READ: frozenset({OrganisationKind.COUNCIL}),
    }
)
"""Which kinds of organisation may be given a scope: prices never reach a rival, who stands how is the councils'."""
