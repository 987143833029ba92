"""Questions, STOP, HELP and worries as people bring them: by text, in Slack, and on the pages of those who answer."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.queries import messages_to
from people.queries import persons_by_address
from surveys.messages import INVITE
from tests.browser.demo_house import Demo
from tests.browser.demo_people import Mailbox, Phone, SlackUser, sign_in

AMELIA, EWA, HINA, STRANGER = "+447700900101", "+447700900105", "+447700900108", "+447700900999"
COORDINATOR, COORDINATOR_EMAIL = "U0NADIA001", "nadia.forster@example.org"
DUTY, DUTY_EMAIL = "+447700900201", "maureen.tatlock@example.org"
MARK = "\N{RIGHT-TO-LEFT MARK}"


def _start_survey(demo: Demo) -> None:
    page = demo.window()
    sign_in(demo, page, COORDINATOR_EMAIL, "/surveys")
    page.get_by_role("link", name="Termly pulse").first.click()
    page.get_by_role("button", name="Ask them now").click()


def _statuses(demo: Demo, phone: str) -> list[tuple[str, str]]:
    with demo.house.ground.read() as session:
        (owner,) = persons_by_address(session, "sms", phone)
        return [(card.key, card.status) for card in messages_to(session, owner.id)]


def _send_answer(demo: Demo, page: Page, answer: str) -> None:
    page.get_by_label("Your answer").fill(answer)
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answer is on its way.")
    demo.later(seconds=1)


def test_what_is_an_ipa_is_answered_by_text_in_three_languages(demo: Demo) -> None:
    (english,) = Phone(demo, AMELIA).say("what is an IPA?")
    assert english == (
        "An IPA is the contract for one child's place at a school. The council and the school sign it. "
        "It says what help is given and what it costs."
    )
    (polish,) = Phone(demo, EWA).say("co to jest IPA?")
    assert polish.startswith("IPA to umowa o miejsce w szkole")
    (urdu,) = Phone(demo, HINA).say("IPA کیا ہے؟")
    assert urdu.startswith(f"{MARK}IPA اسکول میں")
    (stranger,) = Phone(demo, STRANGER).say("whats a direct award")
    assert stranger.startswith("A direct award means"), "anyone may ask"


def test_what_is_an_ipa_is_answered_in_slack(demo: Demo) -> None:
    colleague = SlackUser(demo, COORDINATOR)
    for asked in ("/hub what is an IPA?", "what is an IPA"):
        (told,) = colleague.say(asked)
        assert "IPA stands for individual placement agreement." in told
    (told,) = colleague.say("/hub")
    assert "Ask us what a word means" in told
    demo.inspect(colleague.page, "question-1-slack")


def test_an_unknown_question_reaches_a_person_and_the_answer_comes_back_the_same_way(demo: Demo) -> None:
    phone, slack = Phone(demo, AMELIA), SlackUser(demo, "U0QUENTIN1")
    (told,) = phone.say("Who do I ring about the school taxi?")
    assert told == "Thank you. A person will read this and answer you here. If anyone is in danger now, call 999."
    page = demo.window()
    sign_in(demo, page, COORDINATOR_EMAIL)
    expect(page.locator("main")).to_contain_text("1 question to answer")
    page.goto(f"{demo.url}/questions")
    demo.inspect(page, "question-2-queue")
    page.get_by_role("link", name="Who do I ring about the school taxi?").click()
    assert "Amelia" not in page.inner_text("main")
    assert AMELIA not in page.inner_text("main")
    page.get_by_role("button", name="Send answer").click()
    demo.inspect(page, "question-3-error")
    _send_answer(demo, page, "Ring Sefton's transport team. They are there from 9 to 5.")
    assert phone.texts()[-1] == "Ring Sefton's transport team. They are there from 9 to 5."

    slack.say("Which form is for the taxi?")
    page.reload()
    page.get_by_role("link", name="Which form is for the taxi?").click()
    _send_answer(demo, page, "The blue one.")
    assert "The blue one." in slack.texts()[-1]
    expect(page.locator("main")).to_contain_text("No question waits")
    demo.inspect(page, "question-4-none-left")


def test_stop_cancels_what_is_scheduled_and_start_brings_it_back(demo: Demo) -> None:
    """V12: a family's STOP ends all that they did not ask for, at once."""
    phone = Phone(demo, AMELIA)
    with demo.house.ground.work() as work:
        (owner,) = persons_by_address(work.session, "sms", AMELIA)
        values = {"forum": "A forum", "count": 4, "question": "q", "question_sms": "q", "link": "none"}
        later = NewMessage(INVITE, values, person_id=owner.id, not_before=work.now.replace(hour=18))
        queue_messages(work, [later])
    (told,) = phone.say("STOP")
    assert told.startswith("You have stopped messages from us.")
    assert ("surveys.invite", "cancelled") in _statuses(demo, AMELIA)
    demo.later(hours=9)
    assert len(phone.texts()) == 1

    (helped,) = phone.say("HELP")
    assert helped.startswith("Ask us what a word means"), "who asks is answered, also after STOP"
    _start_survey(demo)
    demo.work()
    assert len(phone.texts()) == 2, "nobody who said STOP is asked"
    (back,) = phone.say("START")
    assert back == "You will hear from us again. To stop at any time, send STOP."


def test_a_worrying_text_goes_first_and_the_duty_officer_hears_on_two_channels(demo: Demo) -> None:
    """V9"""
    _start_survey(demo)
    demo.work()
    phone, officer, letters = Phone(demo, AMELIA), Phone(demo, DUTY), Mailbox(demo, DUTY_EMAIL)
    (told,) = phone.say("the escort hits him in the taxi")
    assert told.startswith("Thank you for telling us. A person will read this. In danger now? Call 999.")
    (alert,) = officer.texts()
    assert alert == f"A worrying message has come in. Sign in and read it now: {demo.url}/worries"
    letter = letters.letter("A worrying message needs you now")
    for secret in ("escort", "hits", "taxi", "Amelia", AMELIA):
        assert secret not in alert + letter

    page = demo.window()
    sign_in(demo, page, DUTY_EMAIL, "/worries")
    assert "escort" not in page.inner_text("main"), "the list can be seen over a shoulder"
    demo.inspect(page, "question-5-worries")
    page.locator("main table a").first.click()
    expect(page.locator("main")).to_contain_text("the escort hits him in the taxi")
    expect(page.locator("main")).to_contain_text("Amelia Hart")
    demo.inspect(page, "question-6-worry")
    page.get_by_label("Your reply").fill("I will ring you in five minutes. Maureen")
    page.get_by_role("button", name="Send reply and close").click()
    demo.later(seconds=1)
    assert phone.texts()[-1] == "I will ring you in five minutes. Maureen"
    demo.inspect(page, "question-7-no-worries")


def test_nobody_else_reads_a_worry(demo: Demo) -> None:
    Phone(demo, AMELIA).say("the escort hits him in the taxi")
    page = demo.window()
    sign_in(demo, page, COORDINATOR_EMAIL)
    page.goto(f"{demo.url}/worries")
    expect(page.locator("h1")).to_contain_text("cannot")
    demo.inspect(page, "question-8-forbidden")
    page.goto(f"{demo.url}/questions")
    assert "escort" not in page.content()
