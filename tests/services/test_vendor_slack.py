from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.services.vendor import VendorStub, running_vendor

TITLE = {"type": "plain_text", "text": "Offer a day"}
METADATA = {"event_type": "hub_message", "event_payload": {"attempt": "a1"}}


@pytest.fixture(scope="module")
def running() -> Iterator[VendorStub]:
    with running_vendor() as stub:
        yield stub


@pytest.fixture
def stub(running: VendorStub) -> VendorStub:
    running.reset()
    return running


@pytest.fixture
def slack(stub: VendorStub) -> WebClient:
    return WebClient(token="xoxb-invented", base_url=stub.slack_url)


def test_posts_and_finds_the_message_by_its_metadata(stub: VendorStub, slack: WebClient) -> None:
    posted = slack.chat_postMessage(channel="C1", text="A visit is planned", metadata=METADATA)
    slack.chat_postMessage(channel="C1", text="Another")
    assert posted["message"]["text"] == "A visit is planned"
    plain = slack.conversations_history(channel="C1")
    assert [message["text"] for message in plain["messages"]] == ["Another", "A visit is planned"]
    assert "metadata" not in plain["messages"][1]
    whole = slack.conversations_history(channel="C1", include_all_metadata=True, oldest=posted["ts"], inclusive=True)
    assert whole["messages"][1]["metadata"] == METADATA
    later = slack.conversations_history(channel="C1", oldest=posted["ts"])
    assert [message["text"] for message in later["messages"]] == ["Another"]
    counts = stub.counts()
    assert (counts.marks, counts.recipients) == ({"a1": 1}, {"C1": 2})
    assert stub.bodies("chat.postMessage")[0]["metadata"] == METADATA


def test_history_has_pages(slack: WebClient) -> None:
    for number in range(5):
        slack.chat_postMessage(channel="C1", text=str(number))
    pages = [[m["text"] for m in page["messages"]] for page in slack.conversations_history(channel="C1", limit=2)]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_a_message_to_a_person_lands_in_the_conversation_with_them(slack: WebClient) -> None:
    posted = slack.chat_postMessage(channel="U123", text="Hello")
    assert posted["channel"] == slack.conversations_open(users="U123")["channel"]["id"]


def test_updates_what_was_posted(slack: WebClient) -> None:
    posted = slack.chat_postMessage(channel="C1", text="Before")
    slack.chat_update(channel="C1", ts=posted["ts"], text="After")
    assert slack.conversations_history(channel="C1")["messages"][0]["text"] == "After"
    with pytest.raises(SlackApiError, match="message_not_found"):
        slack.chat_update(channel="C1", ts="1.000000", text="After")


def test_a_thread_is_read_by_its_parent(slack: WebClient) -> None:
    parent = slack.chat_postMessage(channel="C1", text="Parent")
    slack.chat_postMessage(channel="C1", text="Reply", thread_ts=parent["ts"])
    assert [m["text"] for m in slack.conversations_history(channel="C1")["messages"]] == ["Parent"]
    thread = slack.conversations_replies(channel="C1", ts=parent["ts"])
    assert [m["text"] for m in thread["messages"]] == ["Parent", "Reply"]


def test_opens_a_form(stub: VendorStub, slack: WebClient) -> None:
    view = {"type": "modal", "title": TITLE, "blocks": [], "callback_id": "qa_visits.offer_day"}
    opened = slack.views_open(trigger_id="t1", view=view)
    assert opened["view"]["callback_id"] == "qa_visits.offer_day"
    assert stub.bodies("views.open")[0]["trigger_id"] == "t1"


def test_knows_who_asks_and_who_is_asked_about(slack: WebClient) -> None:
    assert slack.auth_test()["bot_id"] == "B0HUB"
    assert slack.users_info(user="U123")["user"]["profile"]["email"].endswith("@example.org")
    assert slack.api_test()["ok"]


def test_refuses_as_slack_does(stub: VendorStub, slack: WebClient) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        slack.chat_postMessage(channel="nowhere", text="x")
    with pytest.raises(SlackApiError, match="not_authed"):
        WebClient(base_url=stub.slack_url).auth_test()
    stub.fail_next(status=429, headers={"Retry-After": "30"}, content={"ok": False, "error": "ratelimited"})
    with pytest.raises(SlackApiError) as limited:
        slack.chat_postMessage(channel="C1", text="x")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "30"
    assert stub.counts().accepted == 0
