from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True)
class CodeAsked(Event):
    """A code is wanted at a contact point, to prove that it is its owner's."""

    name: ClassVar[str] = "people.code_asked"
    check_id: str


@dataclass(frozen=True)
class WayInAsked(Event):
    """Somebody asked for a link or a code, at an address that we may or may not know."""

    name: ClassVar[str] = "people.way_in_asked"
    ask_id: str


@dataclass(frozen=True)
class AddressReplaced(Event):
    """A person changed an address themselves; the old contact point is to be told."""

    name: ClassVar[str] = "people.address_replaced"
    contact_point_id: str


@dataclass(frozen=True)
class AddressAdded(Event):
    """A contact point was proved; the others of somebody who has an account are to be told."""

    name: ClassVar[str] = "people.address_added"
    contact_point_id: str


@dataclass(frozen=True)
class InvitationSent(Event):
    """An invitation is to go out, under this grant."""

    name: ClassVar[str] = "people.invitation_sent"
    invitation_id: str
    grant_id: str


@dataclass(frozen=True)
class DetailsLinkAsked(Event):
    """A family's link to their own details is to go to them."""

    name: ClassVar[str] = "people.details_link_asked"
    person_id: str
    grant_id: str


@dataclass(frozen=True)
class PersonsMerged(Event):
    """Two records became one; what was written to the other at that very moment is still to follow."""

    name: ClassVar[str] = "people.persons_merged"
    merge_id: str
