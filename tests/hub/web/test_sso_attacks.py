"""What an identity provider, or somebody in its place, can say that the hub must not believe."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr
from werkzeug.test import TestResponse

from hub.identity_providers import IdentityProvider
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.work import Ground
from people.queries.factors import identities_of
from tests.hub.web.crooked_issuer import CrookedIssuer, crooked_issuer
from tests.hub.web.village import COORDINATOR_EMAIL, Village, client_of
from tests.hub.web.visitor import Visitor, heading_of

SECRET = "a client secret that is long enough for a key"
CLIENT = "hub"


@pytest.fixture
def issuer() -> Iterator[CrookedIssuer]:
    with crooked_issuer() as issuer:
        yield issuer


@pytest.fixture
def provider(issuer: CrookedIssuer) -> IdentityProvider:
    return IdentityProvider(
        name="council",
        issuer=issuer.address,
        client_id=CLIENT,
        client_secret=SecretStr(SECRET),
        email_domains=("example.org",),
    )


@pytest.fixture
def visitor(ground: Ground, site: Site, provider: IdentityProvider, village: Village) -> Visitor:
    assert village.coordinator
    return Visitor(client_of(create_app(ground, replace(site, identity_providers=(provider,)))))


def _good(issuer: CrookedIssuer, clock: FixedClock, nonce: str) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    return {
        "iss": issuer.address,
        "sub": "nadia",
        "aud": CLIENT,
        "iat": now,
        "exp": now + 300,
        "nonce": nonce,
        "email": COORDINATOR_EMAIL,
        "email_verified": True,
    }


def _come_back(visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock, **changed: Any) -> TestResponse:  # noqa: ANN401 - a claim may be anything
    """Begin at the hub, and come back with a token whose claims were changed; None leaves one out."""
    asked = {name: value[0] for name, value in parse_qs(urlsplit(visitor.start()).query).items()}
    claims = {**_good(issuer, clock, asked["nonce"]), **changed}
    issuer.claims = {name: value for name, value in claims.items() if value is not None}
    query = urlencode({"code": "c", "state": asked["state"], "iss": issuer.address})
    return visitor.come_back(f"https://hub.example.org/sign-in/with/council/back?{query}")


def test_a_good_token_signs_in(visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock) -> None:
    assert _come_back(visitor, issuer, clock).status_code == 303
    assert visitor.hub.get("/questions").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"nonce": None, "nonce_supported": False},
        {"aud": "another"},
        {"aud": "another", "azp": CLIENT},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"aud": None},
        {"iss": "https://login.example.org"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": None},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"iat": None},
        {"nbf": 99_999_999_999},
    ],
)
def test_a_token_that_is_not_as_it_should_be_signs_nobody_in(
    visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock, changed: dict[str, Any]
) -> None:
    answer = _come_back(visitor, issuer, clock, **changed)
    assert answer.status_code == 400
    assert heading_of(answer) == "We could not sign you in"
    assert visitor.hub.get("/questions").status_code == 303


@pytest.mark.parametrize("kind", ["none", "by our secret", "by the public key", "by another key", "cut", "changed"])
def test_a_signature_that_is_not_the_issuers_signs_nobody_in(
    visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock, kind: str
) -> None:
    symmetric = {"alg": "HS256", "kid": "first"}
    match kind:
        case "none":
            head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"first"}').rstrip(b"=").decode()
            issuer.spoil = lambda token: f"{head}.{token.split('.')[1]}."
        case "by our secret":
            issuer.header, issuer.signer = symmetric, OctKey.import_key(SECRET)
        case "by the public key":
            public = str(issuer.key.as_dict(private=False)["n"])
            issuer.header, issuer.signer = symmetric, OctKey.import_key(public)
        case "by another key":
            issuer.signer = RSAKey.generate_key(2048, parameters={"kid": "first"})
        case "cut":
            issuer.spoil = lambda token: token.rpartition(".")[0] + "."
        case _:
            issuer.spoil = lambda token: token.replace(".", ".e30", 1)
    assert _come_back(visitor, issuer, clock).status_code == 400
    assert visitor.hub.get("/questions").status_code == 303


def test_new_keys_of_the_issuer_are_found(visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock) -> None:
    assert _come_back(visitor, issuer, clock).status_code == 303
    issuer.key = RSAKey.generate_key(2048, parameters={"kid": "second"})
    issuer.header = {"alg": "RS256", "kid": "second"}
    assert _come_back(visitor, issuer, clock).status_code == 303


@pytest.mark.parametrize("token", [{"id_token": None}, {"id_token": ""}, {"id_token": "x"}, {"error": "invalid_grant"}])
def test_no_token_signs_nobody_in(
    visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock, token: dict[str, Any]
) -> None:
    issuer.token = token
    assert _come_back(visitor, issuer, clock).status_code == 400


@pytest.mark.parametrize(
    "described",
    [
        {"token_endpoint": "http://169.254.169.254/latest/meta-data"},
        {"token_endpoint": "https://10.0.0.1/token"},
        {"token_endpoint": "https://intranet/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"userinfo_endpoint": "http://example.org/userinfo"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"issuer": "https://login.example.org"},
        {"issuer": None},
    ],
)
def test_a_description_cannot_send_the_hub_anywhere_else(
    visitor: Visitor, issuer: CrookedIssuer, described: dict[str, Any]
) -> None:
    issuer.described = described
    assert visitor.hub.get("/sign-in/with/council").status_code == 503
    assert issuer.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_redirect_is_followed_nowhere(visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock, path: str) -> None:
    issuer.elsewhere[path] = f"{issuer.address}/inside"
    first = visitor.hub.get("/sign-in/with/council")
    status = first.status_code if first.status_code == 503 else _come_back(visitor, issuer, clock).status_code
    assert status == 503
    assert "/inside" not in issuer.asked


def test_a_description_cannot_switch_our_checks_off(visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock) -> None:
    """Our HTTP client takes its options by these names; a description must not reach them."""
    issuer.described = {
        "verify": False,
        "allow_redirects": True,
        "proxies": {"http": "http://localhost:9"},
        "scope": "x",
    }
    assert _come_back(visitor, issuer, clock).status_code == 303


def test_an_address_is_asked_for_where_the_token_has_none(
    visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock
) -> None:
    issuer.described = {"userinfo_endpoint": f"{issuer.address}/userinfo"}
    issuer.userinfo = {"sub": "nadia", "email": COORDINATOR_EMAIL, "email_verified": True}
    assert _come_back(visitor, issuer, clock, email=None, email_verified=None).status_code == 303


def test_what_is_said_of_somebody_else_is_not_taken(
    visitor: Visitor, issuer: CrookedIssuer, clock: FixedClock, ground: Ground, village: Village
) -> None:
    issuer.described = {"userinfo_endpoint": f"{issuer.address}/userinfo"}
    issuer.userinfo = {"sub": "mallory", "email": COORDINATOR_EMAIL, "email_verified": True}
    assert _come_back(visitor, issuer, clock, email=None, email_verified=None).status_code == 400
    with ground.read() as session:
        assert identities_of(session, village.coordinator) == []


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"oid": "o-1", "tid": "t-1"}, 303),
        ({"oid": "o-1"}, 400),
        ({"tid": "t-1"}, 400),
        ({"oid": "", "tid": "t-1"}, 400),
        ({}, 400),
    ],
)
def test_with_entra_the_name_is_the_object_in_its_tenant(
    ground: Ground,
    site: Site,
    issuer: CrookedIssuer,
    provider: IdentityProvider,
    village: Village,
    clock: FixedClock,
    claims: dict[str, Any],
    status: int,
) -> None:
    assert village.coordinator
    entra = provider.model_copy(update={"subject_claim": "oid"})
    visitor = Visitor(client_of(create_app(ground, replace(site, identity_providers=(entra,)))))
    assert _come_back(visitor, issuer, clock, **claims).status_code == status


def test_another_name_in_entra_is_another_person(
    ground: Ground, site: Site, issuer: CrookedIssuer, provider: IdentityProvider, village: Village, clock: FixedClock
) -> None:
    assert village.coordinator
    entra = provider.model_copy(update={"subject_claim": "oid"})
    visitor = Visitor(client_of(create_app(ground, replace(site, identity_providers=(entra,)))))
    assert _come_back(visitor, issuer, clock, oid="o-1", tid="t-1").status_code == 303
    assert _come_back(visitor, issuer, clock, oid="o-2", tid="t-1", sub="nadia").status_code == 403
    assert _come_back(visitor, issuer, clock, oid="o-1", tid="t-1", sub="new").status_code == 303
