from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from channels.model import Attachment, ButtonShown, Channel
from channels.sandbox.queries import Address, Shown, addresses, conversation, recent_addresses
from kernel.errors import InvalidInputError
from people.rules import normalise_address

CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.SLACK)
_SHARED = ("C", "G")
_STRANGERS = {
    Channel.SMS: "+447700900999",
    Channel.EMAIL: "someone.new@example.org",
    Channel.SLACK: "U0STRANGER",
}
_LANGUAGES = {"pl": "Polish", "ur": "Urdu"}
_AT_MOST = 60


@dataclass(frozen=True)
class Choice:
    """Somebody whom one can be in one column."""

    address: str
    label: str


@dataclass(frozen=True)
class Item:
    """One line of a column. `place` is the shared Slack channel in which it stands, empty for a direct one."""

    key: str
    message_id: str
    at: datetime
    is_mine: bool
    sender: str
    place: str
    title: str
    body: str
    segments: int | None
    buttons: tuple[ButtonShown, ...]
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class Columns:
    """Who is chosen in each column."""

    sms: str
    email: str
    slack: str

    def __getitem__(self, channel: str) -> str:
        """Return the address chosen for a channel."""
        return str(getattr(self, channel))


def choices(session: Session, channel: Channel) -> list[Choice]:
    """Return whom one can be on a channel, and last of all somebody whom the hub does not know."""
    known = [each for each in addresses(session, channel, limit=500) if not _is_shared(channel, each.address)]
    stranger = _STRANGERS[channel]
    found = [Choice(each.address, _label(each)) for each in known if each.address != stranger]
    return [*found, Choice(stranger, f"Somebody new, {stranger}")]


def busiest(session: Session, people: Mapping[str, list[Choice]]) -> dict[str, str]:
    """Return whom to show at first in each column: to or from whom something went last, else the first there is."""
    return {channel.value: _last_or_first(session, channel, people[channel.value]) for channel in CHANNELS}


def chosen(asked: Mapping[str, str], otherwise: Mapping[str, str]) -> Columns:
    """Return who is chosen: whom the page asked for, else whom it shows at first.

    Raises InvalidInputError for an address that its channel could not have.
    """
    return Columns(**{channel.value: _address(channel, asked, otherwise) for channel in CHANNELS})


def items(session: Session, channel: Channel, address: str) -> list[Item]:
    """Return the latest lines of a column in the order in which they are read: emails the newest first."""
    found = {_key(line): _item(line, address) for line in conversation(session, channel, address, limit=_AT_MOST)}
    if channel is Channel.SLACK:
        for shared in addresses(session, channel, limit=500):
            if _is_shared(channel, shared.address):
                lines = conversation(session, channel, shared.address, limit=_AT_MOST)
                found |= {_key(line): _item(line, address, shared.owners[0].name) for line in lines}
    ordered = sorted(found.values(), key=lambda item: item.at)[-_AT_MOST:]
    return ordered[::-1] if channel is Channel.EMAIL else ordered


def _last_or_first(session: Session, channel: Channel, people: list[Choice]) -> str:
    for each in recent_addresses(session, channel):
        if not _is_shared(channel, each.address):
            return each.address
    return people[0].address


def _address(channel: Channel, asked: Mapping[str, str], otherwise: Mapping[str, str]) -> str:
    wanted = asked.get(channel.value, "").strip() or otherwise.get(channel.value)
    if not wanted:
        raise InvalidInputError(channel.value, "Choose who you are.")
    return normalise_address(channel, wanted)


def _is_shared(channel: Channel, address: str) -> bool:
    return channel is Channel.SLACK and address.startswith(_SHARED)


def _label(each: Address) -> str:
    names = [
        f"{owner.name or 'Somebody new'} ({_LANGUAGES[owner.language]})"
        if owner.language in _LANGUAGES
        else owner.name or "Somebody new"
        for owner in each.owners
    ]
    return f"{' and '.join(names)}, {each.address}"


def _key(line: Shown) -> str:
    return f"{'in' if line.is_inbound else 'out'}-{line.id}-{line.at:%Y%m%d%H%M%S%f}"


def _item(line: Shown, address: str, place: str = "") -> Item:
    return Item(
        key=_key(line),
        message_id=line.id,
        at=line.at,
        is_mine=line.is_inbound and line.sender == address,
        sender=line.sender,
        place=place,
        title=line.title,
        body=line.body or _what_was_done(line),
        segments=line.segments,
        buttons=line.buttons,
        attachments=line.attachments,
    )


def _what_was_done(line: Shown) -> str:
    if line.action is None:
        return "(no text)" if line.is_inbound else ""
    filled = [f"{name}: {value}" for name, value in (line.values or {}).items() if name != "value"]
    return f"Sent the form. {'; '.join(filled)}" if filled else "Pressed the button."
