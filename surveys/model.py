"""The words of learner voice: what is asked, and what was answered. No I/O, JSON all the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

FALLBACK_LANGUAGE = "en"


class QuestionKind(StrEnum):
    """How a question is answered; INFORMATION is told, not asked."""

    SCALE = "scale"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"
    INFORMATION = "information"


class SurveyStatus(StrEnum):
    """A survey is written, then open for answers, then closed for good."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class LeftOut(StrEnum):
    """Why somebody is not asked: asked lately (V2), no way to reach them, said STOP, or gave no consent."""

    ASKED_LATELY = "asked_lately"
    NO_CONTACT_POINT = "no_contact_point"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"


class Outcome(StrEnum):
    """How a question was settled; it is not asked again after any of these.

    PASSED_ON: the words gave cause to worry, went to the duty officer (V9) and are kept out of the survey.
    """

    ANSWERED = "answered"
    SKIPPED = "skipped"
    NOT_KNOWN = "not_known"
    UNREADABLE = "unreadable"
    TOLD = "told"
    PASSED_ON = "passed_on"


YES = "yes"
NO = "no"


@dataclass(frozen=True)
class LocalText:
    """One text in several languages, by language code."""

    by_language: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """The text in that language; English where it has none; empty where it has neither."""
        return self.by_language.get(language) or self.by_language.get(FALLBACK_LANGUAGE, "")

    def to_json(self) -> dict[str, str]:
        """The mapping itself."""
        return dict(self.by_language)

    @classmethod
    def from_json(cls, value: Mapping[str, str] | None) -> Self:
        """Read what to_json wrote; nothing is an empty text."""
        return cls(dict(value or {}))


@dataclass(frozen=True)
class Option:
    """One thing to choose; its id stays the same in every language and version."""

    id: str
    label: LocalText

    def to_json(self) -> dict[str, Any]:
        """Id and label."""
        return {"id": self.id, "label": self.label.to_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what to_json wrote."""
        return cls(id=value["id"], label=LocalText.from_json(value["label"]))


@dataclass(frozen=True)
class Question:
    """One question. points, low and high are of a scale (1 to points); options are of a choice."""

    id: str
    kind: QuestionKind
    text: LocalText
    options: tuple[Option, ...] = ()
    points: int = 5
    low: LocalText = LocalText({})
    high: LocalText = LocalText({})

    def to_json(self) -> dict[str, Any]:
        """Every field, always, so that two versions compare plainly."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "text": self.text.to_json(),
            "options": [option.to_json() for option in self.options],
            "points": self.points,
            "low": self.low.to_json(),
            "high": self.high.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what to_json wrote, or a hand-written form that leaves out what is usual."""
        return cls(
            id=value["id"],
            kind=QuestionKind(value["kind"]),
            text=LocalText.from_json(value["text"]),
            options=tuple(Option.from_json(option) for option in value.get("options", ())),
            points=value.get("points", 5),
            low=LocalText.from_json(value.get("low")),
            high=LocalText.from_json(value.get("high")),
        )


@dataclass(frozen=True)
class Definition:
    """What one version of a survey asks, in order."""

    key: str
    title: LocalText
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question:
        """The question of that id; KeyError where there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that want an answer, without the information steps."""
        return tuple(question for question in self.questions if question.kind is not QuestionKind.INFORMATION)

    def to_json(self) -> dict[str, Any]:
        """Key, title and questions."""
        return {
            "key": self.key,
            "title": self.title.to_json(),
            "questions": [question.to_json() for question in self.questions],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what to_json wrote."""
        return cls(
            key=value["key"],
            title=LocalText.from_json(value["title"]),
            questions=tuple(Question.from_json(question) for question in value["questions"]),
        )


@dataclass(frozen=True)
class Answer:
    """How one question was settled: number of a scale, option of a choice or of yes/no, or own words."""

    question_id: str
    outcome: Outcome
    number: int | None = None
    option: str | None = None
    text: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Every field."""
        return {
            "question_id": self.question_id,
            "outcome": self.outcome.value,
            "number": self.number,
            "option": self.option,
            "text": self.text,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what to_json wrote."""
        return cls(
            question_id=value["question_id"],
            outcome=Outcome(value["outcome"]),
            number=value["number"],
            option=value["option"],
            text=value["text"],
        )


@dataclass(frozen=True)
class SurveyCard:
    """A survey as pages and other packages know it; times are UTC."""

    id: str
    forum_id: str
    council_id: str | None
    title: str
    version: int
    status: SurveyStatus
    created_at: datetime
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Invitee:
    """One person who may be asked, in which language, or why not."""

    person_id: str
    language: str
    left_out: LeftOut | None


@dataclass(frozen=True)
class Participation:
    """How many persons were asked, were left out, have begun to answer and have finished."""

    asked: int
    left_out: int
    begun: int
    finished: int
