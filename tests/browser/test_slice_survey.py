"""A survey as its people live it: the coordinator's pages, and parents' phones in three languages."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from channels.sandbox.answer import sms_in
from tests.browser.demo_house import NARROW, Demo
from tests.browser.demo_people import Phone, sign_in

COORDINATOR = "nadia.forster@example.org"
AMELIA, EWA, HINA = "+447700900101", "+447700900105", "+447700900108"
OTHERS = {
    **dict.fromkeys(("102", "103", "104", "111", "112", "113", "114"), ("4", "yes", "b", "More time to talk.")),
    **dict.fromkeys(("106", "107"), ("4", "tak", "B", "Listy po polsku.")),
    **dict.fromkeys(("109", "110"), ("۴", "ہاں", "۲", "اردو میں خط بھیجیں۔")),
}


def _start(demo: Demo, page: Page) -> None:
    sign_in(demo, page, COORDINATOR, "/surveys")
    page.get_by_role("link", name="Termly pulse").first.click()
    page.get_by_role("button", name="Ask them now").click()
    expect(page.get_by_role("alert")).to_contain_text("We are asking 14 parents and carers.")
    demo.work()


def _others_answer(demo: Demo) -> None:
    """Let the other eleven families answer, as fast as their phones would."""
    for end, texts in OTHERS.items():
        for text in texts:
            sms_in(demo.house.inbox, f"+447700900{end}", text)
            demo.later(seconds=1)


def _export(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as under_way:
        page.get_by_role("button", name="Download results (CSV)").click()
    text = Path(under_way.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_coordinator_sees_what_will_be_asked_and_starts_it(demo: Demo) -> None:
    page = demo.window()
    sign_in(demo, page, COORDINATOR, "/surveys")
    demo.inspect(page, "survey-1-list")
    page.get_by_role("link", name="Termly pulse").first.click()
    expect(page.locator("main")).to_contain_text("14 parents and carers, each in their own language")
    for language in ("Polish", "Urdu"):
        page.locator("summary", has_text=language).click()
    demo.inspect(page, "survey-2-preview")
    assert Phone(demo, AMELIA).texts() == [], "nobody is asked before the coordinator says so"

    page.get_by_role("button", name="Ask them now").click()
    demo.work()

    demo.inspect(page, "survey-3-started")
    assert [len(Phone(demo, phone).texts()) for phone in (AMELIA, EWA, HINA)] == [1, 1, 1]
    assert Phone(demo, "+447700900302").got.filter(has_text="short questions").count() == 0, "a provider is no parent"


def test_a_parent_answers_by_text_as_tired_parents_do(demo: Demo) -> None:
    _start(demo, demo.window())
    phone = Phone(demo, AMELIA)
    (invitation,) = phone.texts()
    assert "Sefton Shore Parent Carer Forum: 4 short questions." in invitation
    assert "1 of 4. How well is your child's school meeting their needs this term?" in invitation
    assert "STOP" in invitation

    (again,) = phone.say("its alright I suppose")
    assert again.startswith("Sorry, we could not read that. Please reply with one number")
    explained, asked_again = phone.say("what is an IPA?")
    assert explained.startswith("An IPA is the contract for one child's place")
    assert asked_again.startswith("1 of 4.")
    (second,) = phone.say("4 thanks")
    assert second == "2 of 4. Do you feel listened to when plans are made for your child?\nReply YES or NO."
    (third,) = phone.say("SKIP")
    assert third.startswith("3 of 4. What would help your family most now?\nA Clear information\nB Quicker replies")
    (fourth,) = phone.say("quicker replies")
    assert fourth == "4 of 4. What one thing should change?\nReply in your own words."
    (thanks,) = phone.say("Ring us back when you say you will")
    assert thanks.startswith("Thank you. We have your answers.")
    assert phone.say("cheers") == [], "thanks for thanks would never end"
    demo.inspect(phone.page, "survey-4-phone")


def test_a_polish_parent_is_asked_and_understood_in_polish(demo: Demo) -> None:
    _start(demo, demo.window())
    phone = Phone(demo, EWA)
    (invitation,) = phone.texts()
    assert invitation.isascii(), "an accent would cost twice as much"
    assert "1 z 4. Jak dobrze szkola odpowiada" in invitation

    (second,) = phone.say("myślę że cztery")
    assert second.endswith("Prosimy odpisac TAK lub NIE.")
    (third,) = phone.say("sama nie wiem")
    assert third.startswith("3 z 4.")
    phone.say("B")
    (thanks,) = phone.say("Więcej czasu na pytania")
    assert thanks.startswith("Dziekujemy. Mamy Panstwa odpowiedzi.")


def test_an_urdu_parent_begins_by_text_and_carries_on_by_the_web(demo: Demo) -> None:
    _start(demo, demo.window())
    phone = Phone(demo, HINA)
    phone.say("۴")
    family = demo.window(NARROW)
    family.goto(phone.link())
    assert family.evaluate("document.documentElement.dir") == "rtl"
    expect(family.locator("h1, legend").first).to_contain_text("کیا آپ کی بات سنی جاتی ہے؟")
    demo.inspect(family, "survey-5-urdu-question")

    family.get_by_role("button").first.click()
    demo.inspect(family, "survey-6-urdu-error")
    family.get_by_label("جی ہاں").check()
    family.get_by_role("button").first.click()
    family.get_by_label("جلد جواب").check()
    family.get_by_role("button").first.click()
    family.get_by_role("textbox").fill("اردو میں خط بھیجیں۔")
    family.get_by_role("button").first.click()
    expect(family.locator("main")).to_contain_text("شکریہ")
    demo.inspect(family, "survey-7-urdu-over")
    demo.work()
    assert len(phone.texts()) == 2, "whoever answered by the web is not asked again by text"


def test_worrying_words_on_the_web_are_passed_on_and_stay_out_of_the_survey(demo: Demo) -> None:
    _start(demo, demo.window())
    phone = Phone(demo, HINA)
    for text in ("۴", "ہاں", "۲"):
        phone.say(text)
    family = demo.window(NARROW)
    family.goto(phone.link())
    family.get_by_role("textbox").fill("کوئی میرے بچے کو مارتا ہے")
    family.get_by_role("button").first.click()
    expect(family.locator("main")).to_contain_text("999")
    demo.inspect(family, "survey-8-urdu-worry")
    demo.work()
    (alert,) = Phone(demo, "+447700900201").texts()
    assert "A worrying message has come in." in alert


def test_answers_arrive_and_no_group_under_five_is_shown(demo: Demo) -> None:
    page = demo.window()
    _start(demo, page)
    phone = Phone(demo, AMELIA)
    for text in ("1", "no", "d", "Everything"):
        phone.say(text)
    page.get_by_role("link", name="Look for new answers").click()
    expect(page.locator("main")).to_contain_text("Fewer than 5")
    assert page.get_by_role("button", name="Download results (CSV)").count() == 0

    _others_answer(demo)
    page.get_by_role("link", name="Look for new answers").click()
    expect(page.locator("main")).to_contain_text("These are the first 5 who finished.")
    demo.inspect(page, "survey-9-results")
    assert "Everything" not in page.inner_text("main"), "nobody's own words before a person has read them"

    page.get_by_text("Close the survey before its last day").click()
    page.get_by_role("button", name="Close the survey now").click()
    demo.inspect(page, "survey-10-closed")
    rows = _export(page)
    assert {row["group"] for row in rows} >= {"All"}
    counted = [int(row["count"]) for row in rows if row["count"]]
    assert counted
    assert all(count == 0 or count >= 5 for count in counted)
    assert "Everything" not in str(rows)


def test_who_answers_after_the_close_is_told_so(demo: Demo) -> None:
    page = demo.window()
    _start(demo, page)
    phone = Phone(demo, AMELIA)
    phone.say("3")
    page.reload()
    page.get_by_text("Close the survey before its last day").click()
    page.get_by_role("button", name="Close the survey now").click()
    (told,) = phone.say("yes")
    assert told.startswith("Thank you. This survey has closed, so your answer is not counted.")
    page.goto(phone.link())
    demo.inspect(page, "survey-11-link-after-close")
