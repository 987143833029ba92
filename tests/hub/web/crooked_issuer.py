"""An identity provider that can be told to lie: what the hub must not believe."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

Claims = dict[str, Any]
_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass
class CrookedIssuer:
    """Answers as told: `claims` go into the token, `described` into its description, `elsewhere` redirects paths."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "first"}))
    header: Claims = field(default_factory=lambda: {"alg": "RS256", "kid": "first"})
    signer: RSAKey | OctKey | None = None
    claims: Claims = field(default_factory=dict)
    described: Claims = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    token: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=dict)
    spoil: Callable[[str], str] = str
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> Claims:
        """Return what a path says."""
        if path == _WELL_KNOWN:
            return {**self._description(), **self.described}
        if path == "/keys":
            return KeySet([self.key]).as_dict(private=False)  # type: ignore[return-value] # a dictionary all the same
        if path == "/userinfo":
            return self.userinfo
        return {"access_token": "a", "token_type": "Bearer", "id_token": self._signed(), **self.token}

    def _description(self) -> Claims:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/auth",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def _signed(self) -> str:
        return self.spoil(jwt.encode(self.header, self.claims, self.signer or self.key, algorithms=["RS256", "HS256"]))


@contextmanager
def crooked_issuer() -> Iterator[CrookedIssuer]:
    """Run an issuer that lies as told, on a free private port."""
    issuer = CrookedIssuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            issuer.asked.append(path)
            if path in issuer.elsewhere:
                self.send_response(302)
                self.send_header("Location", issuer.elsewhere[path])
                self.end_headers()
                return
            body = json.dumps(issuer.answer(path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
            """Say nothing of single requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
