from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from channels.adapter import Pace
from kernel.errors import ConfigurationError


@dataclass(frozen=True)
class EmailSettings:
    """What the email channel must be told.

    `from_address` and `from_name` are what messages come from. Replies go to reply+<message id>@`inbound_domain`, where
    something must take them and post them to the webhook, signed with one of `webhook_secrets` (several while one is
    being changed). Without an inbound domain answers go to `from_address`. `per_s` messages a second at most, 0
    for no limit, over `connections` kept connections; one that rested longer than `fresh_s` is asked whether it
    still lives before it is used.
    """

    host: str
    from_address: str
    from_name: str = ""
    inbound_domain: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    per_s: float = 20
    connections: int = 4
    timeout_s: float = 60
    fresh_s: float = 10

    def __post_init__(self) -> None:
        """Refuse a sender's address that is none."""
        local, _, domain = self.from_address.partition("@")
        if not (local and domain and self.from_address.isascii() and self.from_address.isprintable()):
            raise ConfigurationError("Set the address that email comes from, like hub@example.org.")

    @property
    def domain(self) -> str:
        """The domain in which our messages' ids are made."""
        return self.from_address.partition("@")[2]

    @property
    def pace(self) -> Pace | None:
        """The server's limit."""
        return Pace(self.per_s, max(1, int(self.per_s))) if self.per_s else None
