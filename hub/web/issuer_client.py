from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import request, session
from joserfc.errors import JoseError

from hub.identity_providers import IdentityProvider
from kernel.clock import Clock

CLOCK_SKEW_S = 60
_TIMEOUT_S = (5, 10)
_DESCRIBED_FOR = timedelta(hours=1)
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key that the issuer alone holds. Neither "none" nor those by a secret that is ours too."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ISS_TOLD = "authorization_response_iss_parameter_supported"
_STATE = "_state_"


class IssuerAwayError(Exception):
    """The issuer does not answer, or not as one does. The text is for the log and holds nothing personal."""


class SignInRefusedError(Exception):
    """The issuer's answer proves nobody. The text is for the log and holds nothing personal."""


class _IssuerSession(OAuth2Session):  # type: ignore[misc]  # authlib has no types
    """Calls only what one issuer's description may name, in good time, and follows it nowhere else."""

    def __init__(self, provider: IdentityProvider, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - authlib's own
        super().__init__(*args, **kwargs)
        self._provider = provider

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - authlib's own
        if not self._provider.may_call(url):
            raise IssuerAwayError("it names an address that the hub does not call")
        answer: requests.Response = super().request(
            method, url, **{**kwargs, "allow_redirects": False, "timeout": _TIMEOUT_S}
        )
        if answer.is_redirect:
            raise IssuerAwayError("it sends the hub elsewhere")
        return answer


class IssuerClient(FlaskOAuth2App):  # type: ignore[misc]  # authlib has no types
    """One issuer as the hub talks to it: authorization code with PKCE, state and nonce."""

    def __init__(self, provider: IdentityProvider, clock: Clock) -> None:
        super().__init__(
            FlaskIntegration(provider.name),
            provider.name,
            client_id=provider.client_id,
            client_secret=provider.client_secret.get_secret_value(),
            client_kwargs={"scope": provider.scopes, "code_challenge_method": "S256"},
            authorize_params={"acr_values": provider.acr_values} if provider.acr_values else None,
        )
        self.client_cls = partial(_IssuerSession, provider)
        self.provider = provider
        self._clock = clock
        self._described_at: datetime | None = None

    def load_server_metadata(self) -> dict[str, Any]:
        """Return what the issuer says of itself, read anew every hour; raises IssuerAwayError."""
        now = self._clock.now()
        if self._described_at is None or now - self._described_at >= _DESCRIBED_FOR:
            self.server_metadata = self._description()
            self._described_at = now
        described: dict[str, Any] = self.server_metadata
        return described

    def _description(self) -> dict[str, Any]:
        issuer = self.provider.issuer
        try:
            with self._get_session() as http:
                url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
                answer = http.request("GET", url, withhold_token=True)
                answer.raise_for_status()
                told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise IssuerAwayError(f"it does not describe itself: {type(error).__name__}") from error
        if not isinstance(told, dict) or told.get("issuer") != issuer:
            raise IssuerAwayError("it describes itself as another issuer than the one that is set")
        return self._believed(told)

    def _believed(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Keep of a description what the hub uses: it must not switch off the checks of our own HTTP client."""
        if missing := [name for name in _NEEDED if not told.get(name)]:
            raise IssuerAwayError(f"it does not say its {', '.join(missing)}")
        kept = {name: str(told[name]) for name in _ENDPOINTS if told.get(name)}
        if odd := [name for name, url in kept.items() if not self.provider.may_call(url)]:
            raise IssuerAwayError(f"the hub does not call its {', '.join(odd)}")
        signs = told.get("id_token_signing_alg_values_supported") or ["RS256"]
        proves = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in proves else "client_secret_post"
        return {
            **kept,
            "issuer": self.provider.issuer,
            "id_token_signing_alg_values_supported": [name for name in _ALGORITHMS if name in signs],
            "token_endpoint_auth_method": method,
            _ISS_TOLD: told.get(_ISS_TOLD) is True,
        }

    def begin(self, redirect_uri: str) -> tuple[str, str]:
        """Return where the browser goes to sign in, and the state with which it must come back."""
        for key in [key for key in session if key.startswith(_STATE)]:
            session.pop(key)
        begun = self.create_authorization_url(redirect_uri)
        self.save_authorize_data(redirect_uri=redirect_uri, **begun)
        return begun["url"], begun["state"]

    def finish(self) -> dict[str, Any]:
        """Exchange the code in the request for the claims of a token, all of which were checked.

        Raises SignInRefusedError where anything is not as it should be, IssuerAwayError if the issuer is.
        """
        self._check_sender()
        options = {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.client_id},
        }
        try:
            token = self.authorize_access_token(
                claims_options=options, claims_cls=self._by_our_clock(), leeway=CLOCK_SKEW_S
            )
            claims = token.get("userinfo")
        except requests.RequestException as error:
            raise IssuerAwayError(f"it does not answer: {type(error).__name__}") from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SignInRefusedError(f"its token does not hold: {type(error).__name__}") from error
        if not claims:
            raise SignInRefusedError("it gave no id token")
        return {**self._from_userinfo(claims, token), **claims}

    def _check_sender(self) -> None:
        """Refuse an answer of another issuer that was mixed into this one (RFC 9207)."""
        sender = request.args.get("iss")
        if sender != self.provider.issuer and (sender is not None or self.load_server_metadata()[_ISS_TOLD]):
            raise SignInRefusedError("another issuer answered")

    def _by_our_clock(self) -> type[CodeIDToken]:
        now = int(self._clock.now().timestamp())

        class Token(CodeIDToken):  # type: ignore[misc]  # authlib has no types
            """An id token that is judged by the hub's clock."""

            def validate(self, _now: int | None = None, leeway: int = 0) -> None:
                super().validate(now, leeway)

        return Token

    def _from_userinfo(self, claims: Mapping[str, Any], token: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for the email address where the id token has none; the answer must be about the same person."""
        if claims.get("email") or "userinfo_endpoint" not in self.server_metadata or not token.get("access_token"):
            return {}
        try:
            told = self.userinfo(token=token)
        except (requests.RequestException, AuthlibBaseError, ValueError) as error:
            raise IssuerAwayError(f"it does not say who that is: {type(error).__name__}") from error
        if told.get("sub") != claims["sub"]:
            raise SignInRefusedError("it spoke of two people")
        return {name: told[name] for name in ("email", "email_verified") if name in told}

    def sign_out_url(self, back: str) -> str | None:
        """Return where the browser can sign out at the issuer too, or None where it offers nothing."""
        endpoint = self.load_server_metadata().get("end_session_endpoint")
        if endpoint is None:
            return None
        asked = (("client_id", self.client_id), ("post_logout_redirect_uri", back))
        url: str = add_params_to_uri(endpoint, asked)
        return url


def subject_of(provider: IdentityProvider, claims: Mapping[str, Any]) -> str:
    """Return the issuer's lasting name for whom the claims are about; raises SignInRefusedError where it is missing."""
    names = ("tid", "oid") if provider.names_by_oid else ("sub",)
    parts = [claims.get(name) for name in names]
    if not all(isinstance(part, str) and part for part in parts):
        raise SignInRefusedError(f"its token lacks {' or '.join(names)}")
    return ":".join(map(str, parts))
