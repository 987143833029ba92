from __future__ import annotations

from dataclasses import dataclass, field

from channels.adapter import Pace
from kernel.errors import ConfigurationError

STATUS_PATH = "/webhooks/sms/status"


@dataclass(frozen=True)
class TwilioSettings:
    """What the SMS channel must be told.

    `base_url` is the hub's public address without a closing slash: Twilio signs with it and calls back to it.
    Exactly one of `from_number` (E.164, or a name that cannot be answered) and `messaging_service_sid` says who
    sends. `api_key_sid` and `api_key_secret` send in place of the auth token, which then only verifies webhooks.
    `older_auth_tokens` verify too, while a token is being changed. `units_per_s` is the sender's limit in SMS
    segments a second (10 for a UK number; 0 for none) and `burst` how many may go at once. `listed_after_s` is how long
    after an attempt its message is in Twilio's list for certain. `edge` and `region` choose Twilio's data centre;
    `api_url` replaces it where something else plays Twilio.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    base_url: str
    from_number: str = ""
    messaging_service_sid: str = ""
    api_key_sid: str = ""
    api_key_secret: str = field(default="", repr=False)
    older_auth_tokens: tuple[str, ...] = field(default=(), repr=False)
    units_per_s: float = 10
    burst: int = 100
    connections: int = 100
    connect_timeout_s: float = 5
    timeout_s: float = 15
    listed_after_s: float = 60
    edge: str = ""
    region: str = ""
    api_url: str = ""

    def __post_init__(self) -> None:
        """Refuse settings that contradict each other, with the name of the one to set."""
        if bool(self.from_number) == bool(self.messaging_service_sid):
            raise ConfigurationError("Set either the SMS sender's number or its messaging service, and not both.")
        if bool(self.api_key_sid) != bool(self.api_key_secret):
            raise ConfigurationError("A Twilio API key needs both its SID and its secret.")

    @property
    def pace(self) -> Pace | None:
        """The sender's limit."""
        return Pace(self.units_per_s, self.burst) if self.units_per_s else None

    @property
    def verifying_tokens(self) -> tuple[str, ...]:
        """Every token with which a webhook may be signed, the present one first."""
        return (self.auth_token, *self.older_auth_tokens)
