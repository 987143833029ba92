from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from people.personal_data import PersonData
from people.web import (
    access,
    contacts,
    delegation,
    directory,
    family,
    importing,
    inviting,
    merging,
    own,
    places,
    profile,
    registering,
)


def blueprint(parts: Sequence[PersonData] = ()) -> Blueprint:
    """Return the pages of people; `parts` is what each domain holds of them, which a merge moves."""
    pages = Blueprint("people", "people", template_folder="templates")
    for part in (registering, importing, merging, inviting, directory, profile, access, contacts, own, family, places):
        pages.register_blueprint(part.pages)
    pages.record(lambda state: merging.give_parts(state.app, parts))
    return pages


def delegation_pages() -> Blueprint:
    """Return the page on which one names somebody to act for oneself."""
    return delegation.pages
