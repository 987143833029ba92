from __future__ import annotations

import json

import pytest
from pydantic import SecretStr, ValidationError

from hub.identity_providers import IdentityProvider, checked_providers
from hub.settings import Settings, read_settings
from kernel.errors import ConfigurationError

ISSUER = "https://login.example.org"


def _provider(**told: object) -> IdentityProvider:
    known: dict[str, object] = {"name": "council", "issuer": ISSUER, "client_id": "hub", "client_secret": "s"}
    return IdentityProvider.model_validate({**known, **told})


def test_without_settings_there_is_none() -> None:
    assert Settings().identity_providers == ()


def test_one_issuer_is_set_by_single_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_OIDC_ISSUER", ISSUER)
    with pytest.raises(ConfigurationError, match="HUB_OIDC_CLIENT_ID and HUB_OIDC_CLIENT_SECRET"):
        _ = read_settings().identity_providers
    monkeypatch.setenv("HUB_OIDC_CLIENT_ID", "hub")
    monkeypatch.setenv("HUB_OIDC_CLIENT_SECRET", "a secret")
    monkeypatch.setenv("HUB_OIDC_EMAIL_DOMAINS", '["council.example.org"]')
    (found,) = read_settings().identity_providers
    assert found.label == "Sign in with your council account"
    assert found.trust.domains == ("council.example.org",)
    assert "a secret" not in repr(found)


def test_several_issuers_are_set_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"client_id": "hub", "client_secret": "s", "label": "Seaborough"}
    told = [
        {**known, "name": "seaborough", "issuer": ISSUER, "email_domains": ["seaborough.example.org"]},
        {**known, "name": "hill", "issuer": "https://id.example.org/hill", "email_domains": ["hill.example.org"]},
    ]
    monkeypatch.setenv("HUB_OIDC_PROVIDERS", json.dumps(told))
    assert [provider.name for provider in read_settings().identity_providers] == ["seaborough", "hill"]


def test_a_mistake_in_the_list_does_not_print_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_OIDC_PROVIDERS", '[{"name": "x", "client_secret": "a-secret"}]')
    with pytest.raises(ValidationError) as told:
        read_settings()
    assert "a-secret" not in str(told.value)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"issuer": "http://login.example.org"}, "https"),
        ({"issuer": "https://login.example.org/?x=1"}, "https"),
        ({"issuer": "https://user@login.example.org"}, "https"),
        ({"issuer": "login.example.org"}, "https"),
        ({"issuer": ""}, "https"),
        ({"name": "Our Council"}, "small letters"),
        ({"name": "a/b"}, "small letters"),
        ({"trust_emails": True}, "whose addresses"),
        ({"scopes": "email"}, "openid"),
    ],
)
def test_what_cannot_be_safe_is_refused_at_the_start(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        checked_providers((_provider(**wrong),))


def test_an_issuer_on_this_machine_may_do_without_https() -> None:
    assert checked_providers((_provider(issuer="http://localhost:1234"),))


def test_several_must_each_say_for_whom_they_speak() -> None:
    """Else one council's issuer could name an address of another council's, and take over its account."""
    one = _provider(email_domains=("a.example.org",))
    other = _provider(name="other", issuer="https://id.example.org")
    with pytest.raises(ConfigurationError, match="other"):
        checked_providers((one, other))


@pytest.mark.parametrize("same", ["name", "issuer"])
def test_two_cannot_be_the_same(same: str) -> None:
    told: dict[str, object] = {"name": "other", "issuer": "https://id.example.org"}
    told.pop(same)
    domains = ("a.example.org",)
    with pytest.raises(ConfigurationError, match=same):
        checked_providers((_provider(email_domains=domains), _provider(email_domains=domains, **told)))


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://login.example.org/token", True),
        ("https://keys.example.net/keys", True),
        ("http://login.example.org/token", False),
        ("https://127.0.0.1/token", False),
        ("https://[::1]/token", False),
        ("https://169.254.169.254/latest", False),
        ("https://10.0.0.1:8443/token", False),
        ("https://2130706433/token", False),
        ("https://localhost/token", False),
        ("https://intranet/token", False),
        ("https://a@login.example.org/token", False),
        ("file:///etc/passwd", False),
        ("ftp://login.example.org/", False),
        ("", False),
    ],
)
def test_calls_only_named_hosts_over_https(url: str, may: bool) -> None:
    assert _provider().may_call(url) is may


def test_entra_names_people_by_their_object_id() -> None:
    entra = "https://login.microsoftonline.com/6c4b5d1e-0000-0000-0000-000000000000/v2.0"
    assert _provider(issuer=entra).names_by_oid
    assert not _provider(issuer=entra, subject_claim="sub").names_by_oid
    assert not _provider().names_by_oid
    assert _provider(client_secret=SecretStr("x"), subject_claim="oid").names_by_oid
