from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.models.views import View

from channels.slack.blocks import Block, UnfitError
from channels.slack.forms import form_view, sent_form


def form(*fields: dict[str, Any], title: str = "Offer another day") -> dict[str, Any]:
    return {"action": "qa_visits.offer_day", "title": title, "fields": list(fields)}


def field(kind: str, *choices: tuple[str, str]) -> dict[str, Any]:
    return {"name": "day", "label": "Which day?", "kind": kind, "choices": [list(choice) for choice in choices]}


def choices(count: int) -> list[tuple[str, str]]:
    return [(f"id-{number}", f"Setting {number}") for number in range(count)]


def drawn(*fields: dict[str, Any], title: str = "Offer another day") -> Block:
    view = form_view(form(*fields, title=title), "visit-1", "01message")
    View(**{name: view[name] for name in view}).validate_json()
    return view


def element(*fields: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = drawn(*fields)["blocks"][0]["element"]
    return found


def test_a_form_carries_back_what_its_button_carried() -> None:
    view = drawn(field("date"))
    assert (view["type"], view["callback_id"]) == ("modal", "hub:form")
    carried = {"a": "qa_visits.offer_day", "v": "visit-1", "m": "01message"}
    assert json.loads(view["private_metadata"]) == carried
    sent = sent_form({**view, "state": {"values": {"hub:day": {"field": {"selected_date": "2026-12-01"}}}}})
    assert (sent.action, sent.message_id) == ("qa_visits.offer_day", "01message")
    assert sent.values == {"day": "2026-12-01", "value": "visit-1"}


def test_each_kind_of_field_has_its_element() -> None:
    assert element(field("date"))["type"] == "datepicker"
    assert element(field("text")) == {
        "type": "plain_text_input",
        "action_id": "field",
        "multiline": True,
        "max_length": 3000,
    }
    assert element(field("choice", *choices(5)))["type"] == "radio_buttons"
    assert element(field("choice", *choices(6)))["type"] == "static_select"
    assert len(element(field("choice", *choices(100)))["options"]) == 100


def test_no_choice_is_lost_where_a_menu_would_be_too_long() -> None:
    groups = element(field("choice", *choices(205)))["option_groups"]
    assert [group["label"]["text"] for group in groups] == ["1 to 100", "101 to 200", "201 to 205"]
    assert [option["value"] for group in groups for option in group["options"]] == [f"id-{n}" for n in range(205)]


def test_a_long_title_is_shown_whole_in_the_form() -> None:
    view = drawn(field("date"), title="Offer another day for the visit")
    assert len(view["title"]["text"]) <= 24
    assert view["blocks"][0]["text"]["text"] == "*Offer another day for the visit*"


@pytest.mark.parametrize(
    "wrong", [field("choice"), field("colour"), field("choice", ("x" * 151, "x")), field("choice", *choices(10_001))]
)
def test_what_slack_cannot_draw_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnfitError):
        form_view(form(wrong), "visit-1", "01message")


def test_a_form_that_carries_too_much_is_refused() -> None:
    with pytest.raises(UnfitError, match="carries"):
        form_view(form(field("date")), "v" * 3000, "01message")


@pytest.mark.parametrize("metadata", ["", "[1]", "no json", "{}"])
def test_a_foreign_view_comes_back_under_its_own_name(metadata: str) -> None:
    sent = sent_form({"callback_id": "theirs", "private_metadata": metadata})
    assert (sent.action, sent.message_id, sent.values) == ("theirs", None, {})
