from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.identity_providers import LABEL, SCOPES, IdentityProvider, checked_providers
from kernel.errors import ConfigurationError

_ONLY_PROVIDER = "organisation"


class Settings(BaseSettings):
    """Everything that is set from outside: environment variables that begin with HUB_, or files in HUB_SECRETS_DIR.

    docs/settings.md lists them; a test keeps it complete.
    """

    model_config = SettingsConfigDict(env_prefix="HUB_", extra="forbid", hide_input_in_errors=True)

    base_url: str = Field("http://localhost:8000", description="The public address of the hub, without a closing slash")
    secret: SecretStr | None = Field(
        None, description="The secret from which every key is derived; keep it, keep it safe"
    )
    old_secrets: list[SecretStr] = Field(
        [], description="Secrets that HUB_SECRET replaced, the latest first: links and cookies of theirs still count"
    )
    data_keys: list[SecretStr] = Field(
        [], description="Secrets under which addresses and texts are sealed, newest first (JSON list); else HUB_SECRET"
    )
    database_url: str = Field(
        "sqlite:///var/hub.db", repr=False, description="Where the data is: SQLite or postgresql+psycopg://"
    )
    redis_url: str | None = Field(
        None, repr=False, description="Redis or Valkey; with it, several processes share the work"
    )
    product_name: str = Field("Co-production Hub", description="The name at the top of every page")
    brand_colour: str = Field(
        "#0b5a55", description="The colour of the header; white text must be readable on it (contrast 4.5)"
    )
    brand_council: str = Field("", description="Whose hub it is, shown beside its name; empty for nobody's")
    keep_months: dict[str, int] = Field(
        {},
        description="Retention: months by rule, in place of the schedule's own (JSON); docs/rights.md lists the rules",
    )
    contact_email: str = Field("", description="Where people write about the site; shown on its public pages")
    host: str = Field("127.0.0.1", description="The address on which the web server listens")
    port: int = Field(8000, description="The port on which the web server listens")
    threads: int = Field(16, description="How many requests the web server answers at once")
    proxies: int = Field(0, description="How many proxies in front may be believed about the client's address")
    lease_s: float = Field(120, description="Seconds after which a worker that fell silent loses what it had in hand")
    sweep_s: float = Field(2, description="Seconds between looks for work whose bell was lost")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged")
    worker_metrics_port: int | None = Field(
        None, description="Workers serve their own metrics from this port on, one port a process; none without it"
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer token for /metrics; without it only a hub at localhost shows them"
    )
    session_idle_minutes: int = Field(60, ge=5, description="Minutes without use after which a session ends")
    session_hours: int = Field(12, ge=1, description="Hours after which a session ends, used or not")
    second_factor: bool = Field(
        default=True, description="Ask for a second factor where personal data, referrals or safeguarding open"
    )
    oidc_issuer: str = Field("", description="Single sign-on: the address of the issuer (OpenID Connect)")
    oidc_client_id: str = Field("", description="Single sign-on: the id that the issuer gave the hub")
    oidc_client_secret: SecretStr | None = Field(None, description="Single sign-on: the secret that goes with it")
    oidc_label: str = Field(LABEL, description="Single sign-on: what the button says")
    oidc_scopes: str = Field(SCOPES, description="Single sign-on: what the hub asks the issuer for")
    oidc_email_domains: list[str] = Field(
        [], description="Single sign-on: email domains for which the issuer speaks (JSON list); none for any"
    )
    oidc_trust_emails: bool = Field(
        default=False, description="Single sign-on: the issuer vouches for all addresses in its email domains"
    )
    oidc_providers: list[IdentityProvider] = Field(
        [], description="Single sign-on: several issuers (JSON list), in place of the settings for one"
    )
    upload_mb: int = Field(10, ge=1, le=25, description="The largest document that a provider may upload, in MB")
    clamd_host: str = Field("", description="Virus scanner: host of ClamAV's clamd; empty where none looks at uploads")
    clamd_port: int = Field(3310, description="Virus scanner: port of the ClamAV daemon")
    clamd_socket: str = Field("", description="Virus scanner: Unix socket of the ClamAV daemon, in place of a host")

    sandbox: bool = Field(
        default=False, description="Show the sandbox page, and use its channels where none real is set"
    )

    api_per_minute: int = Field(600, ge=1, description="Requests a minute that one token of the API may make")
    webhook_inside: list[str] = Field(
        [],
        description="Webhooks: hosts of the own network that may be called, each with its port, http too (JSON list)",
    )
    sms_pence: float = Field(0, description="What one SMS segment costs, in pence, for the estimates; 0 shows none")
    twilio_account_sid: str = Field("", description="Twilio: account SID")
    twilio_auth_tokens: list[SecretStr] = Field([], description="Twilio: auth tokens, the one in use first (JSON list)")
    twilio_from: str = Field("", description="Twilio: the number that texts come from, in E.164")
    twilio_messaging_service_sid: str = Field("", description="Twilio: messaging service, instead of a number")
    twilio_api_key_sid: str = Field("", description="Twilio: API key that sends in place of the auth token")
    twilio_api_key_secret: SecretStr | None = Field(None, description="Twilio: secret of that API key")
    twilio_edge: str = Field("", description="Twilio: edge location, such as dublin")
    twilio_region: str = Field("", description="Twilio: region, such as ie1")
    twilio_api_url: str = Field("", description="Twilio: another address of the API, for tests")
    twilio_per_s: float = Field(10, description="Twilio: SMS segments a second; 0 for no limit")
    twilio_burst: int = Field(100, description="Twilio: segments that may go at once")
    twilio_connections: int = Field(100, description="Twilio: connections at once, for each worker")
    twilio_listed_after_s: float = Field(60, description="Twilio: seconds until a message is in its list for certain")

    smtp_host: str | None = Field(None, description="Email: SMTP server")
    smtp_port: int = Field(587, description="Email: port of the SMTP server")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="Email: how the line is secured")
    smtp_username: str | None = Field(None, description="Email: user at the SMTP server")
    smtp_password: SecretStr | None = Field(None, description="Email: password at the SMTP server")
    smtp_per_s: float = Field(20, description="Email: messages a second")
    smtp_connections: int = Field(4, description="Email: connections at once, for each worker")
    email_from: str = Field("hub@hub.example.org", description="Email: the address that messages come from")
    email_inbound_domain: str = Field("reply.hub.example.org", description="Email: the domain at which replies arrive")
    email_dkim_selector: str = Field("", description="Email: the selector of the DKIM key, for `hub doctor` to check")
    email_webhook_secrets: list[SecretStr] = Field(
        [], description="Email: secrets of the inbound webhook, newest first"
    )

    slack_bot_token: SecretStr | None = Field(None, description="Slack: bot token, begins with xoxb-")
    slack_signing_secret: SecretStr | None = Field(None, description="Slack: signing secret")
    slack_api_url: str = Field("https://slack.com/api/", description="Slack: address of the API, another one for tests")
    slack_per_s: float = Field(1, description="Slack: messages a second")

    @property
    def has_twilio(self) -> bool:
        """Tell whether SMS goes out through Twilio."""
        return bool(self.twilio_account_sid and self.twilio_auth_tokens)

    @property
    def has_smtp(self) -> bool:
        """Tell whether email goes out through an SMTP server."""
        return self.smtp_host is not None

    @property
    def has_clamd(self) -> bool:
        """Tell whether a virus scanner looks at uploads."""
        return bool(self.clamd_host or self.clamd_socket)

    @property
    def has_slack(self) -> bool:
        """Tell whether Slack is connected."""
        return bool(self.slack_bot_token and self.slack_signing_secret)

    @model_validator(mode="after")
    def _check_identity_providers(self) -> Self:
        _ = self.identity_providers
        return self

    @property
    def identity_providers(self) -> tuple[IdentityProvider, ...]:
        """Return the identity providers whose people sign in here.

        Raises ConfigurationError where they cannot stand beside each other, or one is set by halves.
        """
        found = list(self.oidc_providers)
        if self.oidc_issuer:
            if not self.oidc_client_id or self.oidc_client_secret is None:
                raise ConfigurationError("HUB_OIDC_ISSUER needs HUB_OIDC_CLIENT_ID and HUB_OIDC_CLIENT_SECRET.")
            found.append(
                IdentityProvider(
                    name=_ONLY_PROVIDER,
                    issuer=self.oidc_issuer,
                    client_id=self.oidc_client_id,
                    client_secret=self.oidc_client_secret,
                    label=self.oidc_label,
                    scopes=self.oidc_scopes,
                    email_domains=tuple(self.oidc_email_domains),
                    trust_emails=self.oidc_trust_emails,
                )
            )
        return checked_providers(tuple(found))

    @property
    def has_real_channels(self) -> bool:
        """Tell whether any channel reaches real people."""
        return self.has_twilio or self.has_smtp or self.has_slack


def read_settings(secrets_dir: Path | None = None) -> Settings:
    """Read the settings from the environment and, where one is named, from a directory of secret files."""
    return Settings(_secrets_dir=secrets_dir)
