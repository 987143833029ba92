from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel.clock import FixedClock
from kernel.errors import NotFoundError, TooLateError
from kernel.work import Ground
from people.actions.issue_grant import issue_grant, spend_grant, token_of
from people.queries import open_grant


def link(ground: Ground, purpose: str = "test.open") -> tuple[str, str]:
    with ground.work() as work:
        grant_id = issue_grant(work, purpose=purpose, target="t", expires_at=work.now + timedelta(hours=1))
    return grant_id, token_of(ground.keys, grant_id)


def test_link_opens_for_its_purpose_alone_until_it_expires(ground: Ground, clock: FixedClock) -> None:
    _, token = link(ground)
    with ground.read() as session:
        assert open_grant(session, token, "test.open", clock.now()).target == "t"
        with pytest.raises(NotFoundError):
            open_grant(session, token, "test.other", clock.now())
        with pytest.raises(TooLateError):
            open_grant(session, token, "test.open", clock.now() + timedelta(hours=1))


def test_link_is_spent_once(ground: Ground, clock: FixedClock) -> None:
    grant_id, token = link(ground)
    with ground.work() as work:
        spend_grant(work, grant_id)
    with pytest.raises(TooLateError), ground.work() as work:
        spend_grant(work, grant_id)
    with ground.read() as session, pytest.raises(TooLateError):
        open_grant(session, token, "test.open", clock.now())


def test_token_has_128_bits_and_the_database_does_not_hold_it(ground: Ground) -> None:
    tokens = {link(ground)[1] for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {22}
    with ground.read() as session:
        kept = " ".join(str(row) for row in session.execute(text("SELECT * FROM grants")))
    assert not any(token in kept for token in tokens)
