import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.model import LocalText, Question, QuestionKind
from surveys.rules.lexicon import spoken_languages
from surveys.rules.plain_words import plain, words
from surveys.rules.read_answer import read_answer
from surveys.rules.ready_made_surveys import ready_made_surveys

SCALE, YES_NO, CHOICE, _ = ready_made_surveys()[0].questions
WHOLE, PART = True, False


def read(question: Question, text: str, language: str) -> tuple[int | str | None, bool] | None:
    reading = read_answer(question, text, language)
    return (reading.answer.number or reading.answer.option, reading.is_whole) if reading else None


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "4", 4),
        ("en", " four ", 4),
        ("en", "Four!", 4),
        ("en", "4/5", 4),
        ("en", "4 out of 5", 4),
        ("en", "I'd give it a 4", 4),
        ("en", "a solid 3", 3),
        ("en", "maybe 4?", 4),
        ("en", "four thanks x", 4),
        ("en", "Hi, 2 stars please", 2),
        ("en", "٤", 4),
        ("en", "۴", 4),
        ("en", "৪", 4),
        ("en", "4️⃣", 4),
        ("en", "⭐⭐⭐⭐", 4),
        ("en", "very well", 5),
        ("en", "Not at all!", 1),
        ("en", "cztery", 4),
        ("pl", "cztery", 4),
        ("pl", "pięć", 5),
        ("pl", "piec", 5),
        ("pl", "piątka", 5),
        ("pl", "chyba trzy", 3),
        ("pl", "4 na 5", 4),
        ("pl", "daję 3", 3),
        ("pl", "four", 4),
        ("ur", "پانچ", 5),
        ("ur", "۵", 5),
        ("ur", "5 میں سے 4", 4),
        ("ur", "char", 4),
        ("ur", "do", 2),
        ("ur", "میرے خیال میں 3", 3),
    ],
)
def test_a_point_on_a_scale_is_read_as_a_person_reads_it(language: str, text: str, number: int) -> None:
    assert read(SCALE, text, language) == (number, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        "3.5",
        "3,5",
        "3-4",
        "3 or 4",
        "45",
        "0",
        "-3",
        "6",
        "4/10",
        "100%",
        "10:30",
        "he is in year 4",
        "3 teachers left",
        "in 2 weeks",
        "one thing is that",
        "yes",
        "",
        "?",
        "👍",
        "4" * 5000,
        "between one and two",
        "not 4",
    ],
)
def test_what_is_no_point_on_the_scale_is_asked_again(text: str) -> None:
    assert read(SCALE, text, "en") is None


@pytest.mark.parametrize("text", ["4 because he is happy", "4 - he is happy", "4, but only on good days", "4 good"])
def test_a_leading_number_counts_and_its_reason_is_not_lost(text: str) -> None:
    assert read(SCALE, text, "en") == (4, PART)


@pytest.mark.parametrize(
    ("language", "text", "option"),
    [
        ("en", "yeah", "yes"),
        ("en", "Yep!", "yes"),
        ("en", "y", "yes"),
        ("en", "I do", "yes"),
        ("en", "👍", "yes"),
        ("en", "tak", "yes"),
        ("en", "جی ہاں", "yes"),
        ("en", "haan", "yes"),
        ("en", "yes please", "yes"),
        ("en", "No", "no"),
        ("en", "not really", "no"),
        ("en", "Definitely not", "no"),
        ("en", "No, never", "no"),
        ("en", "👎", "no"),
        ("pl", "TAK", "yes"),
        ("pl", "no tak", "yes"),
        ("pl", "raczej nie", "no"),
        ("pl", "yes", "yes"),
        ("ur", "ہاں", "yes"),
        ("ur", "هاں", "yes"),
        ("ur", "جي هاں", "yes"),
        ("ur", "ji", "yes"),
        ("ur", "نہیں", "no"),
        ("ur", "nahi", "no"),
        ("ur", "na", "no"),
        ("ur", "no", "no"),
    ],
)
def test_yes_and_no_are_read_in_every_language(language: str, text: str, option: str) -> None:
    assert read(YES_NO, text, language) == (option, WHOLE)


@pytest.mark.parametrize("text", ["yes and no", "yes, no", "sometimes", "not always", "no problem", "4", "maybe"])
def test_neither_yes_nor_no_is_asked_again(text: str) -> None:
    assert read(YES_NO, text, "en") is None


def test_polish_no_means_something_else_than_english_no() -> None:
    assert read(YES_NO, "no", "pl") is None


def test_a_yes_with_more_words_keeps_them() -> None:
    assert read(YES_NO, "Yes. They ring me first.", "en") == ("yes", PART)


@pytest.mark.parametrize(
    ("language", "text", "option"),
    [
        ("en", "b", "quicker_replies"),
        ("en", "A", "clear_information"),
        ("en", "(c)", "more_say"),
        ("en", "option d", "other_families"),
        ("en", "D please", "other_families"),
        ("en", "2", "quicker_replies"),
        ("en", "Quicker replies", "quicker_replies"),
        ("en", "quiker repleis", "quicker_replies"),
        ("en", "more say", "more_say"),
        ("en", "information please", "clear_information"),
        ("pl", "szybsze odpowedzi", "quicker_replies"),
        ("pl", "wiekszy wplyw", "more_say"),
        ("pl", "a", "clear_information"),
        ("ur", "۲", "quicker_replies"),
        ("ur", "جلد جواب", "quicker_replies"),
        ("ur", "quicker replies", "quicker_replies"),
    ],
)
def test_a_choice_is_read_by_letter_figure_or_words(language: str, text: str, option: str) -> None:
    assert read(CHOICE, text, language) == (option, WHOLE)


@pytest.mark.parametrize("text", ["e", "other", "a b", "A or B", "A good school", "i", "5", "yes"])
def test_what_names_no_one_option_is_asked_again(text: str) -> None:
    assert read(CHOICE, text, "en") is None


def test_an_option_in_a_longer_text_counts_and_the_text_is_kept() -> None:
    assert read(CHOICE, "B because they never answer", "en") == ("quicker_replies", PART)
    assert read(CHOICE, "I think quicker replies would do it", "en") == ("quicker_replies", PART)


def test_plain_form_makes_one_spelling_of_many() -> None:
    assert plain("Ąćęłńóśźż") == "acelnoszz"
    assert plain("٤ ۴ ৪ ④") == "4 4 4 4"
    assert words("don't KNOW…") == ("dont", "know")
    assert words("هاں") == words("ہاں")


KINDS = st.sampled_from([SCALE, YES_NO, CHOICE])
LANGUAGES = st.sampled_from([*spoken_languages(), "ar"])


@given(question=KINDS, text=st.text(max_size=200), language=LANGUAGES)
def test_reading_never_raises_and_never_invents(question: Question, text: str, language: str) -> None:
    reading = read_answer(question, text, language)
    if reading is None:
        return
    if question.kind is QuestionKind.SCALE:
        assert reading.answer.number in range(1, question.points + 1)
    else:
        assert reading.answer.option in {"yes", "no", *(option.id for option in question.options)}


@given(points=st.integers(2, 10), data=st.data())
def test_every_point_of_a_scale_can_be_given_in_any_digits(points: int, data: st.DataObject) -> None:
    scale = Question("q", QuestionKind.SCALE, LocalText({"en": "How?"}), points=points)
    point = data.draw(st.integers(1, points))
    zero = data.draw(st.sampled_from("0٠۰०০੦૦௦０"))
    written = "".join(chr(ord(zero) + int(digit)) for digit in str(point))
    reading = read_answer(scale, written, "en")
    assert reading is not None
    assert reading.answer.number == point
