"""Every message is whole on every channel and in every language, and fits there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from html import unescape
from types import ModuleType
from typing import Any

import pytest

import channels.messages
import chatbot.messages
import fps.messages.applications
import fps.messages.evidence
import fps.messages.places
import fps.messages.rounds
import fps.messages.standing
import hub.messages
import hub.people_messages
import hub.rights_messages
import qa_visits.messages.on_actions
import qa_visits.messages.to_officers
import qa_visits.messages.to_providers
import surveys.messages
from channels.email.compose import Composer
from channels.email.settings import EmailSettings
from channels.model import Channel, Post, Rendered
from channels.render import Renderer
from channels.rules.segments import segments
from channels.slack.blocks import MAX_BUTTON_TEXT, MAX_HEADER, fallback_text, message_blocks
from channels.slack.forms import MAX_TITLE, form_view
from channels.sms.ledger import text_of
from channels.wording import Button, Kind, MessageType, Registry
from chatbot.knowledge import explain
from hub.web.words import linked
from hub.wiring import MESSAGES
from kernel.keys import Keys
from kernel.translation import LOCALES, Translations
from referrals.messages import answering, approvals, asking, clocks, equal, outcomes, placements
from surveys.messages import invitation
from surveys.rules.conversation import begin
from surveys.rules.ready_made_surveys import ready_made_surveys
from surveys.rules.wording import Speaker
from tools.messages import FOLDER, ROOT, packages

DEFINED_IN = (
    hub.messages,
    hub.people_messages,
    hub.rights_messages,
    channels.messages,
    chatbot.messages,
    fps.messages.applications,
    fps.messages.evidence,
    fps.messages.places,
    fps.messages.rounds,
    fps.messages.standing,
    *(answering, approvals, asking, clocks, equal, outcomes, placements),
    surveys.messages,
    qa_visits.messages.on_actions,
    qa_visits.messages.to_officers,
    qa_visits.messages.to_providers,
)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
MESSAGE_ID = "01message00000000000000000"
TRANSLATIONS = Translations(FOLDER)
RENDERER = Renderer(TRANSLATIONS, "https://hub.example.org", Keys("a secret for tests"))
COMPOSER = Composer(EmailSettings("127.0.0.1", "hub@example.org", "Co-production Hub", "in.example.org"))

MOST_SEGMENTS = {"en": 2, "pl": 2, "ur": 3}
"""Urdu letters leave 67 to a segment, and a link alone nearly fills one."""
_FIRST = "V6: who asks, what is passed on, how to stop, the link and the first question, all at once"
_LISTED = "a line for each age group that a provider has: as long as the list"
MAY_BE_LONGER: Mapping[tuple[str, str], str] = {
    ("fps.places_ask_many", "ur"): _LISTED,
    ("fps.places_reminder", "ur"): _LISTED,
    ("fps.places_unread", "ur"): _LISTED,
    ("surveys.invite", "en"): _FIRST,
    ("surveys.invite", "pl"): _FIRST,
    ("surveys.invite", "ur"): _FIRST,
}
"""SMS that take more segments, each with the reason; one that no longer does must leave this list."""

SAMPLES: Mapping[str, object] = {
    "provider": "Brook House Education",
    "framework": "North West SEND Flexible Purchasing System",
    "decide_by": "2027-01-29",
    "action": "Check the identity of every visitor and write down when they come and go",
    "answer": "Yes, the forum meets on the first Tuesday of each month. You are welcome.",
    "ask": "01ask00000000000000000000",
    "begins": "2026-12-02T10:00:00+00:00",
    "closes": "2026-12-18T12:00:00+00:00",
    "checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "council": "Blackburn with Darwen Borough Council",
    "count": 4,
    "document": "insurance certificate",
    "ends": "3:30pm",
    "forum": "Sefton Shore Parent Carer Forum",
    "free_days": [[f"2026-12-{day:02}", f"Wednesday {day} December 2026"] for day in range(1, 21)],
    "lines": ["A: Brook House School, ages 5 to 11: 3", "B: Brook House School, ages 11 to 16: 0"],
    "lot": "Lot 3: 52-week residential places, ages 0 to 16",
    "lot_number": 3,
    "name": "Aisha Kowalska-Ahmed",
    "number": 4,
    "organisation": "Sefton Shore Parent Carer Forum",
    "place": "Brook House School",
    "reason": "The register does not yet show the month of December.",
    "reasons": ["That day is a bank holiday. The setting is closed that day."],
    "received": "2026-12-09 16:59:59",
    "reference": "R-KQ7XWM",
    "round": "Joining round 8",
    "role": "Safeguarding duty officer",
    "session": "Meet the commissioners",
    "setting": "Brook House School",
    "standing": "This visit is already booked. It is on Wednesday 9 December 2026.",
    "starts": "9:30am",
    "where": "Westfields, Sandbach, CW11 1HZ",
    "visit": "01visit0000000000000000000",
    "visit_type": "alternative provision review",
}
_TO_ALL = ("alert", "reminder", "changed", "moved", "question_answered")
OWN_SAMPLES: Mapping[tuple[str, str], object] = {
    ("channels.worry_alert", "link"): "/worries",
    ("chatbot.ask_which", "name"): "ISS",
    **{(message.key, "link"): "/my-settings/places" for message in fps.messages.places.MESSAGES},
    **{(f"referrals.{kind}", "link"): "/referrals/01referral0000000000000000" for kind in _TO_ALL},
    ("referrals.question_asked", "link"): "/commissioning/referrals/01referral0000000000000000/questions",
    ("referrals.not_reached", "link"): "/commissioning/referrals/01referral0000000000000000/fairness",
}


@cache
def spoken(locale: str) -> Mapping[str, object]:
    """Return what comes into messages in the reader's language: the words of a survey and of the chatbot."""
    definition = ready_made_surveys()[0]
    speaker = Speaker(definition, locale, TRANSLATIONS)
    first = invitation(speaker, begin(definition, locale, NOW), forum="F", grant_id="g").values
    term = explain("ipa", locale)
    return {
        "question": first["question"],
        "question_sms": first["question_sms"],
        "words": first["question"],
        "words_sms": first["question_sms"],
        "term": term.title,
        "brief": term.short,
        "choices": [
            explain(key, locale).title for key in ("independent_special_school", "independent_school_standards")
        ],
    }


BY_KIND: Mapping[Kind, object] = {
    Kind.DATE: "2026-12-09",
    Kind.MOMENT: "2026-12-09T17:00:00+00:00",
    Kind.GRANT: "01grant0000000000000000000",
    Kind.CODE: "01code00000000000000000000",
    Kind.LINK: "/my-improvement-actions/01action000000000000000000",
}


def sample(message: MessageType, name: str, locale: str) -> object:
    own = OWN_SAMPLES.get((message.key, name)) or BY_KIND.get(message.values[name])
    return own or spoken(locale).get(name) or SAMPLES[name]


def values_of(message: MessageType, locale: str) -> dict[str, Any]:
    return {name: sample(message, name, locale) for name in message.values}


def rendered(message: MessageType, locale: str) -> Rendered:
    return RENDERER.render(message, values_of(message, locale), locale)


every_message = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.key)
every_language = pytest.mark.parametrize("locale", LOCALES)


def parts(shown: Rendered) -> Iterator[str]:
    yield from (shown.title, shown.text, shown.short)
    for button in shown.buttons:
        yield from (button.action, button.label, button.value)
        if button.form is not None:
            yield str(button.form["title"])
            yield from (str(field["label"]) for field in fields_of(button.form))


def fields_of(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(form["fields"])


def links_in(text: str) -> list[str]:
    return re.findall(r"https://[\w./-]+", text)


@every_language
@every_message
def test_every_part_is_filled(message: MessageType, locale: str) -> None:
    for part in parts(rendered(message, locale)):
        assert part.strip()
        assert re.search(r"[{}]|%\(", part) is None
        assert "\n\n\n" not in part


@every_language
@every_message
def test_sms_fits(message: MessageType, locale: str) -> None:
    body = text_of(rendered(message, locale))
    cost = segments(body)
    assert (cost.count > MOST_SEGMENTS[locale]) == ((message.key, locale) in MAY_BE_LONGER), f"{cost}: {body}"
    assert locale != "en" or cost.encoding == "GSM-7"


@every_language
@every_message
def test_email_is_whole(message: MessageType, locale: str) -> None:
    shown = rendered(message, locale)
    assert "\n" not in shown.title
    post = Post("attempt", MESSAGE_ID, message.key, "parent@example.org", locale, shown)
    mail = message_from_bytes(COMPOSER.compose(post, "parent@example.org", NOW), policy=policy.default)
    assert mail["Subject"] == shown.title
    assert content(mail, "plain").strip() == shown.text.strip()
    page = content(mail, "html")
    assert f'dir="{"rtl" if locale == "ur" else "ltr"}"' in page
    assert re.findall(r'href="([^"]*)"', page) == links_in(shown.text)


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@every_language
@every_message
def test_slack_can_draw_it(message: MessageType, locale: str) -> None:
    shown = rendered(message, locale)
    assert len(shown.title) <= MAX_HEADER
    drawn = message_blocks(shown, MESSAGE_ID)
    assert drawn[0]["type"] == "header"
    assert re.findall(r"<(https://[^>]*)>", str(drawn)) == links_in(shown.text)
    assert fallback_text(shown)
    for button in shown.buttons:
        assert len(button.label) <= MAX_BUTTON_TEXT
        if button.form is not None:
            assert len(str(button.form["title"])) <= MAX_TITLE
            assert form_view(button.form, button.value, MESSAGE_ID)["blocks"]


@every_language
@every_message
def test_web_shows_it_with_its_links(message: MessageType, locale: str) -> None:
    shown = rendered(message, locale)
    page = str(linked(shown.text))
    assert unescape(re.sub("<[^>]*>", "", page)) == shown.text
    assert re.findall(r'href="([^"]*)"', page) == links_in(shown.text)


def forms(message: MessageType) -> Iterator[Button]:
    return (button for button in message.buttons if button.form is not None)


@every_message
def test_buttons_and_forms_carry_values_of_their_message(message: MessageType) -> None:
    assert {button.value for button in message.buttons} <= set(message.values)
    for button in forms(message):
        assert button.form is not None
        for field in button.form.fields:
            assert field.kind in {"text", "date", "choice"}
            assert (field.kind == "choice") == (field.choices_from is not None or bool(field.choices))
            assert field.choices_from is None or message.values[field.choices_from] is Kind.CHOICES


@every_message
def test_every_value_is_said_or_carried(message: MessageType) -> None:
    said = {name for phrase in (message.title, message.text, message.short) for name in named_in(phrase.text)}
    carried = {button.value for button in message.buttons}
    carried |= {
        str(field.choices_from) for button in forms(message) if button.form is not None for field in button.form.fields
    }
    assert said <= set(message.values) <= said | carried


def named_in(text: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", text)


_ALERTS = {"channels.worry_alert", *(f"referrals.{kind}" for kind in _TO_ALL)}


@every_message
def test_R30_alerts_say_only_reference_council_lot_deadline_and_link(message: MessageType) -> None:
    if message.key in _ALERTS:
        assert set(message.values) <= {"reference", "council", "lot", "lot_number", "deadline", "link"}
        assert message.values.get("deadline", Kind.MOMENT) is Kind.MOMENT
        assert message.values["link"] is Kind.LINK
        assert {button.value for button in message.buttons} <= {"reference"}
        assert all(field.choices for button in forms(message) if button.form for field in button.form.fields)


def test_R30_is_held_for_all_alerts() -> None:
    assert {message.key for message in MESSAGES} >= _ALERTS


def package_of(message: MessageType) -> str:
    return message.key.partition(".")[0]


def constants(module: ModuleType) -> dict[str, MessageType]:
    return {name: value for name, value in vars(module).items() if isinstance(value, MessageType)}


def test_keys_are_unique_and_begin_with_their_package() -> None:
    assert len(list(Registry(MESSAGES))) == len(MESSAGES)
    for module in DEFINED_IN:
        assert {package_of(message) for message in constants(module).values()} == {module.__name__.partition(".")[0]}
    for message in MESSAGES:
        for phrase in (message.title, message.text, message.short):
            assert phrase.context.partition(".")[0] == package_of(message)


def test_every_message_that_is_defined_is_known_to_the_hub() -> None:
    defined = {message.key for module in DEFINED_IN for message in constants(module).values()}
    assert defined == {message.key for message in MESSAGES}
    files = {path for package in packages() for path in (ROOT / package).rglob("*.py")}
    defining = {path for path in files if re.search(r"= MessageType\(", path.read_text(encoding="utf-8"))}
    assert defining == {ROOT / f"{module.__name__.replace('.', '/')}.py" for module in DEFINED_IN}


# A message that no code sends is dead.


@cache
def trees() -> dict[str, ast.Module]:
    paths = [path for package in packages() for path in (ROOT / package).rglob("*.py")]
    return {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }


def speaks_of(module: str, name: str) -> list[ast.Module]:
    """Return the module that defines a name and those that import it from there."""
    found = [trees()[module]]
    for tree in trees().values():
        imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == module)
        if any(alias.name == name and alias.asname is None for node in imports for alias in node.names):
            found.append(tree)
    return found


def is_used(module: str, name: str) -> bool:
    """Tell whether a name is used beyond the list of all messages, by itself or by way of another name."""
    for tree in speaks_of(module, name):
        for statement in tree.body:
            if not any(isinstance(node, ast.Name) and node.id == name for node in loaded(statement)):
                continue
            targets = assigned(statement)
            if "MESSAGES" not in targets and (not targets or any(is_used(module, target) for target in targets)):
                return True
    return False


def loaded(statement: ast.stmt) -> Iterator[ast.AST]:
    return (node for node in ast.walk(statement) if not isinstance(getattr(node, "ctx", None), ast.Store))


def assigned(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.AnnAssign):
        return [ast.unparse(statement.target)]
    return [ast.unparse(target) for target in statement.targets] if isinstance(statement, ast.Assign) else []


def test_every_message_is_sent_by_some_code() -> None:
    dead = [
        f"{module.__name__}.{name}"
        for module in DEFINED_IN
        for name in constants(module)
        if not is_used(module.__name__, name)
    ]
    assert dead == []


def test_no_channel_is_left_out_here() -> None:
    assert set(Channel) == {Channel.SMS, Channel.EMAIL, Channel.SLACK, Channel.WEB}
