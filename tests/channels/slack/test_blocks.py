from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from channels.model import ButtonShown, Rendered
from channels.slack.blocks import Block, UnfitError, action_of, fallback_text, message_blocks

MESSAGE_ID = "01message0000000000000000a"
TEXTS = st.text(alphabet=st.sampled_from("aé&<>ی \n."), max_size=9000)


def blocks_of(title: str = "", text: str = "", buttons: tuple[ButtonShown, ...] = ()) -> list[Block]:
    return message_blocks(Rendered(title, text, "short", buttons), MESSAGE_ID)


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def said(blocks: list[Block]) -> str:
    text = "".join(block["text"]["text"] for block in blocks)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def check(blocks: list[Block]) -> None:
    """Let Slack's own models say whether the blocks are within the limits that they know."""
    for block in SdkBlock.parse_all(blocks):
        block.to_dict()


def test_heading_paragraphs_and_buttons() -> None:
    accept = ButtonShown("qa_visits.accept", "Accept", "visit-1")
    offer = ButtonShown("qa_visits.offer_day", "Offer another day", "visit-1", {"action": "x", "fields": []})
    blocks = blocks_of("A visit is planned", "On Tuesday.\n\nSee https://hub.example.org/v/1", (accept, offer))
    check(blocks)
    assert [block["type"] for block in blocks] == ["header", "section", "actions"]
    assert blocks[0]["text"] == {"type": "plain_text", "text": "A visit is planned", "emoji": False}
    assert blocks[1]["text"]["text"] == "On Tuesday.\n\nSee <https://hub.example.org/v/1>"
    assert blocks[1]["text"]["verbatim"] is True
    first, second = blocks[2]["elements"]
    assert (first["action_id"], second["action_id"]) == ("hub:qa_visits.accept:0", "hub:qa_visits.offer_day:1")
    assert json.loads(first["value"]) == {"v": "visit-1", "m": MESSAGE_ID}
    assert json.loads(second["value"]) == {"v": "visit-1", "m": MESSAGE_ID, "f": 1}
    assert action_of(second["action_id"]) == "qa_visits.offer_day"


@given(TEXTS)
def test_no_text_is_ever_lost_or_over_the_limits(text: str) -> None:
    blocks = blocks_of(text=text)
    check(blocks)
    assert all(0 < len(block["text"]["text"]) <= 3000 for block in blocks)
    assert words(said(blocks)) == words(text)


@given(st.lists(st.text(alphabet="ab&", min_size=1, max_size=4000), max_size=6))
def test_no_entity_is_ever_cut(long_words: list[str]) -> None:
    for block in blocks_of(text=" ".join(long_words)):
        assert "&" not in re.sub(r"&(amp|lt|gt);", "", block["text"]["text"])


def test_a_title_too_long_for_a_heading_is_kept_whole() -> None:
    title = "What parents and carers told us " * 6
    (block,) = blocks_of(title)
    assert block["type"] == "section"
    assert words(said([block])) == f"*{words(title)}*"


def test_many_buttons_with_one_action_have_ids_of_their_own() -> None:
    buttons = tuple(ButtonShown("surveys.answer", str(number), str(number)) for number in range(30))
    blocks = blocks_of(buttons=buttons)
    check(blocks)
    assert [len(block["elements"]) for block in blocks] == [25, 5]
    ids = [element["action_id"] for block in blocks for element in block["elements"]]
    assert len(set(ids)) == 30


def test_a_long_label_is_shortened() -> None:
    (block,) = blocks_of(buttons=(ButtonShown("x", "A long label " * 10, "1"),))
    assert len(block["elements"][0]["text"]["text"]) <= 75
    assert block["elements"][0]["text"]["text"].endswith("…")


def test_what_slack_would_refuse_is_not_sent() -> None:
    with pytest.raises(UnfitError, match="button x"):
        blocks_of(buttons=(ButtonShown("x", "Press", "v" * 2000),))
    with pytest.raises(UnfitError, match="50 blocks"):
        blocks_of(text="\n\n".join("x" * 2999 for _ in range(51)))


def test_notifications_show_the_short_wording() -> None:
    """R30: a push names nobody."""
    rendered = Rendered("Title", "Text that names Sam", "Ref 12 & <a link>")
    assert fallback_text(rendered) == "Ref 12 &amp; &lt;a link&gt;"
