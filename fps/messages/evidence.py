from __future__ import annotations

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_TO_DO = Policy(solicited=True, needs_action=True)
_TO_KNOW = Policy(solicited=True)
_OF_DOCUMENT = {"document": Kind.TEXT, "place": Kind.TEXT, "link": Kind.LINK}

DOCUMENT_ENDING = MessageType(
    key="fps.document_ending",
    values={**_OF_DOCUMENT, "until": Kind.DATE},
    title=say("fps.document_ending.title", "{place}: renew the {document}"),
    text=say(
        "fps.document_ending.text",
        "The {document} that we hold for {place} ends on {until}.\n\n"
        "Upload the new one before then: {link}\n\n"
        "From the day after, councils cannot send new referrals to {place} until a new one has been accepted.",
    ),
    short=say("fps.document_ending.short", "{place}: the {document} ends on {until}. Upload the new one: {link}"),
    policy=_TO_DO,
)

DOCUMENT_ACCEPTED = MessageType(
    key="fps.document_accepted",
    values=_OF_DOCUMENT,
    title=say("fps.document_accepted.title", "{place}: the {document} is accepted"),
    text=say(
        "fps.document_accepted.text",
        "The lead authority has checked and accepted the {document} of {place}.\n\n"
        "You do not have to do anything. See your documents: {link}",
    ),
    short=say("fps.document_accepted.short", "{place}: the {document} is accepted. Your documents: {link}"),
    policy=_TO_KNOW,
)

DOCUMENT_REFUSED = MessageType(
    key="fps.document_refused",
    values={**_OF_DOCUMENT, "reason": Kind.TEXT},
    title=say("fps.document_refused.title", "{place}: send the {document} again"),
    text=say(
        "fps.document_refused.text",
        "The lead authority could not accept the {document} of {place}.\n\n"
        "What is wrong: {reason}\n\n"
        "Upload another one here: {link}",
    ),
    short=say(
        "fps.document_refused.short", "{place}: the {document} was not accepted. See why and send another: {link}"
    ),
    policy=_TO_DO,
)

DOCUMENT_LAPSED = MessageType(
    key="fps.document_lapsed",
    values={**_OF_DOCUMENT, "until": Kind.DATE},
    title=say("fps.document_lapsed.title", "{place}: on hold, the {document} has ended"),
    text=say(
        "fps.document_lapsed.text",
        "The {document} of {place} ended on {until}. No new one has been accepted.\n\n"
        "{place} is on hold: councils cannot send it new referrals. Children who are placed there stay.\n\n"
        "The hold ends by itself when a new {document} has been accepted: {link}",
    ),
    short=say("fps.document_lapsed.short", "{place} is on hold: the {document} ended on {until}. What to do: {link}"),
    policy=_TO_DO,
)

HOLD_ENDED = MessageType(
    key="fps.hold_ended",
    values={"place": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.hold_ended.title", "{place}: the hold has ended"),
    text=say(
        "fps.hold_ended.text",
        "All the documents of {place} hold again. The hold has ended: councils can send it new referrals.\n\n"
        "You do not have to do anything. See the documents: {link}",
    ),
    short=say("fps.hold_ended.short", "{place}: the hold has ended. New referrals can come. Documents: {link}"),
    policy=_TO_KNOW,
)

FILE_REFUSED = MessageType(
    key="fps.file_refused",
    values=_OF_DOCUMENT,
    title=say("fps.file_refused.title", "{place}: your file was not kept"),
    text=say(
        "fps.file_refused.text",
        "The virus scanner found something harmful in the {document} that you uploaded for {place}. "
        "The file was not kept.\n\n"
        "Have your computer checked. Then upload the document from a clean file: {link}",
    ),
    short=say(
        "fps.file_refused.short", "{place}: the virus scanner refused your {document}. Upload a clean file: {link}"
    ),
    policy=_TO_DO,
)

RECHECK_STARTED = MessageType(
    key="fps.recheck_started",
    values={"count": Kind.COUNT, "due": Kind.DATE, "link": Kind.LINK},
    title=say("fps.recheck_started.title", "Yearly check of your documents"),
    text=say(
        "fps.recheck_started.text",
        "Each year the lead authority checks registrations and insurance.\n\n"
        "Documents to confirm or upload: {count}. Please answer by {due}.\n\n"
        "If a document still holds, one press confirms it: {link}",
    ),
    short=say("fps.recheck_started.short", "Yearly check: confirm or upload your documents ({count}) by {due}: {link}"),
    policy=_TO_DO,
)

RECHECK_CHASER = MessageType(
    key="fps.recheck_chaser",
    values={"count": Kind.COUNT, "due": Kind.DATE, "link": Kind.LINK},
    title=say("fps.recheck_chaser.title", "Reminder: yearly check of your documents"),
    text=say(
        "fps.recheck_chaser.text",
        "The lead authority still needs an answer from you in the yearly check of registrations and insurance.\n\n"
        "Documents still to confirm or upload: {count}. The check is due on {due}.\n\n"
        "Answer here: {link}",
    ),
    short=say("fps.recheck_chaser.short", "Yearly check, due {due}: {count} of your documents wait for you: {link}"),
    policy=_TO_DO,
)

MESSAGES: tuple[MessageType, ...] = (
    DOCUMENT_ENDING,
    DOCUMENT_ACCEPTED,
    DOCUMENT_REFUSED,
    DOCUMENT_LAPSED,
    HOLD_ENDED,
    FILE_REFUSED,
    RECHECK_STARTED,
    RECHECK_CHASER,
)
