"""Reads and replays golden conversations: docs/surveys.md says how they are written."""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from channels.render import Renderer
from kernel.keys import Keys
from kernel.translation import Translations
from surveys.messages import Telling, invitation, replies
from surveys.model import Answer, Definition, Outcome, QuestionKind
from surveys.rules.conversation import begin, step
from surveys.rules.ready_made_surveys import ready_made_surveys
from surveys.rules.state import (
    Account,
    AsideOver,
    FormFilled,
    Input,
    NotMine,
    Remarked,
    State,
    Step,
    SurveyOver,
    TextHeard,
)
from surveys.rules.wire import effect_from_json, effect_to_json, input_from_json, input_to_json
from surveys.rules.wording import Speaker

ROOT = Path(__file__).resolve().parents[2]
DAY = datetime(2026, 11, 23, tzinfo=UTC)
FORUM = "Sefton Shore Parent Carer Forum"
_LINE = re.compile(r"(?:\+(?P<days>\d+) )?(?P<hour>\d\d):(?P<minute>\d\d) (?P<who>\w+): ?(?P<said>.*)")
_TOKEN = re.compile(r"(?<=/l/)[\w-]{22}")


@dataclass
class Line:
    """One line: who said what and when; said runs over indented lines."""

    at: datetime
    who: str
    said: str


@dataclass
class ConversationFile:
    """A golden conversation: what is said in turn, then what must have been recorded."""

    settings: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read(path: Path) -> ConversationFile:
    found = ConversationFile()
    section: list[str] | None = None
    for text in path.read_text(encoding="utf-8").splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        said = _LINE.fullmatch(text)
        if said:
            at = DAY + timedelta(days=int(said["days"] or 0), hours=int(said["hour"]), minutes=int(said["minute"]))
            found.lines.append(Line(at, said["who"], said["said"]))
        elif text in {"answers:", "remarks:"}:
            section = found.answers if text == "answers:" else found.remarks
        elif text.startswith(" ") and section is not None:
            section.append(text.strip())
        elif text.startswith(" "):
            found.lines[-1].said += "\n" + text.strip()
        else:
            name, _, value = text.partition(":")
            found.settings[name] = value.strip()
    return found


class Replay:
    """Plays a conversation against the engine, storing and reading all as JSON between any two steps."""

    def __init__(self, language: str, definition: Definition | None = None) -> None:
        self.definition = definition or ready_made_surveys()[0]
        self.translations = Translations(ROOT / "locales")
        self.renderer = Renderer(self.translations, "https://hub.example.org", Keys("golden"))
        self.speaker = Speaker(self.definition, language, self.translations)
        self.language = language
        self.remarks: list[str] = []
        self.said: deque[str] = deque()
        self.account = Account.NO_TEXT
        first = begin(self.definition, language, DAY)
        self.state = first.state
        self._say([invitation(self.speaker, first, forum=FORUM, grant_id="grant")])

    def hear(self, heard: Input) -> Step:
        state = State.from_json(self.state.to_json())
        result = step(self.definition, state, input_from_json(input_to_json(heard)))
        assert tuple(effect_from_json(effect_to_json(effect)) for effect in result.effects) == result.effects
        self.state, self.account = result.state, result.account
        self.remarks += [
            f"{effect.question_id}: {effect.text}" for effect in result.effects if isinstance(effect, Remarked)
        ]
        if NotMine(come_back=True) in result.effects:
            self.said.append("(others, then we ask again)")
        elif NotMine(come_back=False) in result.effects:
            self.said.append("(others)")
        if not isinstance(heard, FormFilled):
            self._say(replies(self.speaker, result, forum=FORUM, grant_id="grant"))
        return result

    def _say(self, tellings: list[Telling]) -> None:
        for telling in tellings:
            short = self.renderer.render(telling.type, telling.values, self.language).short
            self.said.append(_TOKEN.sub("TOKEN", short))

    def answers(self) -> list[str]:
        return [f"{answer.question_id} = {_value(answer)}" for answer in self.state.answers]

    def input_of(self, line: Line) -> Input:
        if line.who == "parent":
            return TextHeard(line.said, line.at)
        if line.who == "web":
            return FormFilled(self._form(line.said), line.at)
        return SurveyOver(line.at) if line.who == "closes" else AsideOver(line.at)

    def _form(self, said: str) -> Answer:
        question_id, _, value = (part.strip() for part in said.partition("="))
        kind = self.definition.question(question_id).kind
        if value == "(skipped)":
            return Answer(question_id, Outcome.SKIPPED)
        if kind is QuestionKind.SCALE:
            return Answer(question_id, Outcome.ANSWERED, number=int(value))
        if kind is QuestionKind.TEXT:
            return Answer(question_id, Outcome.ANSWERED, text=value)
        return Answer(question_id, Outcome.ANSWERED, option=value)


def _value(answer: Answer) -> str:
    if answer.outcome is not Outcome.ANSWERED:
        return f"({answer.outcome.value})"
    value = answer.number or answer.option or answer.text or ""
    return str(value).replace("\n", " / ")
