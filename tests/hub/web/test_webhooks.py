from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.messages import MESSAGES
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from referrals.model.webhooks import Fault, Result
from referrals.queries.webhooks import deliveries, endpoints_of
from tests.referrals.webhooks.world import URL, Systems, build_systems
from tests.signed_in import let_in

LIST = "/administration/webhooks"


@pytest.fixture
def systems(ground: Ground) -> Systems:
    return build_systems(ground)


@pytest.fixture
def app(ground: Ground) -> Iterator[Flask]:
    inbox = Inbox(ground)
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=inbox, webhook_inside=("cases.internal:9000",)))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    inbox.close()


@pytest.fixture
def browser(app: Flask, systems: Systems) -> FlaskClient:
    client = app.test_client()
    let_in(client, systems.administrator.id)
    return client


def _page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def _form(systems: Systems, **changed: object) -> dict[str, object]:
    told = {"council": systems.council_id, "name": "Case management", "url": URL, "types": ["referral.issued"]}
    return {**told, **changed}


def test_from_an_address_to_its_first_test(systems: Systems, browser: FlaskClient) -> None:
    assert "No system is told" in _page(browser, LIST)
    assert "What it is told of" in _page(browser, f"{LIST}/new")
    made = browser.post(f"{LIST}/new", data=_form(systems))
    assert made.status_code == 200
    assert "hubsec_" in made.get_data(as_text=True)
    assert made.headers["Cache-Control"] == "no-store"
    shown = _page(browser, LIST)
    assert (URL in shown, "Works" in shown, "hubsec_" in shown) == (True, True, False)
    with systems.ground.read() as session:
        (card,) = endpoints_of(session, systems.administrator)
    sent = browser.post(f"{LIST}/{card.id}/test")
    assert sent.status_code == 303
    assert "No attempt has ended yet" in _page(browser, sent.headers["Location"])
    systems.send()
    shown = _page(browser, sent.headers["Location"])
    assert ("Taken" in shown, "endpoint.test" in shown) == (True, True)
    assert "hubsec_" not in _page(browser, f"{LIST}/{card.id}")


def test_a_failure_is_shown_and_sent_again(systems: Systems, browser: FlaskClient) -> None:
    made = systems.add()
    systems.line.answers[URL] = lambda: Result(500, Fault.REFUSED)
    delivery_id = systems.tell(made.endpoint_id)
    systems.send()
    assert "Fails" in _page(browser, LIST)
    page = f"{LIST}/{made.endpoint_id}"
    shown = _page(browser, page)
    assert ("To be sent" in shown, "500" in shown, "left alone until" in shown) == (True, True, True)
    systems.line.answers.clear()
    assert browser.post(f"{page}/deliveries/{delivery_id}/again").status_code == 303
    systems.send()
    assert "Taken" in _page(browser, f"{page}/deliveries/{delivery_id}")
    assert "Nothing that was sent stands so" in _page(browser, f"{page}?state=parked")
    assert browser.post(f"{page}/again").status_code == 303
    assert "0 deliveries are being sent again" in _page(browser, page)
    assert "A referral was closed" in _page(browser, f"{page}?state=delivered")
    assert "A referral was closed" in _page(browser, f"{page}?state=nonsense")


def test_what_cannot_be_is_said_at_its_field(systems: Systems, browser: FlaskClient) -> None:
    for changed, sentence in (
        ({"council": ""}, "Choose a council"),
        ({"name": "x" * 61}, "Use 60 letters or fewer"),
        ({"url": "http://cases.example.org/"}, "begins with https://"),
        ({"url": "https://10.0.0.1/"}, "full name of the server"),
        ({"types": []}, "Choose what the system is told"),
        ({"types": ["endpoint.test"]}, "not a valid choice"),
    ):
        answer = browser.post(f"{LIST}/new", data=_form(systems, **changed))
        text = answer.get_data(as_text=True)
        assert (answer.status_code, sentence in text, "<title>Error: " in text) == (422, True, True), changed
    assert browser.post(f"{LIST}/new", data=_form(systems, url="http://cases.internal:9000/")).status_code == 200


def test_secret_pause_resume_and_remove(systems: Systems, browser: FlaskClient) -> None:
    made = systems.add()
    page = f"{LIST}/{made.endpoint_id}"
    renewed = browser.post(f"{page}/secret")
    assert (renewed.status_code, made.secret in renewed.get_data(as_text=True)) == (200, False)
    assert "hubsec_" in renewed.get_data(as_text=True)
    assert "Signs beside the new one" in _page(browser, page)
    assert browser.post(f"{page}/end-old-secret").status_code == 303
    assert "Signs beside" not in _page(browser, page)
    assert browser.post(f"{page}/pause").status_code == 303
    assert ("Resume" in _page(browser, page), f"{page}/test" in _page(browser, page)) == (True, False)
    assert browser.post(f"{page}/test").status_code == 409
    assert browser.post(f"{page}/resume").status_code == 303
    assert "Remove this address" in _page(browser, f"{page}/remove")
    assert browser.post(f"{page}/remove").status_code == 303
    assert browser.get(page).status_code == 404
    assert browser.post(f"{page}/remove").status_code == 404
    assert "No system is told" in _page(browser, LIST)


def test_another_councils_administrator_finds_nothing(systems: Systems, app: Flask) -> None:
    made = systems.add()
    delivery_id = systems.tell(made.endpoint_id)
    stranger = app.test_client()
    let_in(stranger, systems.stranger.id)
    page = f"{LIST}/{made.endpoint_id}"
    assert URL not in _page(stranger, LIST)
    for path in (page, f"{page}/deliveries/{delivery_id}", f"{page}/remove"):
        assert stranger.get(path).status_code == 404
    for verb in (
        "test",
        "secret",
        "end-old-secret",
        "pause",
        "resume",
        "remove",
        "again",
        f"deliveries/{delivery_id}/again",
    ):
        assert stranger.post(f"{page}/{verb}").status_code == 404
    answer = stranger.post(f"{LIST}/new", data=_form(systems))
    assert answer.status_code == 422, "the other council is not among the choices"


def test_a_long_log_comes_in_pages(systems: Systems, browser: FlaskClient) -> None:
    made = systems.add()
    for _ in range(30):
        systems.tell(made.endpoint_id)
    shown = _page(browser, f"{LIST}/{made.endpoint_id}?page=2")
    assert "Showing 26 to 30 of 30" in shown
    with systems.ground.read() as session:
        assert len(deliveries(session, made.endpoint_id, offset=25, limit=25)) == 5
