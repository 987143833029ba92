"""Every address that was proved before hears of what could let somebody else in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from channels.model import Channel
from kernel.work import Ground
from people.actions.register_person import add_contact_point
from tests.hub.web.village import Post
from tests.people.town import MUM_PHONE, Town, code_in, email_of, post_of, settle_events
from tests.people.web.conftest import Browse

OLD_PHONE, NEW = "+447700900444", "m.tatlock@example.org"
ADDED = "A new number or address was added to your account"


@pytest.fixture
def post(ground: Ground, town: Town) -> Post:
    """Return what carries messages, when the duty officer can be reached in two ways."""
    with ground.work() as work:
        add_contact_point(work, town.duty, "sms", OLD_PHONE, rank=1)
    return post_of(ground)


def _add(client: FlaskClient, post: Post, path: str = "/account/details", to: str = NEW) -> None:
    channel = "email" if "@" in to else "sms"
    there = client.post(f"{path}/contacts/add", data={"channel": channel, "address": to}).headers["Location"]
    post.deliver()
    code = code_in(post.arrived(Channel(channel), to)[-1])
    client.post(there, data={"code": code})
    settle_events(post.ground)
    post.deliver()


def test_every_address_proved_before_hears_of_a_new_one(browse: Browse, post: Post, town: Town) -> None:
    _add(browse(town.duty), post)
    assert ADDED in post.arrived(Channel.EMAIL, email_of("Maureen Tatlock"))[-1]
    assert ADDED in post.arrived(Channel.SMS, OLD_PHONE)[-1]
    assert not any(ADDED in text for text in post.arrived(Channel.EMAIL, NEW)), "the new one knows"


def test_a_familys_number_opens_no_account_and_nobody_is_told(browse: Browse, post: Post, town: Town) -> None:
    _add(browse(town.admin), post, f"/people/{town.mum}", "+447700900333")
    assert not any(ADDED in text for text in post.arrived(Channel.SMS, MUM_PHONE))


def test_every_proved_address_hears_of_a_reset_of_the_second_factor(browse: Browse, post: Post, town: Town) -> None:
    browse(town.duty).post("/account/details/contacts/add", data={"channel": "email", "address": NEW})
    browse(town.admin).post(f"/people/{town.duty}/second-factor/reset")
    post.deliver()
    assert "has reset your second factor" in post.arrived(Channel.EMAIL, email_of("Maureen Tatlock"))[-1]
    assert "was reset" in post.arrived(Channel.SMS, OLD_PHONE)[-1]
    assert not any("reset" in text for text in post.arrived(Channel.EMAIL, NEW)), "it is not proved"
