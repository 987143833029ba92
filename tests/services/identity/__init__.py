"""A real OpenID Connect issuer in a process of its own, as a council would run one."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.services.guarded import Guarded, ServiceError, new_home

ROOT = Path(__file__).resolve().parents[3]
_LAUNCHER = Path(__file__).with_name("issuer.mjs")
_PATIENCE_S = 10


@dataclass(frozen=True)
class Client:
    """What the issuer gave the hub when it was registered there."""

    id: str
    secret: str


class Issuer:
    """A running issuer. `address` is what its tokens say in `iss`."""

    def __init__(self, process: Guarded, home: Path) -> None:
        self._process = process
        self._home = home

    @property
    def address(self) -> str:
        """The address of the issuer."""
        return (self._home / "address").read_text()

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        return self._process.pid

    def tell_accounts(self, accounts: Mapping[str, Mapping[str, Any]]) -> None:
        """Say who exists there, by user name, each with the claims that tokens carry."""
        fresh = self._home / "accounts.new"
        fresh.write_text(json.dumps({name: {"claims": dict(claims)} for name, claims in accounts.items()}))
        fresh.replace(self._home / "accounts.json")

    def register(self, redirect_uris: Sequence[str], signed_out_uris: Sequence[str] = ()) -> Client:
        """Register a client, as the standard for dynamic registration describes."""
        asked = {
            "redirect_uris": list(redirect_uris),
            "post_logout_redirect_uris": list(signed_out_uris),
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
        }
        answer = requests.post(f"{self.address}/reg", json=asked, timeout=_PATIENCE_S)
        answer.raise_for_status()
        told = answer.json()
        return Client(told["client_id"], told["client_secret"])

    def answers(self) -> bool:
        """Whether the server listens now."""
        return (self._home / "address").exists()

    def output(self) -> str:
        """Everything the server has printed."""
        return self._process.output()


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Run a fresh issuer; it ends with the context or with this process. Raises ServiceError if it does not start."""
    node = _node()
    home = new_home("issuer")
    (home.path / "accounts.json").write_text("{}")
    process = Guarded([node, _LAUNCHER, home.path], home, signal.SIGTERM)
    try:
        issuer = Issuer(process, home.path)
        process.wait_until(issuer.answers)
        yield issuer
    finally:
        process.stop()


def _node() -> str:
    """Return the node that the assets are built with: the system's, or the one that a wheel carries."""
    carried = ROOT / ".node" / "bin" / "node"
    found = shutil.which("node") or (str(carried) if carried.exists() else None)
    if found is None:
        raise ServiceError("there is no node: assets/build.sh installs one")
    return found
