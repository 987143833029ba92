from __future__ import annotations

from datetime import date
from typing import Any

from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Rendered
from channels.render import Renderer
from channels.slack.arrivals import from_form, presses
from channels.slack.blocks import message_blocks
from channels.slack.forms import form_view
from kernel.work import Ground
from qa_visits.inbound import HEARERS
from qa_visits.messages.to_officers import PROPOSAL
from qa_visits.model import VisitState
from qa_visits.queries import visit_card
from tests.qa_visits.world import World, keys, messages, propose

OFFICER = {"id": "U0QUINN1", "username": "quinn", "team_id": "T0INVENTED"}
MESSAGE = "01message00000000000000001"


def proposal(ground: Ground) -> Rendered:
    [asked] = messages(ground)
    return Renderer(ground.translations, ground.base_url, ground.keys).render(PROPOSAL, asked.values, "en")


def hear(ground: Ground, *arrivals: Arrival) -> None:
    inbox = Inbox(ground)
    for arrival in arrivals:
        inbox.accept(arrival)
    inbox.close()
    Processor(ground, HEARERS).drain()


def button(ground: Ground, label: str) -> dict[str, Any]:
    blocks = message_blocks(proposal(ground), MESSAGE)
    found: list[dict[str, Any]] = [
        each
        for block in blocks
        if block["type"] == "actions"
        for each in block["elements"]
        if each["text"]["text"] == label
    ]
    [element] = found
    return element


def press(element: dict[str, Any], user: dict[str, str] = OFFICER) -> Arrival:
    [pressed] = presses(
        {
            "type": "block_actions",
            "user": user,
            "container": {"type": "message", "message_ts": "1795428000.000300", "channel_id": "D0QUINN1"},
            "channel": {"id": "D0QUINN1", "name": "directmessage"},
            "actions": [{"type": "button", "action_ts": "1795428100.123456", **element}],
        }
    )
    return pressed.arrival


def test_slacks_press_books_once_however_often_it_is_delivered(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    pressed = press(button(ground, "Accept"))

    hear(ground, pressed, pressed)
    hear(ground, pressed)

    with ground.read() as session:
        assert visit_card(session, visit_id).state is VisitState.BOOKED
    assert keys(messages(ground, to=world.officer)) == ["proposal", "booked_officer"]
    assert keys(messages(ground, to=world.owner)) == ["invitation"]


def test_slacks_form_moves_the_visit_to_the_day_chosen(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    [drawn] = [each for each in proposal(ground).buttons if each.label == "Another day"]
    assert drawn.form is not None
    view = form_view(drawn.form, drawn.value, MESSAGE)
    [block] = view["blocks"]
    option = block["element"]["options"][4]
    state = {"values": {block["block_id"]: {block["element"]["action_id"]: {"selected_option": option}}}}

    hear(ground, from_form({"type": "view_submission", "user": OFFICER, "view": {**view, "id": "V0", "state": state}}))

    assert option["text"]["text"] == "Monday 14 December 2026"
    with ground.read() as session:
        card = visit_card(session, visit_id)
    assert (card.state, card.day) == (VisitState.BOOKED, date(2026, 12, 14))


def test_press_of_a_slack_user_whom_nobody_knows_changes_nothing(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    hear(ground, press(button(ground, "Accept"), {**OFFICER, "id": "U0UNKNOWN"}))

    with ground.read() as session:
        assert visit_card(session, visit_id).state is VisitState.PROPOSED
    assert messages(ground)[-1].key == "stale"
    assert visit_id not in str(messages(ground)[-1].values)
