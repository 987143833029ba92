from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

from channels.model import Rendered
from channels.render import Renderer
from channels.rules.segments import segments
from channels.slack.blocks import fallback_text, message_blocks
from channels.slack.forms import form_view
from channels.wording import Kind, MessageType
from kernel.keys import Keys
from kernel.translation import Translations
from qa_visits.messages import MESSAGES

PUSHED = {"council", "setting", "day", "starts", "ends", "due", "link", "standing"}
SAMPLE = {
    "council": "Sefton Council",
    "setting": "Brook House School",
    "visit_type": "annual visit",
    "starts": "9:30am",
    "ends": "3pm",
    "standing": "This visit is already booked.",
    "reason": "Show the month of December.",
    "action": "Check every visitor's identity",
    "visit": "01visit0000000000000000001",
}
BY_KIND = {
    Kind.DATE: "2026-12-09",
    Kind.LINK: "/my-improvement-actions/01visit0000000000000000001",
    Kind.LINES: ["That day is a bank holiday."],
    Kind.CHOICES: [[f"2026-12-{day:02}", f"Wednesday {day} December 2026"] for day in range(1, 21)],
}
every_message = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.key)


RENDERER = Renderer(
    Translations(Path(__file__).resolve().parents[2] / "locales"), "https://hub.example.org", Keys("a secret for tests")
)


def rendered(message: MessageType) -> Rendered:
    values = {name: BY_KIND.get(kind, SAMPLE.get(name)) for name, kind in message.values.items()}
    assert None not in values.values()
    return RENDERER.render(message, values, "en")


@every_message
def test_what_is_pushed_or_texted_names_nobody(message: MessageType) -> None:
    """R30: free text and names stay out of email subjects, Slack pushes and SMS."""
    for phrase in (message.title, message.short):
        assert {name for _, name, _, _ in Formatter().parse(phrase.text) if name} <= PUSHED


@every_message
def test_message_fits_slack_with_its_buttons_and_forms(message: MessageType) -> None:
    shown = rendered(message)

    assert message_blocks(shown, "01message000000000000000001")
    assert fallback_text(shown)
    for button in shown.buttons:
        if button.form is not None:
            assert form_view(button.form, button.value, "01message000000000000000001")


@every_message
def test_sms_is_short_and_plain(message: MessageType) -> None:
    cost = segments(rendered(message).short)

    assert cost.count == 1
    assert cost.encoding == "GSM-7"


def test_every_value_is_shown_or_carried() -> None:
    for message in MESSAGES:
        said = {
            name
            for phrase in (message.title, message.text, message.short)
            for _, name, _, _ in Formatter().parse(phrase.text)
        }
        carried = {button.value for button in message.buttons} | {
            each.choices_from for button in message.buttons if button.form for each in button.form.fields
        }
        assert set(message.values) <= said | carried, message.key
