from __future__ import annotations

from datetime import date

from fps.actions.frameworks.open_north_west import open_north_west
from fps.queries import frameworks_of
from kernel.work import Ground
from people.actions.register_councils import register_councils
from people.councils import COUNCILS, ENDED, LEAD_AUTHORITY
from people.model import Role
from tests.fps.world import member

TODAY = date(2026, 11, 23)


def test_all_24_councils_buy_through_the_north_west_framework_while_they_exist(ground: Ground) -> None:
    """C2: Cumbria until it ended, its two successors since."""
    with ground.work() as work:
        councils = register_councils(work)
        lead = member(work, "Lee Lead", Role.LEAD_AUTHORITY, councils[LEAD_AUTHORITY])
        open_north_west(work, lead)
    with ground.read() as session:
        today = {gss for gss, council in councils.items() if frameworks_of(session, council, TODAY)}
        then = {gss for gss, council in councils.items() if frameworks_of(session, council, date(2022, 1, 3))}
    assert today == {council.gss for council in COUNCILS}
    assert len(today) == 24
    assert then == today - {"E06000063", "E06000064"} | {ENDED.gss}
