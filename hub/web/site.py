from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask import Blueprint, Flask, current_app
from sqlalchemy.orm import Session

from channels.inbox.accept import Inbox
from channels.wording import Registry
from people.model import Actor
from people.permissions import Permission

EXTENSION = "site"


class Sandbox(StrEnum):
    """Whether the sandbox channels run, and whether real credentials stand beside them."""

    OFF = "off"
    ALONE = "alone"
    BESIDE_REAL = "beside_real"


Reader = Callable[[Session, Actor, str, datetime], object]
"""Reads the thing of an id for a person at a moment; raises NotFoundError where it is not theirs to read."""


@dataclass(frozen=True)
class MenuItem:
    """One place of the main menu, shown to those who hold its permission.

    `count` says how much waits there for this person; the start page shows it. `waiting` is what it counts, in
    the singular and the plural ("referral to answer", "referrals to answer").
    """

    text: str
    endpoint: str
    permission: Permission
    description: str
    waiting: tuple[str, str] | None = None
    count: Callable[[Session, Actor, datetime], int] | None = None


@dataclass(frozen=True)
class Site:
    """What the web shell is told by the wiring.

    `pages` are the blueprints of the domains, `webhooks` those that vendors post to and that prove themselves
    by signature instead of by form token; `menu` names the places of the domains. `link_pages` names for each
    purpose of a granting link the endpoint that serves it; the endpoint takes `token`. `limits_url` is where counts
    of sign-in attempts are kept (Redis), None for this process alone. `proxies` is how many proxies in front may be
    believed about the client's address. `messages` are all message types, `inbox` is where the web hands in what
    people press on it. `readers` read what messages are about, by its kind: whoever may not read the thing may not
    read of its messages either.
    """

    messages: Registry
    inbox: Inbox
    product_name: str = "Co-production Hub"
    is_https: bool = False
    sandbox: Sandbox = Sandbox.OFF
    limits_url: str | None = None
    proxies: int = 0
    max_body_bytes: int = 1_000_000
    pages: tuple[Blueprint, ...] = ()
    webhooks: tuple[Blueprint, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    link_pages: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)


def site() -> Site:
    """Return what the running shell was told."""
    found: Site = current_app.extensions[EXTENSION]
    return found


def install(app: Flask, told: Site) -> None:
    """Keep what the shell was told with the application."""
    app.extensions[EXTENSION] = told
