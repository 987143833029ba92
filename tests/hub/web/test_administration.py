from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from channels.findings import Section, bad, good
from channels.wording import MessageType
from hub.samples import sample_values
from hub.web.app import create_app
from hub.web.site import Site
from hub.wiring import MESSAGES
from kernel.translation import LOCALES
from kernel.work import Ground
from people.queries import contact_points
from tests.conftest import MONDAY
from tests.hub.web.village import Village, client_of, token_on

PATHS = ("/administration", "/administration/channels", "/administration/messages")


@pytest.mark.parametrize("path", PATHS)
def test_only_administrators_come_in(app: Flask, village: Village, path: str) -> None:
    assert client_of(app, village.administrator).get(path).status_code == 200
    assert client_of(app, village.coordinator).get(path).status_code == 403


def test_a_check_shows_what_was_found(ground: Ground, site: Site, village: Village) -> None:
    sections = [Section("The hub", (good("Database", "It answers."), bad("Worker", "None runs.")))]
    client = client_of(create_app(ground, replace(site, examine=lambda: sections)), village.administrator)
    before = client.get("/administration/channels").get_data(as_text=True)
    assert "It answers." not in before
    after = client.post("/administration/channels", data={"csrf_token": token_on(client, "/administration/channels")})
    page = after.get_data(as_text=True)
    assert "It answers." in page
    assert "Does not work" in page


def test_a_test_message_goes_to_oneself_alone(app: Flask, ground: Ground, village: Village) -> None:
    client = client_of(app, village.administrator)
    token = token_on(client, "/administration/channels")
    with ground.read() as session:
        (own,) = contact_points(session, village.administrator)
        (other, *_) = contact_points(session, village.parent)
    refused = client.post("/administration/test-message", data={"csrf_token": token, "to": other.id})
    assert refused.status_code == 422
    sent = client.post("/administration/test-message", data={"csrf_token": token, "to": own.id})
    assert re.fullmatch(r"/messages/[0-9a-z]{26}", sent.location)
    assert "A test message" in client.get(sent.location).get_data(as_text=True)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.key)
def test_every_message_has_a_sample_of_each_value(message: MessageType) -> None:
    assert set(sample_values(message, MONDAY)) == set(message.values)


def test_a_message_is_shown_in_each_language_with_its_cost(app: Flask, site: Site, village: Village) -> None:
    client = client_of(app, village.administrator)
    for message in site.messages:
        if message.key.startswith("tests."):
            continue
        page = client.get(f"/administration/messages/{message.key}").get_data(as_text=True)
        assert re.findall(r'<h2 class="govuk-heading-m" id="(\w+)">', page) == list(LOCALES), message.key
        assert len(re.findall(r"\d+ characters as (?:GSM-7|UCS-2): \d+ segments?\.", page)) == len(LOCALES)
    assert client.get("/administration/messages/none.such").status_code == 404


def test_the_cost_is_told_where_it_is_known(ground: Ground, site: Site, village: Village) -> None:
    client = client_of(create_app(ground, replace(site, sms_pence=4.2)), village.administrator)
    page = client.get("/administration/messages/channels.help").get_data(as_text=True)
    assert "1 segment, about 4.2 pence." in page
