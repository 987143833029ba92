from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.rules.segments import segments
from surveys.model import Answer, Definition, LocalText, Outcome, Question, QuestionKind
from surveys.rules.conversation import MOST_ASIDES, begin, step
from surveys.rules.lexicon import spoken_languages
from surveys.rules.ready_made_surveys import ready_made_surveys
from surveys.rules.state import (
    Account,
    AsideOver,
    Ended,
    Input,
    NotMine,
    Phase,
    Recorded,
    Remarked,
    Say,
    Saying,
    State,
    TextHeard,
)
from tests.surveys.conversation_file import Replay

PULSE = ready_made_surveys()[0]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MOST_TEXTS_TO_A_QUESTION = 4

SAID = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "4",
            "four",
            "4, yes, B, good",
            "yes",
            "no",
            "B",
            "skip",
            "link",
            "thanks",
            "👍",
            "what is an EHCP?",
            "sorry 3",
            "3 or 4",
            "hmm",
            "...",
            "I don't know",
            "tak",
            "جی ہاں",
            "چھوڑیں",
            "pomiń",
            "why do you ask",
            "4 because",
            "*5",
            "they moved him to another class and nobody told us at all",
        ]
    ),
)
LANGUAGES = st.sampled_from(spoken_languages())


def hear(state: State, text: str, at: datetime = NOON, definition: Definition = PULSE) -> tuple[State, list[Say]]:
    result = step(definition, state, TextHeard(text, at))
    return result.state, list(result.says)


@given(language=LANGUAGES, texts=st.lists(SAID, max_size=25))
def test_no_text_is_ever_lost(language: str, texts: list[str]) -> None:
    """Every text is recorded, kept as a remark, or left to others; and the account says which."""
    state = begin(PULSE, language, NOON).state
    for minute, text in enumerate(texts):
        result = step(PULSE, state, TextHeard(text, NOON + timedelta(minutes=minute)))
        is_left = any(isinstance(effect, NotMine) for effect in result.effects)
        recorded = [effect for effect in result.effects if isinstance(effect, Recorded)]
        remarks = [effect for effect in result.effects if isinstance(effect, Remarked)]
        assert is_left == (result.account is Account.NOT_MINE)
        if result.account is Account.RECORDED:
            assert recorded
        if result.account is Account.REMARKED:
            assert [remark.text for remark in remarks] == [text]
        assert result.account is not Account.NO_TEXT
        state = result.state


@given(language=LANGUAGES, texts=st.lists(SAID, max_size=60))
def test_the_hub_never_asks_the_same_question_without_end(language: str, texts: list[str]) -> None:
    """A question is put at most once, re-prompted twice, and put again after three asides of each sort."""
    first = begin(PULSE, language, NOON)
    state, said = first.state, list(first.says)
    for minute, text in enumerate(texts):
        heard: list[Input] = [TextHeard(text, NOON + timedelta(minutes=minute)), AsideOver(NOON)]
        result = step(PULSE, state, heard[0])
        said += result.says
        state = result.state
        if NotMine(come_back=True) in result.effects:
            after = step(PULSE, state, heard[1])
            said += after.says
            state = after.state
        assert sum(one.saying in {Saying.ASK, Saying.AGAIN} for one in result.says) <= 1
    for question in PULSE.questions:
        about = [one for one in said if one.question_id == question.id]
        assert sum(one.saying is Saying.AGAIN for one in about) <= 2
        assert sum(one.saying is Saying.ASK for one in about) <= 1 + MOST_ASIDES
        assert sum(one.saying is Saying.LINK for one in about) <= 1 + MOST_ASIDES
    assert sum(one.saying is Saying.THANKS for one in said) <= 1


@given(language=LANGUAGES, noise=st.lists(st.sampled_from(["hmm", "3 or 4", "…", "e"]), min_size=16, max_size=16))
def test_even_noise_alone_comes_to_an_end(language: str, noise: list[str]) -> None:
    closed = Definition("k", LocalText({"en": "K"}), PULSE.questions[:3])
    state = begin(closed, language, NOON).state
    for text in noise[: MOST_TEXTS_TO_A_QUESTION * 3]:
        state, _ = hear(state, text, definition=closed)
    assert state.phase is Phase.FINISHED
    assert {answer.outcome for answer in state.answers} == {Outcome.UNREADABLE}


@given(language=LANGUAGES, texts=st.lists(SAID, max_size=12))
@settings(max_examples=60)
def test_the_state_survives_json_at_every_step(language: str, texts: list[str]) -> None:
    """Replay stores and reads state, input and effects as JSON at each step and compares the effects."""
    replay = Replay(language)
    plain = begin(PULSE, language, NOON).state
    for text in texts:
        replay.hear(TextHeard(text, NOON))
        plain = step(PULSE, plain, TextHeard(text, NOON)).state
    assert replay.state == plain


@given(language=LANGUAGES, texts=st.lists(SAID, max_size=25))
def test_an_answer_is_only_ever_one_that_its_question_allows(language: str, texts: list[str]) -> None:
    state = begin(PULSE, language, NOON).state
    for text in texts:
        state, _ = hear(state, text)
    for answer in state.answers:
        question = PULSE.question(answer.question_id)
        allowed = {option.id for option in question.options} | {"yes", "no"}
        assert answer.number in {None, 1, 2, 3, 4, 5}
        assert answer.option is None or answer.option in allowed
        assert (answer.text is None) or question.kind is QuestionKind.TEXT


@pytest.mark.parametrize("language", spoken_languages())
def test_re_prompts_restate_the_choices_within_one_segment(language: str) -> None:
    speaker = Replay(language).speaker
    for question in PULSE.questions[:3]:
        for attempt in (1, 2):
            said = speaker.speak([Say(Saying.AGAIN, question.id, attempt)], State(language))
            assert segments(said.short).count == 1


@pytest.mark.parametrize("language", ["en", "pl"])
def test_questions_fit_one_segment_where_the_script_is_gsm_7(language: str) -> None:
    speaker = Replay(language).speaker
    for question in PULSE.questions:
        said = speaker.speak([Say(Saying.ASK, question.id)], State(language))
        assert segments(said.short).encoding == "GSM-7"
        assert segments(said.short).count == 1


def test_polish_is_written_in_full_where_there_is_room() -> None:
    said = Replay("pl").speaker.speak([Say(Saying.ASK, "needs_met")], State("pl"))
    assert "szkoła" in said.long
    assert "szkola" in said.short


def test_V6_the_first_message_says_who_reads_what_is_passed_on_and_how_to_stop() -> None:
    for language, needed in {
        "en": ("Sefton Shore", "without names", "safety", "STOP", "SKIP"),
        "pl": ("Sefton Shore", "bez nazwisk", "bezpieczenstwo", "STOP", "POMIN"),
        "ur": ("Sefton Shore", "بغیر نام", "حفاظت", "STOP", "چھوڑیں"),
    }.items():
        first = Replay(language).said[0]
        assert [word for word in needed if word not in first] == []
        assert "https://hub.example.org/l/" in first


def test_an_information_step_is_told_and_not_asked() -> None:
    told = Question("hello", QuestionKind.INFORMATION, LocalText({"en": "First, a word about us."}))
    definition = Definition("k", LocalText({"en": "K"}), (told, PULSE.questions[1]))
    first = begin(definition, "en", NOON)
    assert [one.saying for one in first.says] == [Saying.INFORM, Saying.ASK]
    assert first.state.answers == (Answer("hello", Outcome.TOLD),)
    state, said = hear(first.state, "yes", definition=definition)
    assert state.phase is Phase.FINISHED
    assert [one.saying for one in said] == [Saying.THANKS]


def test_a_correction_long_after_is_heard_as_an_answer_to_the_question_asked() -> None:
    two_scales = Definition(
        "k", LocalText({"en": "K"}), (PULSE.questions[0], Question("q2", QuestionKind.SCALE, LocalText({"en": "And?"})))
    )
    state, _ = hear(begin(two_scales, "en", NOON).state, "2", definition=two_scales)
    soon, _ = hear(state, "sorry 3", NOON + timedelta(minutes=5), two_scales)
    late, _ = hear(state, "sorry 3", NOON + timedelta(days=1), two_scales)
    assert [answer.number for answer in soon.answers] == [3]
    assert [answer.number for answer in late.answers] == [2, 3]


def test_once_finished_an_answer_stays_as_it_is() -> None:
    state = begin(PULSE, "en", NOON).state
    state, _ = hear(state, "4, yes, B, all good")
    assert state.phase is Phase.FINISHED
    result = step(PULSE, state, TextHeard("1", NOON + timedelta(hours=1)))
    assert result.state == state
    assert result.effects == (NotMine(come_back=False),)


def test_a_question_soon_after_the_end_is_left_to_those_who_answer_questions() -> None:
    state, _ = hear(begin(PULSE, "en", NOON).state, "4, yes, B, all good")
    for question in ("who do I ask about transport?", "ٹرانسپورٹ کے لیے کس سے پوچھوں؟"):
        result = step(PULSE, state, TextHeard(question, NOON + timedelta(minutes=1)))
        assert result.effects == (NotMine(come_back=False),)
    longer = step(PULSE, state, TextHeard("and the taxi comes late", NOON + timedelta(minutes=1)))
    assert longer.state.answers[-1].text == "all good\nand the taxi comes late"


def test_the_end_is_announced_once() -> None:
    result = step(PULSE, begin(PULSE, "en", NOON).state, TextHeard("4, yes, B, all good", NOON))
    assert [effect for effect in result.effects if isinstance(effect, Ended)] == [Ended()]
