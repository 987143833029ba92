"""The conversation as a pure state machine: definition, state and input in; new state and effects out.

Bounds that always hold: a question gets two re-prompts, then the web link, then it is left out (four unreadable
texts at most); at most three asides to a question are answered with the question again; one input never leads to
more than one question. So no two machines can keep each other talking. Every text is recorded, kept as a remark,
or left to others, and Step.account says which.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from surveys.model import Answer, Definition, Outcome, Question, QuestionKind
from surveys.rules.state import (
    Account,
    AsideOver,
    Begun,
    Effect,
    Ended,
    FormFilled,
    Input,
    NotMine,
    Phase,
    Recorded,
    Remarked,
    Say,
    Saying,
    State,
    Step,
    SurveyOver,
    TextHeard,
)
from surveys.rules.understand import (
    Answered,
    Corrected,
    ForOthers,
    LinkWanted,
    Place,
    Polite,
    Understanding,
    is_asking_what_it_means,
    is_polite,
    understand,
)

MOST_REPROMPTS = 2
MOST_ASIDES = 3
MORE_WORDS_WITHIN = timedelta(minutes=15)
"""How soon after free text (or any answer) a further text still belongs to it."""
_QUESTION_MARKS = ("?", "\u061f")


def begin(definition: Definition, language: str, at: datetime) -> Step:
    """The first step of a new conversation: what comes before the first question, and that question."""
    return step(definition, State(language=language), Begun(at))


def step(definition: Definition, state: State, heard: Input) -> Step:
    """One step. The same definition, state and input always give the same step."""
    match heard:
        case Begun():
            return _on(definition, replace(state, current=_first_open(definition, state)), (), Account.NO_TEXT)
        case TextHeard():
            return _hear(definition, state, heard)
        case FormFilled():
            return _fill(definition, state, heard)
        case AsideOver():
            return _come_back(state)
        case SurveyOver():
            phase = Phase.CLOSED if state.phase is Phase.ASKING else state.phase
            return Step(replace(state, phase=phase), (), Account.NO_TEXT)


def _first_open(definition: Definition, state: State) -> str | None:
    """The question to settle next. Skip logic, when it comes, belongs here and nowhere else."""
    settled = {answer.question_id for answer in state.answers}
    return next((question.id for question in definition.questions if question.id not in settled), None)


def _settle(state: State, answer: Answer) -> State:
    """The state with this answer in place of an earlier one to the same question."""
    others = tuple(given for given in state.answers if given.question_id != answer.question_id)
    return replace(state, answers=(*others, answer))


def _on(definition: Definition, state: State, effects: tuple[Effect, ...], account: Account) -> Step:
    """Say what is to be told and ask the next open question, or end."""
    said: tuple[Effect, ...] = effects
    current = _first_open(definition, state)
    while current is not None and definition.question(current).kind is QuestionKind.INFORMATION:
        told = Answer(current, Outcome.TOLD)
        state = _settle(state, told)
        said = (*said, Recorded(told), Say(Saying.INFORM, current))
        current = _first_open(definition, state)
    if current is None:
        ended = replace(state, phase=Phase.FINISHED, current=None, asked=None, tries=0, asides=0)
        return Step(ended, (*said, Ended(), Say(Saying.THANKS)), account)
    asking = replace(state, current=current, asked=current, tries=0, asides=0)
    return Step(asking, (*said, Say(Saying.ASK, current)), account)


def _come_back(state: State) -> Step:
    """Ask again after somebody else has answered a question back."""
    if state.phase is not Phase.ASKING or state.current is None:
        return Step(state, (), Account.NO_TEXT)
    return Step(replace(state, asked=state.current), (Say(Saying.ASK, state.current),), Account.NO_TEXT)


def _fill(definition: Definition, state: State, filled: FormFilled) -> Step:
    """Settle one question from a page, the current one or an earlier one again. A page needs no reply by text."""
    if state.phase is not Phase.ASKING:
        return Step(state, (), Account.NO_TEXT)
    moved = replace(_settle(state, filled.answer), moved_at=filled.at)
    current = _first_open(definition, moved)
    if current is None:
        ended = replace(moved, phase=Phase.FINISHED, current=None, asked=None, tries=0, asides=0)
        return Step(ended, (Recorded(filled.answer), Ended()), Account.NO_TEXT)
    if current != state.current:
        moved = replace(moved, current=current, tries=0, asides=0)
    return Step(moved, (Recorded(filled.answer),), Account.NO_TEXT)


def _hear(definition: Definition, state: State, heard: TextHeard) -> Step:
    if state.phase is Phase.FINISHED:
        return _hear_after_end(state, heard)
    understood = _understand(definition, state, heard)
    if understood is None:
        return _leave(state, come_back=False)
    if state.phase is Phase.CLOSED:
        return _hear_too_late(state, heard, understood)
    if isinstance(understood, Answered):
        return _record(definition, state, heard, understood)
    if isinstance(understood, Corrected):
        return _correct(state, understood.answer)
    return _hear_no_answer(definition, state, heard, understood)


def _understand(definition: Definition, state: State, heard: TextHeard) -> Understanding | None:
    """Read a text as an answer to what was last put by text; else to where the person went on to by web."""
    understood: Understanding | None = None
    for question_id in dict.fromkeys((state.asked, state.current)):
        if question_id is not None:
            place = _place(definition, state, heard, definition.question(question_id))
            understood = understand(place, heard.text)
            if isinstance(understood, Answered | Corrected):
                return understood
    return understood


def _hear_no_answer(definition: Definition, state: State, heard: TextHeard, understood: Understanding) -> Step:
    question_id = state.asked or state.current
    match understood:
        case LinkWanted():
            return _aside(state, heard, Say(Saying.LINK, question_id))
        case ForOthers():
            return _leave(replace(state, asides=state.asides + 1), come_back=state.asides < MOST_ASIDES)
        case Polite():
            return Step(state, (Remarked(question_id, heard.text),), Account.REMARKED)
        case _:
            return _ask_again(definition, state, heard)


def _place(definition: Definition, state: State, heard: TextHeard, question: Question) -> Place:
    """Where a text arrives that answers this question."""
    at = definition.questions.index(question)
    settled = {answer.question_id for answer in state.answers}
    following = tuple(
        later
        for later in definition.questions[at + 1 :]
        if later.id not in settled and later.kind is not QuestionKind.INFORMATION
    )
    earlier = [asked for asked in definition.questions[:at] if asked.kind is not QuestionKind.INFORMATION]
    before = earlier[-1] if earlier and earlier[-1].kind is not QuestionKind.TEXT else None
    return Place(question, following, before, state.language, is_soon=_is_soon(state, heard))


def _is_soon(state: State, heard: TextHeard) -> bool:
    return state.moved_at is not None and heard.at - state.moved_at <= MORE_WORDS_WITHIN


def _leave(state: State, *, come_back: bool) -> Step:
    return Step(state, (NotMine(come_back=come_back),), Account.NOT_MINE)


def _record(definition: Definition, state: State, heard: TextHeard, understood: Answered) -> Step:
    effects: tuple[Effect, ...] = tuple(Recorded(answer) for answer in understood.answers)
    for answer in understood.answers:
        state = _settle(state, answer)
    if not understood.is_whole:
        effects = (*effects, Remarked(understood.answers[-1].question_id, heard.text))
    return _on(definition, replace(state, moved_at=heard.at), effects, Account.RECORDED)


def _correct(state: State, answer: Answer) -> Step:
    """Take another answer to the question before, say so, and ask the present question again."""
    if state.answer_to(answer.question_id) == answer:
        return _again_after_aside(state, (Recorded(answer),), Account.RECORDED)
    effects = (Recorded(answer), Say(Saying.CHANGED, answer.question_id))
    return _again_after_aside(_settle(state, answer), effects, Account.RECORDED)


def _aside(state: State, heard: TextHeard, say: Say) -> Step:
    """Answer a side wish, as long as there are not too many of them; keep its words either way."""
    kept = Remarked(say.question_id, heard.text)
    effects: tuple[Effect, ...] = (kept, say) if state.asides < MOST_ASIDES else (kept,)
    return Step(replace(state, asides=state.asides + 1), effects, Account.REMARKED)


def _again_after_aside(state: State, effects: tuple[Effect, ...], account: Account) -> Step:
    counted = replace(state, asides=state.asides + 1)
    if state.asides >= MOST_ASIDES or state.current is None:
        quiet = tuple(effect for effect in effects if not isinstance(effect, Say))
        return Step(counted, quiet, account)
    return Step(replace(counted, asked=state.current), (*effects, Say(Saying.ASK, state.current)), account)


def _ask_again(definition: Definition, state: State, heard: TextHeard) -> Step:
    """Two re-prompts, then the web link, then leave the question out; the words are kept each time."""
    question_id = state.current
    if question_id is None or state.asked != question_id:
        return _again_after_aside(state, (Remarked(question_id, heard.text),), Account.REMARKED)
    kept = Remarked(question_id, heard.text)
    tried = replace(state, tries=state.tries + 1)
    if tried.tries <= MOST_REPROMPTS:
        return Step(tried, (kept, Say(Saying.AGAIN, question_id, tried.tries)), Account.REMARKED)
    if tried.tries == MOST_REPROMPTS + 1:
        return Step(tried, (kept, Say(Saying.LINK, question_id)), Account.REMARKED)
    left_out = Answer(question_id, Outcome.UNREADABLE)
    effects = (kept, Recorded(left_out), Say(Saying.LEFT_OUT, question_id))
    return _on(definition, _settle(state, left_out), effects, Account.REMARKED)


def _hear_after_end(state: State, heard: TextHeard) -> Step:
    """Thanks are kept; more words soon after a last free text belong to it; the rest is for others to hear."""
    if is_polite(heard.text, state.language):
        return Step(state, (Remarked(None, heard.text),), Account.REMARKED)
    last = state.answers[-1] if state.answers else None
    continues = last is not None and last.text is not None and _is_soon(state, heard)
    is_question = heard.text.rstrip().endswith(_QUESTION_MARKS) or is_asking_what_it_means(heard.text, state.language)
    if last is None or not continues or is_question:
        return _leave(state, come_back=False)
    longer = replace(last, text=f"{last.text}\n{heard.text.strip()}")
    return Step(replace(_settle(state, longer), moved_at=heard.at), (Recorded(longer),), Account.RECORDED)


def _hear_too_late(state: State, heard: TextHeard, understood: Understanding) -> Step:
    """After the close an answer is kept as a remark and its writer told; anything else is for others."""
    if not isinstance(understood, Answered) or not understood.is_whole or understood.answers[0].text is not None:
        return _leave(state, come_back=False)
    told = replace(state, asides=state.asides + 1)
    kept = Remarked(understood.answers[0].question_id, heard.text)
    says: tuple[Effect, ...] = (Say(Saying.CLOSED),) if state.asides < MOST_ASIDES else ()
    return Step(told, (kept, *says), Account.REMARKED)
