"""The conversation's state, what comes in and what goes out: frozen values that are JSON all the way.

State, inputs and effects carry no person and no address, so a conversation can be replayed anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from surveys.model import Answer


class Phase(StrEnum):
    """ASKING until every question is settled (FINISHED) or the survey ends first (CLOSED)."""

    ASKING = "asking"
    FINISHED = "finished"
    CLOSED = "closed"


class Account(StrEnum):
    """What became of a text: every text has exactly one of these."""

    NO_TEXT = "no_text"
    RECORDED = "recorded"
    REMARKED = "remarked"
    NOT_MINE = "not_mine"


class Saying(StrEnum):
    """What the hub says next; rules/wording.py turns it into words."""

    INFORM = "inform"
    ASK = "ask"
    AGAIN = "again"
    LINK = "link"
    LEFT_OUT = "left_out"
    CHANGED = "changed"
    THANKS = "thanks"
    CLOSED = "closed"


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


@dataclass(frozen=True)
class State:
    """Where one person stands in one survey.

    current is the question to settle next; asked is the one last put to them by text (behind current when
    they went on by web). tries counts unreadable texts to the current question, asides counts side remarks.
    moved_at is when an answer last came.
    """

    language: str
    phase: Phase = Phase.ASKING
    current: str | None = None
    asked: str | None = None
    answers: tuple[Answer, ...] = ()
    tries: int = 0
    asides: int = 0
    moved_at: datetime | None = None

    def answer_to(self, question_id: str) -> Answer | None:
        """How that question was settled, or None while it is open."""
        return next((answer for answer in self.answers if answer.question_id == question_id), None)

    def to_json(self) -> dict[str, Any]:
        """Every field; times in ISO 8601."""
        return {
            "language": self.language,
            "phase": self.phase.value,
            "current": self.current,
            "asked": self.asked,
            "answers": [answer.to_json() for answer in self.answers],
            "tries": self.tries,
            "asides": self.asides,
            "moved_at": self.moved_at.isoformat() if self.moved_at else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what to_json wrote."""
        return cls(
            language=value["language"],
            phase=Phase(value["phase"]),
            current=value["current"],
            asked=value["asked"],
            answers=tuple(Answer.from_json(answer) for answer in value["answers"]),
            tries=value["tries"],
            asides=value["asides"],
            moved_at=_moment(value["moved_at"]),
        )


@dataclass(frozen=True)
class Begun:
    """The invitation is going out: say what comes first."""

    at: datetime


@dataclass(frozen=True)
class TextHeard:
    """The person wrote a text, by any channel that carries texts."""

    text: str
    at: datetime


@dataclass(frozen=True)
class FormFilled:
    """The person settled one question on a page; no reply by text is wanted."""

    answer: Answer
    at: datetime


@dataclass(frozen=True)
class AsideOver:
    """Somebody else has answered the question back: ask again where we were."""

    at: datetime


@dataclass(frozen=True)
class SurveyOver:
    """The survey has ended; what is still open stays open."""

    at: datetime


Input = Begun | TextHeard | FormFilled | AsideOver | SurveyOver


@dataclass(frozen=True)
class Recorded:
    """An answer that from now on counts for its question."""

    answer: Answer


@dataclass(frozen=True)
class Remarked:
    """Keep these words beside the question (None: beside the whole survey), for a person to read."""

    question_id: str | None
    text: str


@dataclass(frozen=True)
class Say:
    """Say this now; attempt is 1 or 2 for a re-prompt, 0 otherwise."""

    saying: Saying
    question_id: str | None = None
    attempt: int = 0


@dataclass(frozen=True)
class Ended:
    """Every question is settled."""


@dataclass(frozen=True)
class NotMine:
    """Not an answer: let others hear it; come back afterwards if asked to."""

    come_back: bool


Effect = Recorded | Remarked | Say | Ended | NotMine


@dataclass(frozen=True)
class Step:
    """One step of the conversation."""

    state: State
    effects: tuple[Effect, ...]
    account: Account

    @property
    def says(self) -> tuple[Say, ...]:
        """What to say, in order; together they are one reply."""
        return tuple(effect for effect in self.effects if isinstance(effect, Say))
