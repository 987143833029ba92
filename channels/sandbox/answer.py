from __future__ import annotations

from collections.abc import Mapping

from channels.inbox.accept import Inbox
from channels.model import Arrival, Channel
from kernel.ids import new_id

# Each of these hands the inbox what the channel's webhook would. `once` is the page's own mark of one sending: the
# same mark a second time is the same text again, as when a browser sends a form twice.


def sms_in(inbox: Inbox, sender: str, text: str, *, once: str | None = None) -> None:
    """Text the hub from a phone."""
    inbox.accept(Arrival(Channel.SMS, _vendor_id(once), sender, text))


def email_in(inbox: Inbox, sender: str, text: str, *, thread: str | None = None, once: str | None = None) -> None:
    """Write the hub an email; `thread` is the id of the message that it answers."""
    inbox.accept(Arrival(Channel.EMAIL, _vendor_id(once), sender, text, thread=thread))


def slack_text(inbox: Inbox, sender: str, text: str, *, conversation: str = "", once: str | None = None) -> None:
    """Write to the app in Slack: directly, or by its name in the channel `conversation`."""
    inbox.accept(Arrival(Channel.SLACK, _vendor_id(once), sender, text, recipient=conversation))


def slack_command(inbox: Inbox, sender: str, text: str, *, conversation: str = "", once: str | None = None) -> None:
    """Type the slash command in Slack; `text` is what stands after it."""
    slack_text(inbox, sender, text, conversation=conversation, once=once)


def press_button(
    inbox: Inbox, channel: Channel, sender: str, message_id: str, action: str, value: str, *, once: str | None = None
) -> None:
    """Press a button of a message, one that opens no form."""
    _act(inbox, channel, sender, message_id, action, {"value": value}, once)


def send_form(
    inbox: Inbox,
    channel: Channel,
    sender: str,
    message_id: str,
    action: str,
    values: Mapping[str, str],
    *,
    once: str | None = None,
) -> None:
    """Send the form that a button opened: `action` is the form's, `values` its fields and the button's "value"."""
    _act(inbox, channel, sender, message_id, action, values, once)


def _act(
    inbox: Inbox,
    channel: Channel,
    sender: str,
    message_id: str,
    action: str,
    values: Mapping[str, str],
    once: str | None,
) -> None:
    inbox.accept(Arrival(channel, _vendor_id(once), sender, "", action=action, values=dict(values), thread=message_id))


def _vendor_id(once: str | None) -> str:
    return f"sandbox:{once or new_id()}"
