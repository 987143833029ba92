import requests

from tests.services.identity import running_issuer
from tests.services.orphans import ends, orphaned_pid


def test_describes_itself_and_registers_clients() -> None:
    with running_issuer() as issuer:
        told = requests.get(f"{issuer.address}/.well-known/openid-configuration", timeout=10).json()
        assert told["issuer"] == issuer.address
        assert "S256" in told["code_challenge_methods_supported"]
        first, second = (issuer.register(["https://hub.example.org/back"]) for _ in range(2))
        assert first.id != second.id
    assert ends(issuer.pid)


def test_dies_with_its_asker() -> None:
    program = (
        "import sys\n"
        "from tests.services.identity import running_issuer\n"
        "with running_issuer() as issuer:\n"
        "    print(issuer.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    assert ends(orphaned_pid(program))
