"""What the hub says in a survey, in words: one text for SMS, one for roomier channels, from the same phrases.

The SMS wording is cut to fit one segment where that can be done without losing the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.rules.segments import for_sms, segments
from kernel.translation import Phrase, Translations, say
from surveys.model import YES, Answer, Definition, Outcome, Question, QuestionKind
from surveys.rules.lexicon import lexicon
from surveys.rules.state import Say, Saying, State

_ORDER = say("surveys.order", "{number} of {total}.")
_HOW_SCALE = say("surveys.how.scale", "Reply 1 to {top}. 1 is {low}, {top} is {high}.")
_HOW_YES_NO = say("surveys.how.yes_no", "Reply YES or NO.")
_HOW_CHOICE = say("surveys.how.choice", "Reply with one letter.")
_HOW_TEXT = say("surveys.how.text", "Reply in your own words.")
_AGAIN_SCALE = say(
    "surveys.again.scale",
    "Sorry, we could not read that. Please reply with one number, {numbers}. 1 is {low}, {top} is {high}.",
)
_AGAIN_YES_NO = say("surveys.again.yes_no", "Sorry, we could not read that. Please reply YES or NO.")
_AGAIN_CHOICE = say("surveys.again.choice", "Sorry, we could not read that. Please reply with one letter.")
_AGAIN_TEXT = say("surveys.again.text", "Sorry, we could not read that. Please reply in words.")
_ONCE_MORE_SCALE = say(
    "surveys.once_more.scale", "Just one number, please: {numbers}. Or reply SKIP to leave this one out."
)
_ONCE_MORE_YES_NO = say("surveys.once_more.yes_no", "Just YES or NO, please. Or reply SKIP to leave this one out.")
_ONCE_MORE_CHOICE = say(
    "surveys.once_more.choice", "Just one letter, please: {marks}. Or reply SKIP to leave this one out."
)
_ONCE_MORE_TEXT = say("surveys.once_more.text", "Write as much or as little as you like. Or reply SKIP.")
_LEFT_OUT = say("surveys.left_out", "We kept your words and left that question out.")
_CHANGED = say("surveys.changed", "Thank you. We changed your answer to: {answer}.")
SAID_YES = say("surveys.yes", "Yes")
SAID_NO = say("surveys.no", "No")
SAID_SKIPPED = say("surveys.skipped", "Skipped")
SAID_NOT_KNOWN = say("surveys.not_known", "I do not know")

OWN_MESSAGES = frozenset({Saying.LINK, Saying.THANKS, Saying.CLOSED})
"""What is said by a message of its own (surveys/messages.py) and not by a prompt."""
_HOW = {QuestionKind.YES_NO: _HOW_YES_NO, QuestionKind.CHOICE: _HOW_CHOICE, QuestionKind.TEXT: _HOW_TEXT}
_AGAIN = {QuestionKind.YES_NO: _AGAIN_YES_NO, QuestionKind.CHOICE: _AGAIN_CHOICE, QuestionKind.TEXT: _AGAIN_TEXT}
_ONCE_MORE = {QuestionKind.YES_NO: _ONCE_MORE_YES_NO, QuestionKind.TEXT: _ONCE_MORE_TEXT}


@dataclass(frozen=True)
class Spoken:
    """One reply: short is what an SMS carries, long what email and Slack show."""

    short: str
    long: str


@dataclass(frozen=True)
class Speaker:
    """Speaks a survey in one language."""

    definition: Definition
    language: str
    translations: Translations

    def speak(self, says: Sequence[Say], state: State) -> Spoken:
        """All that is to be said in one reply; what is a message of its own adds nothing here."""
        parts = [self._part(one, state) for one in says if one.saying not in OWN_MESSAGES]
        return Spoken(
            short=for_sms("\n".join(part.short for part in parts), self.language),
            long="\n\n".join(part.long for part in parts),
        )

    def ask(self, question_id: str) -> Spoken:
        """The question with its place, its choices and how to answer."""
        question = self.definition.question(question_id)
        asked = self.definition.asked
        order = self._phrase(_ORDER, number=asked.index(question) + 1, total=len(asked))
        lines = [f"{order} {question.text.in_language(self.language)}", *self._choices(question)]
        full = "\n".join([*lines, self._how(question)])
        return Spoken(self._first_to_fit(full, "\n".join(lines)) if len(lines) > 1 else full, full)

    def again(self, question_id: str, attempt: int) -> Spoken:
        """The choices once more, first with an apology, then as short as can be."""
        question = self.definition.question(question_id)
        choices = self._choices(question)
        once_more = self._once_more(question)
        if attempt > 1:
            full = "\n".join([once_more, *choices])
            return Spoken(self._first_to_fit(full, once_more), full)
        full = "\n".join([self._apology(question), *choices])
        return Spoken(self._first_to_fit(full, "\n".join([*choices, self._how(question)]), once_more), full)

    def answer(self, answer: Answer) -> str:
        """An answer in words."""
        question = self.definition.question(answer.question_id)
        if answer.outcome is not Outcome.ANSWERED:
            return self._phrase(SAID_NOT_KNOWN if answer.outcome is Outcome.NOT_KNOWN else SAID_SKIPPED)
        if question.kind is QuestionKind.YES_NO:
            return self._phrase(SAID_YES if answer.option == YES else SAID_NO)
        chosen = [option for option in question.options if option.id == answer.option]
        if chosen:
            return chosen[0].label.in_language(self.language)
        return answer.text or str(answer.number)

    def _part(self, one: Say, state: State) -> Spoken:
        question_id = one.question_id or ""
        match one.saying:
            case Saying.ASK:
                return self.ask(question_id)
            case Saying.AGAIN:
                return self.again(question_id, one.attempt)
            case Saying.INFORM:
                text = self.definition.question(question_id).text.in_language(self.language)
            case Saying.CHANGED:
                given = state.answer_to(question_id)
                text = self._phrase(_CHANGED, answer=self.answer(given) if given else "")
            case _:
                text = self._phrase(_LEFT_OUT)
        return Spoken(text, text)

    def _phrase(self, phrase: Phrase, **values: object) -> str:
        return self.translations.phrase(phrase, self.language, **values)

    def _scale(self, phrase: Phrase, question: Question) -> str:
        return self._phrase(
            phrase,
            top=question.points,
            low=question.low.in_language(self.language),
            high=question.high.in_language(self.language),
            numbers=" ".join(str(point) for point in range(1, question.points + 1)),
        )

    def _how(self, question: Question) -> str:
        if question.kind is QuestionKind.SCALE:
            return self._scale(_HOW_SCALE, question)
        return self._phrase(_HOW[question.kind])

    def _apology(self, question: Question) -> str:
        if question.kind is QuestionKind.SCALE:
            return self._scale(_AGAIN_SCALE, question)
        return self._phrase(_AGAIN[question.kind])

    def _once_more(self, question: Question) -> str:
        if question.kind is QuestionKind.SCALE:
            return self._scale(_ONCE_MORE_SCALE, question)
        if question.kind is QuestionKind.CHOICE:
            return self._phrase(_ONCE_MORE_CHOICE, marks=" ".join(self._marks(question)))
        return self._phrase(_ONCE_MORE[question.kind])

    def _marks(self, question: Question) -> tuple[str, ...]:
        return lexicon(self.language).marks[: len(question.options)]

    def _choices(self, question: Question) -> list[str]:
        labels = [option.label.in_language(self.language) for option in question.options]
        return [f"{mark} {label}" for mark, label in zip(self._marks(question), labels, strict=True)]

    def _first_to_fit(self, *texts: str) -> str:
        """The first of these that fits one segment; where none does, the first of the cheapest."""
        return min(texts, key=lambda text: segments(for_sms(text, self.language)).count)
