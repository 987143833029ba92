from __future__ import annotations

from http import HTTPStatus

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from channels.findings import Finding, bad, good, warning
from channels.sms.settings import STATUS_PATH, TwilioSettings
from channels.sms.transport import CurlHttpClient, TransportError
from channels.sms.webhook import INBOUND_PATH

_NOBODY = "0" * 26 + "-0"
"""An attempt that never was: a report about it changes nothing."""


def check_twilio(settings: TwilioSettings, *, timeout_s: float = 8) -> list[Finding]:
    """Look whether texts go out and come in: the account, the sender's webhook, and our own address and signature."""
    client = Client(
        settings.api_key_sid or settings.account_sid,
        settings.api_key_secret or settings.auth_token,
        settings.account_sid,
        http_client=CurlHttpClient(settings.api_url, timeout_s, timeout_s),
        edge=settings.edge or None,
        region=settings.region or None,
    )
    try:
        found = [_account(client), _sender(client, settings)]
    except TwilioRestException as refused:
        found = [_refused(refused)]
    except (TransportError, TwilioException) as error:
        found = [bad("SMS account", f"Twilio cannot be reached: {type(error).__name__}. Check the way out to it.")]
    return [*found, _loop(settings, timeout_s)]


def _refused(refused: TwilioRestException) -> Finding:
    if refused.status == HTTPStatus.UNAUTHORIZED:
        return bad("SMS account", "Twilio does not know this account with this token. Check HUB_TWILIO_AUTH_TOKENS.")
    return bad("SMS account", f"Twilio refuses with error {refused.code or refused.status}. Look it up at Twilio.")


def _account(client: Client) -> Finding:
    account = client.api.v2010.account.fetch()
    if account.status != "active":
        return bad("SMS account", f"The Twilio account is {account.status}: nothing goes out. Talk to Twilio.")
    if account.type == "Trial":
        return warning("SMS account", "A trial account reaches only numbers that were verified at Twilio. Upgrade it.")
    return good("SMS account", "The Twilio account is active and the token fits.")


def _sender(client: Client, settings: TwilioSettings) -> Finding:
    title, wanted = "SMS answers", settings.base_url + INBOUND_PATH
    if settings.messaging_service_sid:
        return warning(title, f"See at Twilio that the messaging service sends incoming texts to {wanted} by POST.")
    if not settings.from_number.startswith("+"):
        return warning(title, "Texts come from a name, not a number: nobody can answer them or send STOP.")
    numbers = client.incoming_phone_numbers.list(phone_number=settings.from_number, limit=1)
    if not numbers:
        return bad(title, "HUB_TWILIO_FROM is no number of this Twilio account.")
    if (numbers[0].sms_url, numbers[0].sms_method) != (wanted, "POST"):
        return bad(title, f"Twilio does not bring answers here. Set the number's webhook to {wanted} by POST.")
    return good(title, f"Twilio brings answers to {wanted}.")


def _loop(settings: TwilioSettings, timeout_s: float) -> Finding:
    """Report to ourselves by the public address, signed as Twilio signs, about an attempt that never was."""
    title = "SMS reports"
    address = f"{settings.base_url}{STATUS_PATH}?attempt={_NOBODY}"
    form = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "sent"}
    signature = RequestValidator(settings.auth_token).compute_signature(address, form)
    client = CurlHttpClient("", timeout_s, timeout_s)
    try:
        answer = client.request("POST", address, data=form, headers={"X-Twilio-Signature": signature})
    except TransportError as error:
        return bad(title, f"{settings.base_url} cannot be reached from here: {error.words}. Check HUB_BASE_URL.")
    if answer.status_code == HTTPStatus.FORBIDDEN:
        return bad(title, "Our own address refuses Twilio's signature: HUB_BASE_URL is not the address that it shows.")
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        return bad(title, f"Our own address answers {answer.status_code}. Does the proxy pass {STATUS_PATH} on?")
    return good(title, "Our public address takes a signed report.")
