"""Every sentence that a person may read is there in every language, whole and usable."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment, nodes

from channels.rules.opt_words import OptWord, read_opt_word
from channels.rules.segments import segments
from chatbot.knowledge import reader
from chatbot.model import Understood
from hub.wiring import MESSAGES
from kernel.translation import Phrase, Translations
from surveys.rules.lexicon import Meaning, lexicon
from tools.messages import FOLDER, ROOT, TRANSLATED, extracted, packages, path_of, refreshed, stored

Key = tuple[str | None, str]

SENTENCES = extracted()
_BRACED = re.compile(r"\{(\w+)\}")
_NAMED = re.compile(r"%\((\w+)\)s")
_URDU = r"\u0600-\u06ff"

MAY_KEEP_ACCENTS = {
    "chatbot.explained_in_part.short": "the explanation in it is written with accents already",
    "chatbot.ask_which.short": "the names to choose from are written with accents already",
}
"""SMS wordings in Polish that gain nothing by going without accents."""

IN_THEIR_LANGUAGE = {
    "answer",
    "brief",
    "day",
    "deadline",
    "due",
    "high",
    "low",
    "question",
    "question_sms",
    "until",
    "words",
}
ONLY_FIGURES = {"count", "longest", "lot_number", "marks", "number", "numbers", "top", "total"}
"""Values that come in the reader's own language, or as figures; all others may be in Latin letters."""


def keys(catalogue: Catalog) -> set[Key]:
    return {key_of(message) for message in catalogue if message.id}


def key_of(message: Message) -> Key:
    assert isinstance(message.id, str), "a sentence with a plural: teach these tests to look at all its forms"
    return message.context, message.id


def translations(locale: str) -> Iterator[tuple[Key, str]]:
    for message in stored(locale):
        if message.id:
            yield key_of(message), str(message.string)


def values_in(text: str) -> set[str]:
    return {*_BRACED.findall(text), *_NAMED.findall(text)}


def has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in _NAMED.sub("", _BRACED.sub("", text)))


def missing(catalogue: Catalog) -> list[Key]:
    """Return what a reader of this language would see in English, or not at all."""
    return [
        (context, text)
        for context, text in keys(SENTENCES)
        if not (found := catalogue.get(text, context)) or not found.string or (found.string == text and has_words(text))
    ]


def phrases() -> Iterator[Phrase]:
    for kind in MESSAGES:
        yield from (kind.title, kind.text, kind.short)
        for button in kind.buttons:
            yield button.label
            if button.form is not None:
                yield button.form.title
                yield from (field.label for field in button.form.fields)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_sentence_is_translated(locale: str) -> None:
    assert missing(stored(locale)) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_sentence_without_a_translation_is_found(locale: str) -> None:
    for spoil in (lambda _: "", lambda text: text):
        catalogue = stored(locale)
        message = catalogue.get("Sorry, we could not read that. Please reply YES or NO.", "surveys.again.yes_no")
        assert message is not None
        message.string = spoil(str(message.id))
        assert missing(catalogue) == [("surveys.again.yes_no", message.id)]
        catalogue.delete(message.id, message.context)
        assert missing(catalogue) == [("surveys.again.yes_no", message.id)]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_catalogue_is_in_step_with_the_code(locale: str) -> None:
    """Run `make messages` where this fails, and translate what is new."""
    catalogue = stored(locale)
    assert keys(catalogue) == keys(SENTENCES)
    assert not catalogue.obsolete
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_catalogue_names_no_person_and_no_day(locale: str) -> None:
    """What `make messages` writes changes only with the words."""
    text = path_of(locale).read_text(encoding="utf-8")
    assert refreshed(locale, SENTENCES) == text
    assert re.search(r"@|Date|Translator|Team|\d{4}-\d\d-\d\d|^#:", text, re.MULTILINE) is None


@pytest.mark.parametrize("locale", TRANSLATED)
def test_values_paragraphs_and_figures_are_those_of_the_english(locale: str) -> None:
    def facts(text: str) -> tuple[object, ...]:
        return values_in(text), text.count("\n\n"), sorted(re.findall(r"\d+", text))

    assert [key for key, said in translations(locale) if facts(said) != facts(key[1])] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_translation_can_be_filled(locale: str) -> None:
    for (context, text), said in translations(locale):
        values = dict.fromkeys(values_in(text), "value")
        filled = said % values if context is None else said.format(**values)
        assert not set("{}%") & set(filled), text
        assert said == said.strip(), text


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_hub_speaks_what_the_catalogue_holds(locale: str) -> None:
    speaks = Translations(FOLDER)
    for (context, text), said in translations(locale):
        if context is not None:
            assert speaks.template(Phrase(context, text), locale) == said


def test_every_phrase_of_every_message_is_extracted() -> None:
    assert {astuple(phrase) for phrase in phrases()} <= keys(SENTENCES)


def test_every_marked_sentence_is_written_out() -> None:
    """A sentence put together while the hub runs could not be extracted, and so not be translated."""
    found = [
        f"{path}:{node.lineno}"
        for package in packages()
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
        if not all(isinstance(argument, ast.Constant) for argument in node.args) or node.keywords
    ]
    assert found == []


# Words that people are told to send.


def said_words(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+", _BRACED.sub("", text))
    return {*words, *(" ".join(two) for two in pairwise(words))}


def understood_as(meaning: Meaning) -> Callable[[str, str], bool]:
    def is_understood(word: str, locale: str) -> bool:
        return [mark.meaning for mark in lexicon(locale).scan(word)] == [meaning]

    return is_understood


def opted_as(wanted: OptWord) -> Callable[[str, str], bool]:
    return lambda word, _: read_opt_word(word) is wanted


TOLD = {
    "STOP": opted_as(OptWord.STOP),
    "START": opted_as(OptWord.START),
    "SKIP": understood_as(Meaning.SKIP),
    "YES": understood_as(Meaning.YES),
    "NO": understood_as(Meaning.NO),
}


@pytest.mark.parametrize("word", TOLD)
@pytest.mark.parametrize("locale", ["en", *TRANSLATED])
def test_V12_the_words_that_people_are_told_to_send_are_understood(locale: str, word: str) -> None:
    said = translations(locale) if locale != "en" else ((key, key[1]) for key in keys(SENTENCES))
    telling = [text for (_, english), text in said if re.search(rf"\b{word}\b", english)]
    assert telling
    assert [text for text in telling if not any(TOLD[word](each, locale) for each in said_words(text))] == []


def test_urdu_names_a_word_in_urdu_letters_beside_each_english_one() -> None:
    """A phone set to Urdu letters has no Latin ones at hand."""
    for (_, english), said in translations("ur"):
        for word, in_urdu in (("STOP", "بند"), ("START", "شروع")):
            if re.search(rf"\b{word}\b", english):
                assert f"{word} یا {in_urdu}" in said
                assert read_opt_word(word) is read_opt_word(in_urdu) is not None


@pytest.mark.parametrize("locale", ["en", *TRANSLATED])
def test_the_question_given_as_an_example_is_understood(locale: str) -> None:
    [told] = [phrase for phrase in phrases() if phrase.context == "chatbot.passed_on.text"]
    [line] = [line for line in Translations(FOLDER).phrase(told, locale).split("\n") if "IPA" in line]
    asked = reader().understand(line.partition(": ")[2])
    assert isinstance(asked, Understood)
    assert asked.keys == ("ipa",)


# Letters and directions.


def test_polish_sms_go_without_accents() -> None:
    """One accent would cut a segment from 160 letters to 70."""
    accented = {
        context
        for (context, _), said in translations("pl")
        if context and context.endswith(".short") and segments(_BRACED.sub("", said)).encoding != "GSM-7"
    }
    assert accented == set(MAY_KEEP_ACCENTS)


def urdu_lines() -> Iterator[tuple[str | None, str]]:
    for (context, _), said in translations("ur"):
        for line in said.split("\n"):
            if has_words(line):
                yield context, line


def shape(line: str) -> str:
    """Return a line as letters: U Urdu, L Latin, P a value that may be Latin; figures and signs are left out."""

    def of_value(found: re.Match[str]) -> str:
        name = found[1]
        return "" if name in ONLY_FIGURES else "\u0627" if name in IN_THEIR_LANGUAGE else "\x00"

    filled = _BRACED.sub(of_value, _NAMED.sub(r"{\1}", line))
    kinds = (
        "U" if re.match(f"[{_URDU}]", sign) else "P" if sign == "\x00" else "L" for sign in filled if is_letter(sign)
    )
    return "".join(kinds)


def is_letter(sign: str) -> bool:
    return sign.isalpha() or sign == "\x00"


def test_an_urdu_line_begins_in_urdu() -> None:
    """Phones and Slack take a line's direction from its first letter."""
    wrong = [line for context, line in urdu_lines() if context is not None and not shape(line).startswith("U")]
    assert wrong == []


def test_urdu_words_part_what_runs_from_left_to_right() -> None:
    """Two Latin pieces with only a comma or a full stop between would be read as one, in the wrong order."""
    assert [line for _, line in urdu_lines() if re.search("P[LP]|LP", shape(line))] == []


def test_an_urdu_line_ends_with_its_link() -> None:
    assert [line for _, line in urdu_lines() if re.search(r"\{link\}.", line)] == []


def test_telephone_numbers_in_urdu_keep_the_order_of_their_parts() -> None:
    """After an Urdu letter "0800 1111" is shown as "1111 0800"; after a Latin one it stays as it is (UAX 9, W2, W7)."""
    told = [(line, number) for _, line in urdu_lines() for number in re.finditer(r"\d+(?: \d+)+", line)]
    assert told
    assert [line for line, number in told if not re.search("[A-Za-z] $", line[: number.start()])] == []


# Pages for families.

_SPOKEN = {"text", "html", "titleText", "descriptionText", "visuallyHiddenText", "summaryText", "divider", "alt"}
_TELLING = re.compile(r"""(?:aria-label|alt|title|placeholder)=["'][^"']*[A-Za-z]""")
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def templates() -> dict[str, nodes.Template]:
    paths = (path for package in packages() for path in (ROOT / package).glob("**/templates/**/*.html"))
    return {_name(path): ENVIRONMENT.parse(path.read_text(encoding="utf-8")) for path in paths}


def _name(path: Path) -> str:
    return path.as_posix().rpartition("/templates/")[2]


def leads_to(template: nodes.Template) -> set[str]:
    """Return what a template extends or includes, under any condition."""
    leading = [node.template for node in template.find_all(nodes.Extends)]
    leading += [node.template for node in template.find_all(nodes.Include)]
    found = {text_of(each) for node in leading for each in (node, *node.find_all(nodes.Const))}
    return found - {""}


def text_of(node: nodes.Node) -> str:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else ""


def family_templates() -> dict[str, nodes.Template]:
    """Return the frame of family pages and each page that may stand in it, with what they include."""
    known = templates()
    found = {name for name, template in known.items() if "family.html" in leads_to(template)} | {"family.html"}
    while more := {each for name in found for each in leads_to(known[name])} - found - {"shell.html"}:
        found |= more
    return {name: known[name] for name in found}


def bare_words(template: nodes.Template) -> list[str]:
    """Return what a template says without marking it for translation."""
    classes = [block for block in template.find_all(nodes.Block) if block.name.endswith("_class")]
    unsaid = {id(data) for block in classes for data in block.find_all(nodes.TemplateData)}
    pieces = [data.data for data in template.find_all(nodes.TemplateData) if id(data) not in unsaid]
    found = [text for text in re.split(r"<[^>]*>", "".join(pieces)) if has_words(text)]
    found += [piece for piece in pieces if _TELLING.search(piece)]
    told = [text_of(pair.value) for pair in template.find_all(nodes.Pair) if text_of(pair.key) in _SPOKEN]
    return found + [text for text in told if has_words(text)]


def test_family_pages_say_nothing_that_is_not_translated() -> None:
    found = family_templates()
    assert {"base.html", "errors/problem.html", "surveys/question.html"} <= set(found)
    assert {name: bare_words(template) for name, template in found.items() if bare_words(template)} == {}


def test_a_bare_word_on_a_page_is_found() -> None:
    spoilt = ENVIRONMENT.parse(
        "<p class='a'>Hello {{ name }}</p><b title='More'>{{ b({'text': 'Go'}) }}</b>{{ _('Ok') }}"
    )
    assert len(bare_words(spoilt)) == 3


def test_sentences_have_plain_values() -> None:
    """Only {name}: no formats and no attributes, which a translator could break."""
    for context, text in keys(SENTENCES):
        if context is not None:
            assert all(not spec and not conversion for _, _, spec, conversion in Formatter().parse(text)), text


def documented_words() -> Iterator[tuple[str, str]]:
    """Return the words of docs/languages.md that people may send, each with what it is for."""
    page = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    table = page.partition("## The words that people may send")[2].partition("\n## ")[0]
    for line in re.findall(r"^\| (?!for)(.*) \|$", table, re.MULTILINE):
        purpose, *cells = line.split(" | ")
        yield from ((purpose, word) for cell in cells for word in cell.split(", "))


def test_V12_the_words_that_the_page_tells_of_are_understood() -> None:
    told = list(documented_words())
    wanted = {"no more messages": OptWord.STOP, "messages again": OptWord.START, "what this is": OptWord.HELP}
    assert {purpose for purpose, _ in told} == {*wanted, "leave a question out"}
    for purpose, word in told:
        if purpose in wanted:
            assert read_opt_word(word) is wanted[purpose], word
        else:
            assert all(TOLD["SKIP"](word, locale) for locale in ("en", *TRANSLATED)), word
