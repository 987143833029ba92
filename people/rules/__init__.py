from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import phonenumbers

from kernel.calendar import LONDON, at_london
from kernel.errors import InvalidInputError

QUIET_FROM = time(20)
QUIET_TO = time(8)
_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,255}")
_SLACK = re.compile(r"[CDGUW][A-Z0-9]{2,30}")


def normalise_address(channel: str, address: str) -> str:
    """Return an address in the one form in which it is kept and compared: E.164, lower-case email, Slack id.

    Raises InvalidInputError for what the channel could never reach. Numbers need be possible, not assigned:
    Ofcom's drama numbers are wanted in tests and demos.
    """
    text = address.strip()
    if channel == "sms":
        return _phone(text)
    if channel == "email":
        if not _EMAIL.fullmatch(text):
            raise InvalidInputError("address", "That is not an email address, like name@example.org.")
        return text.lower()
    if channel == "slack" and not _SLACK.fullmatch(text):
        raise InvalidInputError("address", "That is not a Slack member or channel id, like U012AB3CD.")
    return text


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException as error:
        raise InvalidInputError("address", "That is not a phone number, like 07700 900982.") from error
    if not phonenumbers.is_possible_number(number):
        raise InvalidInputError("address", "That is not a phone number, like 07700 900982.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def end_of_quiet(now: datetime, quiet_from: time = QUIET_FROM, quiet_to: time = QUIET_TO) -> datetime | None:
    """Return when the quiet hours around `now` end, or None outside them (V12: 20:00 to 08:00 London time).

    The hours may span midnight; equal ends mean that there are none.
    """
    local = now.astimezone(LONDON)
    at = local.time().replace(tzinfo=None)
    spans_midnight = quiet_from > quiet_to
    is_quiet = (at >= quiet_from or at < quiet_to) if spans_midnight else quiet_from <= at < quiet_to
    if not is_quiet:
        return None
    until: date = local.date() + timedelta(days=1) if spans_midnight and at >= quiet_from else local.date()
    return at_london(until, quiet_to)
