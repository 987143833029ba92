from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from channels.model import Urgency
from kernel.errors import ConfigurationError
from kernel.translation import Phrase


class Kind(StrEnum):
    """How a value of a message is written. In the outbox all are JSON.

    TEXT as it is; DATE an ISO date, MOMENT an ISO time with zone (shown in London time); COUNT a number; LINK a path
    that becomes an absolute address; GRANT a grant's id that becomes the address of its one-purpose link; CODE the
    id of a code, which becomes its 6 digits; LINES a list of texts, one a line; CHOICES a list of [id, label] for a
    form, shown nowhere else.
    """

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    COUNT = "count"
    LINK = "link"
    GRANT = "grant"
    CODE = "code"
    LINES = "lines"
    CHOICES = "choices"


class IfUnproven(StrEnum):
    """What to do when a crash left it open whether a message went out and the vendor cannot say."""

    SEND_AGAIN = "send_again"
    ASK_A_PERSON = "ask_a_person"


@dataclass(frozen=True)
class Policy:
    """How a message may be sent.

    `solicited`: its reader asked for it or must have it (an answer, a sign-in link, a referral alert), so STOP does
    not cancel it. `mind_quiet_hours`: not between 20:00 and 08:00 (V12). `expires_after`: worthless later.
    `needs_action`: its reader must do something, so that whoever acts for them while they are away gets it too.
    """

    solicited: bool
    urgency: Urgency = Urgency.NORMAL
    mind_quiet_hours: bool = True
    if_unproven: IfUnproven = IfUnproven.SEND_AGAIN
    expires_after: timedelta | None = None
    needs_action: bool = False


@dataclass(frozen=True)
class Field:
    """One field of a form; `kind` is text, date or choice.

    `choices_from` names a value of kind CHOICES; `choices` are those that are the same for every message, each an id
    and its label.
    """

    name: str
    label: Phrase
    kind: str = "text"
    choices_from: str | None = None
    choices: tuple[tuple[str, Phrase], ...] = ()


@dataclass(frozen=True)
class Form:
    """A small form that a button opens where the channel can show one; sent back as `action` with its fields."""

    action: str
    title: Phrase
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Button:
    """A button; pressed, it comes back as `action` with the value called `value`. With `form` it opens that first."""

    action: str
    label: Phrase
    value: str
    form: Form | None = None


@dataclass(frozen=True)
class MessageType:
    """One message, defined once.

    `values` names what its sentences need. `title` is the email's subject and the heading elsewhere, `text` the
    paragraphs (blank lines between), `short` the SMS: plain GSM-7, best within 160 characters. Values that only a
    button or a form uses appear in no sentence.
    """

    key: str
    values: Mapping[str, Kind]
    title: Phrase
    text: Phrase
    short: Phrase
    policy: Policy
    buttons: tuple[Button, ...] = ()

    @property
    def goes_to_delegates(self) -> bool:
        """Whether whoever acts for its reader gets it too; a link or a code that is the reader's own never does."""
        is_personal = {Kind.GRANT, Kind.CODE} & set(self.values.values())
        return (self.policy.needs_action or bool(self.buttons)) and not is_personal


class Registry:
    """All message types by key."""

    def __init__(self, types: Iterable[MessageType]) -> None:
        self._types: dict[str, MessageType] = {}
        for message_type in types:
            if message_type.key in self._types:
                raise ConfigurationError("The message {key} is defined twice.", key=message_type.key)
            self._types[message_type.key] = message_type

    def __getitem__(self, key: str) -> MessageType:
        """Return the type of a key; raises KeyError for one that no domain defines."""
        return self._types[key]

    def __iter__(self) -> Iterator[MessageType]:
        return iter(self._types.values())

    def __contains__(self, key: object) -> bool:
        return key in self._types
