from __future__ import annotations

from channels.adapter import Adapter
from channels.email.adapter import SmtpAdapter
from channels.email.settings import EmailSettings
from channels.model import Channel
from channels.render import Renderer
from channels.sandbox.adapter import SandboxAdapter
from channels.slack.adapter import SlackAdapter
from channels.slack.settings import SlackSettings
from channels.sms.adapter import TwilioAdapter
from channels.sms.ledger import MessageLedger
from channels.sms.settings import TwilioSettings
from channels.web.adapter import WebAdapter
from channels.wording import Registry
from hub.settings import Settings
from kernel.work import Ground


def open_adapters(settings: Settings, ground: Ground, registry: Registry, renderer: Renderer) -> dict[Channel, Adapter]:
    """Return the way out of each channel that is set up: the real one, else the sandbox's where that is on.

    What waits for a channel with neither goes another way or is held in sight (channels.delivery.detour).
    """
    found: dict[Channel, Adapter] = {Channel.WEB: WebAdapter()}
    if settings.sandbox:
        found |= {channel: SandboxAdapter(channel, ground) for channel in Channel if channel is not Channel.WEB}
    if settings.has_twilio:
        ledger = MessageLedger(ground, registry, renderer)
        found[Channel.SMS] = TwilioAdapter(twilio_settings(settings), ground.clock, ledger)
    if settings.has_smtp:
        found[Channel.EMAIL] = SmtpAdapter(email_settings(settings), ground.clock)
    if settings.has_slack:
        found[Channel.SLACK] = SlackAdapter(slack_settings(settings))
    return found


def twilio_settings(settings: Settings) -> TwilioSettings:
    """Return what the SMS channel must be told."""
    present, *older = [token.get_secret_value() for token in settings.twilio_auth_tokens]
    return TwilioSettings(
        account_sid=settings.twilio_account_sid,
        auth_token=present,
        base_url=settings.base_url.rstrip("/"),
        from_number=settings.twilio_from,
        messaging_service_sid=settings.twilio_messaging_service_sid,
        api_key_sid=settings.twilio_api_key_sid,
        api_key_secret=settings.twilio_api_key_secret.get_secret_value() if settings.twilio_api_key_secret else "",
        edge=settings.twilio_edge,
        region=settings.twilio_region,
        older_auth_tokens=tuple(older),
        units_per_s=settings.twilio_per_s,
        burst=settings.twilio_burst,
        connections=settings.twilio_connections,
        listed_after_s=settings.twilio_listed_after_s,
        api_url=settings.twilio_api_url,
    )


def slack_settings(settings: Settings) -> SlackSettings:
    """Return what the Slack channel must be told; without Slack, credentials that fit nothing."""
    token, secret = settings.slack_bot_token, settings.slack_signing_secret
    return SlackSettings(
        bot_token=token.get_secret_value() if token else "",
        signing_secret=secret.get_secret_value() if secret else "",
        base_url=settings.slack_api_url,
        per_s=settings.slack_per_s,
    )


def email_settings(settings: Settings) -> EmailSettings:
    """Return what the email channel must be told."""
    password = settings.smtp_password
    return EmailSettings(
        host=settings.smtp_host or "",
        from_address=settings.email_from,
        from_name=settings.product_name,
        # without the webhook nobody reads that domain: answers go to the sender's address
        inbound_domain=settings.email_inbound_domain if settings.email_webhook_secrets else "",
        port=settings.smtp_port,
        security=settings.smtp_security,
        username=settings.smtp_username or "",
        password=password.get_secret_value() if password else "",
        webhook_secrets=tuple(secret.get_secret_value() for secret in settings.email_webhook_secrets),
        per_s=settings.smtp_per_s,
        connections=settings.smtp_connections,
    )
