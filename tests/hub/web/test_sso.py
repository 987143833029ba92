"""Single sign-on against a real OpenID Connect issuer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from pydantic import SecretStr

from hub.identity_providers import IdentityProvider
from hub.web.app import create_app
from hub.web.site import Site
from kernel import audit
from kernel.clock import FixedClock, SystemClock
from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.queries.factors import identities_of
from people.queries.sessions import sessions_of
from tests.hub.web.village import COORDINATOR_EMAIL, Village, client_of, token_on
from tests.hub.web.visitor import Visitor, heading_of
from tests.services.identity import Issuer

ACCOUNTS: dict[str, dict[str, Any]] = {
    "nadia": {"email": COORDINATOR_EMAIL, "email_verified": True, "name": "Nadia Forster"},
    "mallory": {"email": COORDINATOR_EMAIL, "email_verified": False},
    "silent": {"email": COORDINATOR_EMAIL},
    "stranger": {"email": "stranger@example.org", "email_verified": True},
    "elsewhere": {"email": "ada@other.example.net", "email_verified": True},
    "nobody": {},
    "ada": {"email": "ada@example.org", "email_verified": True},
}
Made = Callable[..., Flask]


@pytest.fixture
def provider(identity_issuer: Issuer) -> IdentityProvider:
    identity_issuer.tell_accounts(ACCOUNTS)
    registered = identity_issuer.register(
        ["https://hub.example.org/sign-in/with/council/back"], ["https://hub.example.org/sign-in"]
    )
    return IdentityProvider(
        name="council",
        issuer=identity_issuer.address,
        client_id=registered.id,
        client_secret=SecretStr(registered.secret),
        email_domains=("example.org",),
    )


@pytest.fixture
def made(ground: Ground, site: Site, clock: FixedClock) -> Made:
    """Make an application with identity providers; the hub's clock goes as the issuer's does."""
    clock.set(SystemClock().now())
    return lambda *providers, **told: create_app(ground, replace(site, identity_providers=providers, **told))


@pytest.fixture
def visitor(made: Made, provider: IdentityProvider) -> Visitor:
    return Visitor(client_of(made(provider)))


def _actions(ground: Ground) -> list[str]:
    with ground.read() as session:
        return [entry.action for entry in audit._entries(session)]  # noqa: SLF001 - in the order of the log


def test_somebody_known_signs_in_and_is_linked_once(visitor: Visitor, village: Village, ground: Ground) -> None:
    assert "Sign in with your council account" in visitor.hub.get("/sign-in").get_data(as_text=True)
    answer = visitor.sign_in("nadia")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert "Nadia Forster" in visitor.hub.get("/").get_data(as_text=True)
    with ground.read() as session:
        assert len(identities_of(session, village.coordinator)) == 1
        assert [card.means for card in sessions_of(session, village.coordinator, ground.clock.now())] == ["sso"]
    Visitor(visitor.hub).sign_in("nadia")
    assert _actions(ground).count("people.sso_link") == 1


def test_goes_where_the_person_was_heading(visitor: Visitor, village: Village) -> None:
    assert village.coordinator
    first = visitor.hub.get("/questions?from=mail")
    visitor.hub.get(first.headers["Location"])
    assert visitor.sign_in("nadia").headers["Location"] == "/questions?from=mail"


def test_asks_with_pkce_state_and_nonce_and_no_more_than_it_needs(visitor: Visitor, provider: IdentityProvider) -> None:
    asked = parse_qs(urlsplit(visitor.start()).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email profile"]
    assert asked["redirect_uri"] == ["https://hub.example.org/sign-in/with/council/back"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert provider.client_secret.get_secret_value() not in str(asked)


@pytest.mark.parametrize("user", ["mallory", "silent", "stranger", "elsewhere", "nobody"])
def test_whoever_the_issuer_does_not_answer_for_gets_no_account(
    visitor: Visitor, village: Village, ground: Ground, user: str
) -> None:
    answer = visitor.sign_in(user)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert heading_of(answer) == "You do not have an account yet"
    assert "Ask the administrator" in page
    assert "@" not in page
    assert visitor.hub.get("/questions").status_code == 303, "nobody is signed in"
    with ground.read() as session:
        assert identities_of(session, village.coordinator) == []


def test_every_unknown_person_reads_the_same(visitor: Visitor, village: Village) -> None:
    assert village.coordinator
    pages = {Visitor(visitor.hub).sign_in(user).get_data() for user in ("mallory", "stranger")}
    assert len(pages) == 1, "the answer does not tell whether there is an account"


def test_an_address_that_passed_to_somebody_new_does_not_bring_the_account_along(
    visitor: Visitor, village: Village, identity_issuer: Issuer
) -> None:
    assert village.coordinator
    visitor.sign_in("nadia")
    identity_issuer.tell_accounts({**ACCOUNTS, "successor": ACCOUNTS["nadia"]})
    assert heading_of(Visitor(visitor.hub).sign_in("successor")) == "You do not have an account yet"


def test_once_linked_somebody_is_known_whatever_address_they_show(
    visitor: Visitor, village: Village, identity_issuer: Issuer
) -> None:
    assert village.coordinator
    visitor.sign_in("nadia")
    identity_issuer.tell_accounts({"nadia": {"email": "ada@example.org", "email_verified": True}})
    Visitor(visitor.hub).sign_in("nadia")
    assert "Nadia Forster" in visitor.hub.get("/").get_data(as_text=True)


def test_a_shared_mailbox_is_nobodys(visitor: Visitor, village: Village, ground: Ground) -> None:
    with ground.work() as work:
        register_person(
            work,
            NewPerson("Nils Ash", "en", ((Role.QA_OFFICER, village.council),), (("email", COORDINATOR_EMAIL),)),
        )
    assert visitor.sign_in("nadia").status_code == 403


def test_another_browser_cannot_use_the_answer(visitor: Visitor, village: Village) -> None:
    """Login CSRF: an attacker's finished sign-in, sent to somebody else's browser, signs nobody in."""
    assert village.coordinator
    there = visitor.sign_in_there(visitor.start(), "nadia")
    victim = Visitor(client_of(visitor.hub.application))
    answer = victim.come_back(there)
    assert answer.status_code == 400
    assert heading_of(answer) == "We could not sign you in"
    assert victim.hub.get("/questions").status_code == 303


def test_an_answer_counts_once(visitor: Visitor, village: Village) -> None:
    assert village.coordinator
    cookie_before = _cookie(visitor)
    there = visitor.sign_in_there(visitor.start(), "nadia")
    begun = _cookie(visitor)
    assert begun != cookie_before
    assert visitor.come_back(there).status_code == 303
    thief = Visitor(client_of(visitor.hub.application))
    thief.hub.set_cookie("hub", begun or "")
    assert thief.come_back(there).status_code == 400, "the state was used, whatever the browser still holds"


def _cookie(visitor: Visitor) -> str | None:
    found = visitor.hub.get_cookie("hub")
    return found.value if found else None


def test_a_code_that_was_exchanged_before_is_refused_by_the_issuer(visitor: Visitor, village: Village) -> None:
    assert village.coordinator
    first = visitor.sign_in_there(visitor.start(), "nadia")
    code = parse_qs(urlsplit(first).query)["code"][0]
    assert visitor.come_back(first).status_code == 303
    second = visitor.sign_in_there(*_signed_in_anew(visitor))
    swapped = {**{k: v[0] for k, v in parse_qs(urlsplit(second).query).items()}, "code": code}
    assert visitor.come_back(f"{second.split('?')[0]}?{urlencode(swapped)}").status_code == 400


def _signed_in_anew(visitor: Visitor) -> tuple[str, str]:
    visitor.outside.cookies.clear()
    return visitor.start(), "nadia"


def test_a_state_that_was_changed_is_refused(visitor: Visitor, village: Village) -> None:
    assert village.coordinator
    there = visitor.sign_in_there(visitor.start(), "nadia")
    assert visitor.come_back(there.replace("state=", "state=x")).status_code == 400
    assert visitor.come_back(there.split("state=", maxsplit=1)[0]).status_code == 400


def test_an_answer_that_another_issuer_gave_is_refused(visitor: Visitor, village: Village) -> None:
    assert village.coordinator
    there = visitor.sign_in_there(visitor.start(), "nadia")
    answer = visitor.come_back(there.replace("iss=http", "iss=https"))
    assert answer.status_code == 400


@pytest.mark.parametrize(("late", "status"), [(timedelta(minutes=9), 303), (timedelta(minutes=10), 400)])
def test_signing_in_there_may_take_ten_minutes(
    visitor: Visitor, village: Village, clock: FixedClock, late: timedelta, status: int
) -> None:
    assert village.coordinator
    there = visitor.sign_in_there(visitor.start(), "nadia")
    clock.move(late)
    assert visitor.come_back(there).status_code == status


@pytest.mark.parametrize(("off", "status"), [(-50, 303), (-3600, 400), (3600 + 50, 303), (3600 + 120, 400)])
def test_a_token_holds_for_its_time_with_a_minutes_grace(
    visitor: Visitor, village: Village, clock: FixedClock, off: int, status: int
) -> None:
    """The issuer's tokens last an hour; the hub's clock may be a minute off."""
    assert village.coordinator
    clock.move(timedelta(seconds=off))
    there = visitor.sign_in_there(visitor.start(), "nadia")
    assert visitor.come_back(there).status_code == status


def test_whoever_changes_their_mind_is_told_how_to_go_on(visitor: Visitor) -> None:
    there = visitor.sign_in_there(visitor.start(), "not-there")
    answer = visitor.come_back(there)
    assert answer.status_code == 400
    assert heading_of(answer) == "You did not finish signing in"


def test_an_issuer_that_is_down_has_a_helpful_page(made: Made, provider: IdentityProvider) -> None:
    down = provider.model_copy(update={"issuer": "http://localhost:9"})
    answer = client_of(made(down)).get("/sign-in/with/council")
    assert answer.status_code == 503
    assert heading_of(answer) == "Your organisation’s sign-in does not answer"
    assert "sign in another way" in answer.get_data(as_text=True)


def test_an_issuer_under_another_name_is_not_believed(made: Made, provider: IdentityProvider) -> None:
    other = provider.model_copy(update={"issuer": provider.issuer.replace("localhost", "127.0.0.1")})
    assert client_of(made(other)).get("/sign-in/with/council").status_code == 503


def test_a_provider_that_is_not_set_is_not_there(visitor: Visitor) -> None:
    assert visitor.hub.get("/sign-in/with/other").status_code == 404
    assert visitor.hub.get("/sign-in/with/other/back").status_code == 404


@pytest.mark.parametrize(("code", "is_strong"), [("", False), ("123456", True)])
def test_a_second_factor_there_counts_here(
    visitor: Visitor, village: Village, ground: Ground, code: str, is_strong: bool
) -> None:
    visitor.sign_in("nadia", code)
    with ground.read() as session:
        cards = sessions_of(session, village.coordinator, ground.clock.now())
    assert [card.is_strong for card in cards] == [is_strong]


def test_somebody_who_left_is_nobody(visitor: Visitor, village: Village, ground: Ground) -> None:
    visitor.sign_in("nadia")
    with ground.work() as work:
        work.session.connection().exec_driver_sql(f"DELETE FROM roles WHERE person_id = '{village.coordinator}'")  # noqa: S608 - an id of ours
    assert Visitor(visitor.hub).sign_in("nadia").status_code == 403


def test_signing_out_offers_to_sign_out_there_too(visitor: Visitor, village: Village) -> None:
    assert village.coordinator
    visitor.sign_in("nadia")
    answer = visitor.hub.post("/sign-out", data={"csrf_token": token_on(visitor.hub, "/")}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert heading_of(answer) == "You have signed out of the Co-production Hub"
    assert "/session/end?" in page
    assert "post_logout_redirect_uri=https%3A%2F%2Fhub.example.org%2Fsign-in" in page
    assert visitor.hub.get("/questions").status_code == 303


def test_nothing_of_the_token_is_in_the_log_or_the_cookie(visitor: Visitor, village: Village, ground: Ground) -> None:
    assert village.coordinator
    visitor.sign_in("nadia")
    with ground.read() as session:
        entries = list(audit._entries(session))  # noqa: SLF001 - in the order of the log
    assert not any("example.org" in f"{entry.subject_id} {entry.details}" for entry in entries)
    with visitor.hub.session_transaction() as kept:
        assert not any("state" in key or "token" in key for key in kept)


def test_whoever_needs_a_second_factor_and_has_none_sets_one_up_first(
    made: Made, provider: IdentityProvider, village: Village
) -> None:
    assert village.administrator
    visitor = Visitor(client_of(made(provider, second_factor=True)))
    visitor.hub.get(visitor.hub.get("/operations").headers["Location"])
    assert visitor.sign_in("ada").headers["Location"] == "/second-factor/begin"
    assert visitor.hub.get("/second-factor/later").headers["Location"] == "/operations"
    visitor.hub.get("/sign-in?next=/operations")
    assert Visitor(visitor.hub).sign_in("ada", "123456").headers["Location"] == "/operations"
    assert visitor.hub.get("/operations").status_code == 200


def test_two_councils_each_sign_in_their_own(
    made: Made, provider: IdentityProvider, identity_issuer: Issuer, village: Village
) -> None:
    """The one council's issuer answers for its own addresses alone, whatever it says is verified."""
    assert village.coordinator
    registered = identity_issuer.register(["https://hub.example.org/sign-in/with/hill/back"])
    hill = provider.model_copy(
        update={
            "name": "hill",
            "client_id": registered.id,
            "client_secret": SecretStr(registered.secret),
            "label": "Sign in with Hillborough",
            "email_domains": ("hill.example.org",),
        }
    )
    app = made(provider, hill)
    visitor = Visitor(client_of(app))
    page = visitor.hub.get("/sign-in").get_data(as_text=True)
    assert page.index("Sign in with your council account") < page.index("Sign in with Hillborough")
    wrong = visitor.come_back(visitor.sign_in_there(visitor.start("hill"), "nadia"))
    assert wrong.status_code == 403
    mixed = Visitor(client_of(app))
    there = mixed.sign_in_there(mixed.start("hill"), "nadia")
    assert mixed.come_back(there.replace("/with/hill/", "/with/council/")).status_code == 400
