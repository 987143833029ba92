"""The parts of a setting's two pages, for its provider and for staff.

To add one, write a view under /my-settings/<setting_id>/... or /register/settings/<setting_id>/... and one line here:
the link stands on the page for whoever holds the permission. The view takes the setting's id and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from people.model import Actor
from people.permissions import Permission, may


@dataclass(frozen=True)
class Section:
    """A part of a setting's page: what the link says, where it leads, who sees it, and what is to be done there."""

    title: str
    endpoint: str
    permission: Permission
    about: str


OWN: tuple[Section, ...] = (
    Section(
        "Documents",
        "fps.own_evidence.of_setting",
        Permission.SETTINGS_OWN,
        "Registrations, insurance and other papers: what holds, what runs out, what to send.",
    ),
    Section(
        "Page of the directory",
        "fps.own_profile.edit",
        Permission.SETTINGS_OWN,
        "What families and schools read of this setting.",
    ),
    Section(
        "Free places",
        "fps.places.own_history",
        Permission.SETTINGS_OWN,
        "What you have told of free places, and when.",
    ),
    Section(
        "Fees",
        "fps.own_fees.index",
        Permission.SETTINGS_OWN,
        "What a place costs on each lot, and what comes on top.",
    ),
)
"""On the provider's page of its setting, in this order."""

STAFF: tuple[Section, ...] = (
    Section(
        "Documents",
        "fps.evidence.of_setting",
        Permission.EVIDENCE_READ,
        "Registrations, insurance and other papers, with every version.",
    ),
    Section(
        "Free places",
        "fps.places.history",
        Permission.REGISTER_READ,
        "What its provider has told of free places, and when.",
    ),
    Section(
        "Fees",
        "fps.fees.of_setting",
        Permission.FEES_READ,
        "What it charges on each lot, has charged and will.",
    ),
    Section(
        "What GIAS and Ofsted say",
        "fps.schools.of_setting",
        Permission.REGISTER_READ,
        "Its entry in the public registers and its inspections.",
    ),
)
"""On the register's page of a setting, in this order."""


def links(sections: tuple[Section, ...], setting_id: str, actor: Actor) -> list[tuple[str, str, str]]:
    """Return title, address and what it is about, of the parts that the actor may open."""
    return [
        (section.title, url_for(section.endpoint, setting_id=setting_id), section.about)
        for section in sections
        if may(actor, section.permission)
    ]
