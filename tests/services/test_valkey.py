import redis

from tests.services.orphans import ends, orphaned_pid
from tests.services.valkey import running_valkey


def test_keeps_and_forgets_within_its_socket() -> None:
    with running_valkey() as server, redis.from_url(server.url) as client:
        client.set("doorbell", "rung")
        assert client.get("doorbell") == b"rung"
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("save") == {"save": ""}
        server.empty()
        assert client.get("doorbell") is None
    assert ends(server.pid)
    assert not server.socket.parent.exists()


def test_dies_with_its_asker() -> None:
    program = (
        "import sys\n"
        "from tests.services.valkey import running_valkey\n"
        "with running_valkey() as server:\n"
        "    print(server.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    assert ends(orphaned_pid(program))
