from __future__ import annotations

from http import HTTPStatus

from channels.model import Outcome, OutcomeKind

OPTED_OUT = 21610
PAUSE_FOR_OPERATOR_S = 300
PAUSE_WHEN_FULL_S = 60

_OURS = {
    20003: "the account or its token is refused",
    20005: "the account is not active",
    20006: "access is denied",
    20008: "these are test credentials",
    20404: "the account is not there",
    21212: "the sender is not a valid number",
    21603: "no sender is set",
    21606: "the sender does not belong to the account or cannot send SMS",
    21607: "the sender does not belong to the account or cannot send SMS",
    21609: "the status callback's address is refused: check the public address",
    21659: "the sender does not belong to the account",
    21660: "the sender does not belong to the account",
    21661: "the sender cannot send SMS",
    21701: "the messaging service is not there",
    21703: "the messaging service has no sender",
    21704: "the messaging service has no sender",
    21705: "the messaging service is not valid",
}
"""Our own settings or account: nobody's number is at fault, an operator must act, and nothing else would go either."""

_FULL = {
    14107: "too many messages",
    20429: "too many requests",
    21611: "the sender's queue is full",
    30001: "the sender's queue is full",
    63038: "the account's daily limit is reached",
}
"""Twilio takes nothing more for the moment."""

_THEIRS = {
    21211: "not a phone number",
    21217: "not a phone number",
    21265: "a short code cannot be written to",
    21408: "the account may not send to that country",
    21421: "not a phone number",
    OPTED_OUT: "the person texted STOP",
    21612: "the number cannot be reached from this sender",
    21614: "not a mobile number",
    21617: "longer than 1,600 characters",
    21619: "an empty text",
    30002: "the account was suspended",
    30003: "the phone is off or out of reach",
    30004: "the number or its network blocks the text",
    30005: "the number does not exist any more",
    30006: "a landline or a network that takes no SMS",
    30007: "the network filtered the text out",
    30008: "the network gave no reason",
    30034: "the sender is not registered with the network",
}
_WORDS = _OURS | _FULL | _THEIRS
_DEAD = frozenset({21211, 21217, 21421, 21614, 30005, 30006})
"""No text will ever reach this number: it is none, is nobody's, or is a landline's."""


def explain(code: int | str | None) -> str:
    """Say in words for the history what an error code of Twilio's means; never repeats Twilio's own sentence.

    Twilio's sentences hold phone numbers.
    """
    written = str(code)
    if not (written.isascii() and written.isdecimal()):
        return "Twilio gave no code"
    words = _WORDS.get(int(written))
    return f"Twilio {int(written)}" + (f": {words}" if words else "")


def is_dead(code: int | str | None) -> bool:
    """Tell whether an error code says that texts to this number can never arrive."""
    written = str(code)
    return written.isascii() and written.isdecimal() and int(written) in _DEAD


def refusal(status: int, code: int | None) -> Outcome:
    """Read the refusal of a new message: whose fault it is decides whether it is tried again.

    A 5xx may have been processed, says Twilio's page on error 20500, so nobody knows until the list is read.
    """
    detail = explain(code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Outcome(OutcomeKind.UNKNOWN, detail=f"HTTP {status}")
    if code in _FULL:
        return Outcome(OutcomeKind.RETRY, detail=detail, pause_s=PAUSE_WHEN_FULL_S)
    if code in _OURS or status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return Outcome(OutcomeKind.RETRY, detail=f"operator: {detail}", pause_s=PAUSE_FOR_OPERATOR_S)
    if code in (None, status):
        # Not Twilio's own answer: something between us and Twilio refused it.
        return Outcome(OutcomeKind.RETRY, detail=f"operator: HTTP {status}", pause_s=PAUSE_FOR_OPERATOR_S)
    return Outcome(OutcomeKind.FAILED, detail=detail, opted_out=code == OPTED_OUT, unreachable=is_dead(code))
