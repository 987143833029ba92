"""Declines that come as a reply or by a button: they name a reason by its code and nothing else (R23, R30).

What was said is sealed like every answer, so the inbox keeps only that an answer came (R21).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from channels.inbox.hearing import Disposition, Ending, Heard, Hearer, reply
from channels.model import Status, Subject
from channels.queries import messages_to
from channels.wording import MessageType
from kernel.errors import NotFoundError, TooLateError
from kernel.work import Work
from people.permissions import Permission, may
from people.rules.delegation import acting_for
from referrals.actions.record_response import RecordResponse, record_response
from referrals.messages import ALERT, REMINDER
from referrals.messages.answering import DECLINE, HANDED, HOW_TO_DECLINE, NOT_FOUND, TOO_LATE, WHICH_SETTING
from referrals.model.answers import DeclineCode, Response, ResponseKind
from referrals.queries.providers import Invitation, invitation, referral_asked
from referrals.rules.replies import CODES, read_no

_OUT = frozenset({Status.HANDING_OVER, Status.UNKNOWN, Status.SENT, Status.DELIVERED})
_ASKS = frozenset({ALERT.key, REMINDER.key, HANDED.key, HOW_TO_DECLINE.key})
_SEALED = "An answer to a referral. It is sealed."
_LIST = "/referrals"


def hear_pressed_decline(work: Work, heard: Heard) -> Disposition | None:
    """Take the form behind the button of an alert or a reminder."""
    if heard.action != DECLINE:
        return None
    reason = heard.values.get("reason", "")
    code = DeclineCode(reason) if reason in CODES else None
    return _decline(work, heard, referral_asked(work.session, heard.person, heard.values.get("value", "")), code)


def hear_decline(work: Work, heard: Heard) -> Disposition | None:
    """Take a text that says no to a referral, and leave all others alone.

    It names the referral by its reference, else by the thread in which it answers, or by being the answer to a
    request that we wrote last on this channel.
    """
    if heard.action is not None or heard.is_stranger or not may(heard.person, Permission.REFERRALS_ANSWER):
        return None
    said = read_no(heard.text)
    if said is None:
        return None
    if said.reference is not None:
        return _decline(work, heard, referral_asked(work.session, heard.person, said.reference), said.code)
    meant = _referral_meant(work, heard)
    return _decline(work, heard, meant, said.code) if meant else None


def _referral_meant(work: Work, heard: Heard) -> str | None:
    """Return the referral of the thread, or of the message that they have read last on this channel."""
    if heard.about is not None:
        return heard.about.id if heard.about.kind == "referral" else None
    sent = (
        one
        for one in messages_to(work.session, heard.person.id, limit=50)
        if one.status in _OUT and one.channel == heard.channel
    )
    latest = next(sent, None)
    if latest is None or latest.about is None or latest.key not in _ASKS:
        return None
    return latest.about.id if latest.about.kind == "referral" else None


def _decline(work: Work, heard: Heard, referral_id: str | None, code: DeclineCode | None) -> Disposition:
    """Record the decline of the one setting that was asked, or say what is missing; nothing is guessed."""
    try:
        found = invitation(work.session, heard.person, referral_id or "", work.now)
    except (NotFoundError, TooLateError):
        reply(work, heard, NOT_FOUND, {"link": _LIST})
        return Disposition(Ending.ANSWERED, "no referral that this person can answer", kept_as=_SEALED)
    if code is None:
        return _ask_back(work, heard, found, HOW_TO_DECLINE)
    if len(found.settings) > 1:
        return _ask_back(work, heard, found, WHICH_SETTING)
    return _record(work, heard, found, code)


def _record(work: Work, heard: Heard, found: Invitation, code: DeclineCode) -> Disposition:
    work.acting_for = acting_for(heard.person.roles, Permission.REFERRALS_ANSWER)
    response = Response(ResponseKind.DECLINE, code)
    command = RecordResponse(
        found.settings[0].recipient_id, response, heard.received_at, receipt_to=heard.contact_point_id
    )
    try:
        receipt = record_response(work, heard.person, command)
    except TooLateError:
        return _ask_back(work, heard, found, NOT_FOUND)
    if receipt.is_late:
        return _ask_back(work, heard, found, TOO_LATE)
    return Disposition(Ending.RECORDED, "an answer to a referral", kept_as=_SEALED)


def _ask_back(work: Work, heard: Heard, found: Invitation, message: MessageType) -> Disposition:
    values = {"reference": found.text.reference, "link": f"{_LIST}/{found.referral_id}"}
    reply(work, replace(heard, about=Subject("referral", found.referral_id)), message, values)
    return Disposition(Ending.ANSWERED, message.key, kept_as=_SEALED)


HEARERS: tuple[Hearer, ...] = (hear_pressed_decline, hear_decline)
ACTIONS: Mapping[str, Permission] = MappingProxyType({DECLINE: Permission.REFERRALS_ANSWER})
"""What the button asks for; whose referral it is, the query for invitations says."""
