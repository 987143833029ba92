from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask import Blueprint, Flask, current_app
from sqlalchemy.orm import Session

from channels.findings import Section
from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.identity_providers import IdentityProvider
from hub.web.branding import Branding, OwnBranding
from kernel.finding import Found
from people.model import Actor, SessionLimits
from people.permissions import Permission
from people.waiting import Look

EXTENSION = "site"


class Sandbox(StrEnum):
    """Whether the sandbox channels run, and whether real credentials stand beside them."""

    OFF = "off"
    ALONE = "alone"
    BESIDE_REAL = "beside_real"


Reader = Callable[[Session, Actor, str, datetime], object]
"""Reads the thing of an id for a person at a moment; raises NotFoundError where it is not theirs to read."""

Examine = Callable[[], Sequence[Section]]
"""Looks at the hub and its channels, and says what it found."""

Finder = Callable[[Session, Actor, str, datetime], str | None]
"""Finds the id of a thing by the reference that people use for it; None where there is none that is theirs to read."""


Find = Callable[[Session, Actor, str, int, datetime], list[Found]]
"""Finds what holds some words, at most so many, among what a person may read at a moment."""


@dataclass(frozen=True)
class Search:
    """One kind of thing that the search box finds; its page is `endpoint`, which takes the id as `argument`."""

    title: str
    permission: Permission
    find: Find
    endpoint: str
    argument: str


class Group(StrEnum):
    """The parts of the main menu, in their order."""

    FAMILIES = "Families"
    PLACEMENTS = "Placements"
    REGISTER = "The register"
    QUALITY = "Quality"
    PEOPLE = "People"
    HUB = "The hub"


@dataclass(frozen=True)
class Watch:
    """One kind of thing that waits in a place: what it is called, how it is counted, where its next step is.

    `one` and `many` name it ("referral to answer", "referrals to answer"). `to` is the endpoint of the next step with
    its `args`, the place's own where none is given. `is_since` says that the moment counted is since when it waits,
    not by when it is due.
    """

    one: str
    many: str
    look: Look
    to: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    is_since: bool = False


@dataclass(frozen=True)
class MenuItem:
    """One place of the main menu, shown to those who hold its permission.

    `watches` count what waits there for a person; the start page shows it.
    """

    text: str
    endpoint: str
    permission: Permission
    description: str
    group: Group = Group.HUB
    watches: tuple[Watch, ...] = ()


@dataclass(frozen=True)
class Site:
    """What the web shell is told by the wiring.

    `pages` are the blueprints of the domains, `webhooks` those that vendors post to and that prove themselves
    by signature instead of by form token; `menu` names the places of the domains. `link_pages` names for each
    purpose of a granting link the endpoint that serves it; the endpoint takes `token`. `limits_url` is where counts
    of sign-in attempts are kept (Redis), None for this process alone. `proxies` is how many proxies in front may be
    believed about the client's address. `messages` are all message types, `inbox` is where the web hands in what
    people press on it. `readers` read what messages are about, by its kind: whoever may not read the thing may not
    read of its messages either; `gates` do so for single types of message, by their key.
    `second_factor` is whether the permissions in STRONG ask for one. `finders` find such
    things by their references; `searches` are what the search box looks through. `branding` is that of the settings,
    `own_branding` reads that of a council; `contact_email` is where people write about the site.
    `examine` looks at the hub and its channels; `sms_pence` is what a segment costs, 0 where nobody said.
    `api_per_minute` is how often one token may ask the API; `webhook_inside` are hosts with ports of the hub's own
    network to which webhooks may be sent.
    """

    messages: Registry
    inbox: Inbox
    branding: Branding = field(default_factory=Branding)
    own_branding: OwnBranding | None = None
    contact_email: str = ""
    is_https: bool = False
    sandbox: Sandbox = Sandbox.OFF
    limits_url: str | None = None
    proxies: int = 0
    max_body_bytes: int = 1_000_000
    session_limits: SessionLimits = field(default_factory=SessionLimits)
    second_factor: bool = False
    identity_providers: tuple[IdentityProvider, ...] = ()
    pages: tuple[Blueprint, ...] = ()
    webhooks: tuple[Blueprint, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    keep_months: Mapping[str, int] = field(default_factory=dict)
    link_pages: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    gates: Mapping[str, Reader] = field(default_factory=dict)
    finders: Mapping[str, Finder] = field(default_factory=dict)
    examine: Examine = list
    sms_pence: float = 0
    searches: tuple[Search, ...] = ()
    api_per_minute: int = 600
    webhook_inside: tuple[str, ...] = ()


def site() -> Site:
    """Return what the running shell was told."""
    found: Site = current_app.extensions[EXTENSION]
    return found


def install(app: Flask, told: Site) -> None:
    """Keep what the shell was told with the application."""
    app.extensions[EXTENSION] = told
