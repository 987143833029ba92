from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word that the chatbot explains: its key and what people call it in any language.

    `everyday` names are plain words too and count only where a question asks for nothing else.
    """

    key: str
    names: tuple[str, ...]
    everyday: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """What a term means in one language: its full name, the SMS, and the answer for channels with room."""

    title: str
    short: str
    answer: str


@dataclass(frozen=True)
class Asking:
    """How people ask in one language; knowledge/asking.toml says what each list is for."""

    language: str
    frames: tuple[str, ...]
    about_it: tuple[str, ...]
    polite: str
    before: str
    then: str
    thanks: str
    beside_thanks: str
    greetings: str
    help: tuple[str, ...]


@dataclass(frozen=True)
class Understood:
    """Asks what these terms mean, in the order asked, at least one.

    `language` is the language of the question where its words tell, else None. `leaves_rest`: the text also says
    something that only a person can answer.
    """

    keys: tuple[str, ...]
    language: str | None = None
    leaves_rest: bool = False


@dataclass(frozen=True)
class AskWhich:
    """Asks for a name, as written, that means more than one of our terms."""

    name: str
    keys: tuple[str, ...]
    language: str | None = None


@dataclass(frozen=True)
class AsksForHelp:
    """Asks what it can ask, or only says hello."""


@dataclass(frozen=True)
class Courtesy:
    """Thanks, "ok", a smile: a talk that has ended."""


@dataclass(frozen=True)
class NotUnderstood:
    """Anything else: it is for a person."""


Understanding = Understood | AskWhich | AsksForHelp | Courtesy | NotUnderstood
