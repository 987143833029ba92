from __future__ import annotations

from datetime import timedelta

import pytest

from channels.model import Channel
from chatbot.inbound import TOLD_FOR
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.chatbot.talk import ADDRESSES, Talk


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.SLACK, Channel.EMAIL])
def test_a_question_is_explained_on_the_channel_it_came_by(ground: Ground, channel: Channel) -> None:
    talk = Talk(ground, channel, "en")
    (answer,) = talk.say("what is an IPA?")
    assert "contract for one child's place" in answer
    assert talk.adapter.posts[-1].address == ADDRESSES[channel]
    assert talk.adapter.posts[-1].rendered.title == "IPA (individual placement agreement)"
    assert talk.ended() == "answered: ipa"
    assert talk.questions() == []


def test_what_is_not_understood_waits_in_the_queue_in_its_own_words(ground: Ground) -> None:
    talk = Talk(ground, Channel.SMS, "en")
    talk.say("when will my son's plan be ready")
    (item,) = talk.questions()
    assert (item.text, item.reason) == ("when will my son's plan be ready", "not understood")
    assert talk.ended() == "passed_on: questions"


def test_what_is_asked_beside_a_word_is_explained_and_waits_too(ground: Ground) -> None:
    talk = Talk(ground, Channel.SMS, "en")
    (answer,) = talk.say("what is an EHCP? my son needs one")
    assert answer.startswith("An EHCP is a legal plan")
    assert answer.endswith("A person will read the rest and answer you.")
    assert [item.reason for item in talk.questions()] == ["more than ehcp"]


def test_every_text_waits_but_only_the_first_is_told_so(ground: Ground, clock: FixedClock) -> None:
    talk = Talk(ground, Channel.SMS, "en")
    assert len(talk.say("nobody rings me")) == 1
    assert talk.say("since March") == []
    assert len(talk.questions()) == 2
    clock.move(TOLD_FOR + timedelta(seconds=1))
    assert len(talk.say("are you there")) == 1


def test_thanks_are_ignored_with_a_reason(ground: Ground) -> None:
    talk = Talk(ground, Channel.SMS, "en")
    assert talk.say("thanks \U0001f44d") == []
    assert talk.ended() == "ignored: thanks"


def test_a_button_or_form_is_not_for_the_chatbot(ground: Ground) -> None:
    """Nobody here takes the button, so it comes to a person as every unheard thing does."""
    talk = Talk(ground, Channel.SLACK, "en")
    assert talk.say("what is an IPA?", action="qa_visits.accept") == []
    assert [item.reason for item in talk.questions()] == ["not understood"]


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("what is a DSL? my teacher hits me", "passed_on: safeguarding"),
        ("what is an IPA? I want to die", "passed_on: safeguarding"),
        ("STOP", "recorded: stop, 0 cancelled"),
        ("HELP", "answered: help"),
    ],
)
def test_v9_v12_safety_stop_and_help_go_before_explanations(ground: Ground, text: str, ended: str) -> None:
    talk = Talk(ground, Channel.SMS, "en")
    talk.say(text)
    assert talk.ended() == ended
