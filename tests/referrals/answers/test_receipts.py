"""R16, R21: a receipt says when the council can read the answer."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from channels.tables import MessageRow
from referrals.messages.asking import MESSAGES
from tests.referrals.routes.steps import DIRECT, approve_and_issue, choose, plan
from tests.referrals.world import World


def test_where_nobody_competes_the_receipt_does_not_say_that_the_answer_is_sealed(world: World) -> None:
    competition = world.issued()
    world.respond(competition, 0)
    direct = world.drafted()
    choose(world, direct, replace(DIRECT, setting_id=world.settings[0]))
    plan(world, direct)
    approve_and_issue(world, direct)
    world.respond(direct, 0)
    sentences = {type_.key: type_.text.text for type_ in MESSAGES}
    with world.ground.read() as session:
        sent = select(MessageRow.about_id, MessageRow.key).where(MessageRow.key.startswith("referrals.receipt"))
        said = {about: sentences[key] for about, key in session.execute(sent)}
    assert "stays sealed until the deadline" in said[competition]
    assert "sealed" not in said[direct]
    assert "the council can read it now" in said[direct]
