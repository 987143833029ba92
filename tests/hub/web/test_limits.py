from __future__ import annotations

from limits import parse

from hub.web.limits import AttemptLimits
from tests.services.valkey import ValkeyServer

LIMIT = parse("2 per 15 minutes")


def test_counts_each_key_by_itself() -> None:
    limits = AttemptLimits(None)
    assert [limits.hit(LIMIT, "sign_in", "a") for _ in range(3)] == [True, True, False]
    assert limits.hit(LIMIT, "sign_in", "b")


def test_processes_count_together_in_redis(valkey_server: ValkeyServer) -> None:
    valkey_server.empty()
    one, other = AttemptLimits(valkey_server.url), AttemptLimits(valkey_server.url)
    assert one.hit(LIMIT, "sign_in", "a")
    assert other.hit(LIMIT, "sign_in", "a")
    assert not one.hit(LIMIT, "sign_in", "a")


def test_counts_on_by_itself_while_redis_does_not_answer() -> None:
    limits = AttemptLimits("redis://127.0.0.1:1/0")
    assert [limits.hit(LIMIT, "sign_in", "a") for _ in range(3)] == [True, True, False]
