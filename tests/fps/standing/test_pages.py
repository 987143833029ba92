from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.model import Status
from fps.queries import status_on
from fps.queries.decisions import leaving_answers, plans_of, suspensions_of
from kernel.work import Ground
from tests.fps.standing.conftest import Browse, Corner

TODAY = date(2026, 11, 23)
FACTS = {
    "kind": "independent_special",
    "urn": "999001",
    "age_from": "5",
    "age_to": "16",
    "intake": "mixed",
    "district": "Sefton",
}
REVIEW = {"review_on": ["18", "12", "2026"]}


def days(name: str, day: date) -> dict[str, list[str]]:
    return {name: [str(day.day), str(day.month), str(day.year)]}


def test_the_register_lists_filters_and_says_when_nothing_fits(browse: Browse, ground: Ground, corner: Corner) -> None:
    with ground.work() as work:
        corner.world.active_setting(work, 2, lot=3)
    client = browse(corner.commissioner)
    page = client.get("/register").text
    assert "School 1" in page
    assert "School 2" in page
    assert page.count("Active") >= 3
    lot = f"/register?framework={corner.world.framework_id}&lot={corner.world.lots[3].id}"
    assert "School 1" not in client.get(lot).text
    assert "School 2" in client.get(lot).text
    for query in ("name=999002", "name=school+2", "district=Sefton&name=2", "kind=independent_special&name=2"):
        found = client.get(f"/register?{query}").text
        assert "School 2" in found, query
        assert "School 1<" not in found, query
    assert "No setting fits this" in client.get("/register?status=suspended").text
    assert "School 1" in client.get("/register?status=active&framework=&lot=&page=99").text


def test_the_register_shows_a_past_day_as_it_stood(browse: Browse, ground: Ground, corner: Corner) -> None:
    with ground.work() as work:
        change_status(
            work, corner.lead, ChangeStatus(corner.setting_id, corner.lot_id, Status.SUSPENDED, "Why.", TODAY)
        )
    client = browse(corner.commissioner)
    assert "Suspended" in client.get("/register?status=suspended").text.split("<main")[1]
    past = client.get("/register?on=22/11/2026").text
    assert "As it stood on Sunday 22 November 2026" in past
    assert "Suspended" not in past.split("Show all")[1]
    assert "School 1" not in client.get("/register?on=4/1/2026").text, "it came on 5 January"


def test_a_day_that_cannot_be_shown_is_refused_and_no_other_day_shown(browse: Browse, corner: Corner) -> None:
    client = browse(corner.commissioner)
    for day in ("nonsense", "31/2/2026", "24/11/2026"):
        refused = client.get("/register", query_string={"on": day})
        assert refused.status_code == 422
        assert "<title>Error: Register" in refused.text
        assert refused.text.count("Enter a day such as 5/1/2026, not after today.") == 2
        assert f'value="{day}"' in refused.text
        assert "School 1" not in refused.text
        assert client.get("/register/settings.csv", query_string={"on": day}).status_code == 422
    assert "School 1" in client.get("/register?on=23/11/2026").text
    assert "School 1" in client.get("/register?on=").text


def test_the_list_goes_out_as_a_table_that_no_spreadsheet_runs(browse: Browse, corner: Corner) -> None:
    client = browse(corner.lead)
    client.post(
        f"/register/settings/{corner.setting_id}/edit",
        data={
            **FACTS,
            "name": "=cmd()",
            "referral_contact_id": corner.user.id,
        },
    )
    answer = client.get("/register/settings.csv?status=active")
    assert answer.mimetype == "text/csv"
    head, line = answer.text.strip().split("\r\n")
    assert head.startswith("\ufeffSetting,Provider,URN")
    assert line.startswith("'=cmd(),Provider 1,999001,Independent special school,5,16,All,Sefton,")
    assert line.endswith(",Active,2026-01-05")


def test_the_list_needs_as_many_statements_for_many_settings_as_for_one(
    browse: Browse, ground: Ground, corner: Corner
) -> None:
    counted: list[str] = []

    def count(*seen: object) -> None:
        counted.append(str(seen[2]))

    client = browse(corner.commissioner)
    figures = []
    for rounds in (0, 12):
        with ground.work() as work:
            for number in range(rounds):
                corner.world.active_setting(work, 10 + number)
        event.listen(Connection, "before_cursor_execute", count)
        for path in ("/register", "/my-settings"):
            counted.clear()
            assert (client if path == "/register" else browse(corner.user)).get(path).status_code == 200
            figures.append(len([line for line in counted if line.startswith("SELECT")]))
        event.remove(Connection, "before_cursor_execute", count)
    assert figures[:2] == figures[2:]


def test_a_settings_page_tells_who_did_what_and_why(browse: Browse, corner: Corner) -> None:
    client = browse(corner.commissioner)
    page = client.get(f"/register/settings/{corner.setting_id}").text
    for words in ("Lot 1: day, 0 to 16", "For a test.", "Lee Lead, lead authority", "Counts from 5 January 2026"):
        assert words in page, words
    assert client.get("/register/settings/nothing").status_code == 404


def test_a_provider_pauses_and_resumes_its_own_setting_and_no_rivals(browse: Browse, corner: Corner) -> None:
    client = browse(corner.user)
    assert "School 1" in client.get("/my-settings").text
    pause = f"/my-settings/{corner.setting_id}/pause"
    assert "Tick at least one" in client.post(pause, data={"reason": "No head."}).text
    assert "Say why" in client.post(pause, data={"lots": [corner.lot_id]}).text
    page = client.post(pause, data={"reason": "No head.", "lots": [corner.lot_id]}, follow_redirects=True).text
    assert "New referrals are paused." in page
    assert "Self-paused" in page
    resume = f"/my-settings/{corner.setting_id}/resume"
    page = client.post(resume, data={"reason": "A head.", "lots": [corner.lot_id]}, follow_redirects=True).text
    assert "You take new referrals again." in page
    rival = browse(corner.rival)
    for path in ("", "/pause", "/resume", "/contact", "/reply"):
        assert rival.get(f"/my-settings/{corner.setting_id}{path}").status_code == 404, path
    assert "School 1" not in rival.get("/my-settings").text
    assert "Your organisation has no setting" in rival.get("/my-settings").text


def test_the_lead_authority_takes_a_step_with_evidence(browse: Browse, corner: Corner) -> None:
    client = browse(corner.lead)
    path = f"/register/settings/{corner.setting_id}/step"
    page = client.get(path).text
    assert "Lot 1: day, 0 to 16: on hold" in page
    assert ": suspended" not in page, "a suspension is a decision of its own"
    document = page.split('id="document"')[1].split('<option value="')[2].split('"')[0]
    step = {"lot": f"{corner.lot_id}:compliance_hold", "reason": "It lapsed.", "document": document}
    page = client.post(path, data=step, follow_redirects=True).text
    assert "The step is taken." in page
    assert "It lapsed. Evidence: " in page
    for data in ({"reason": "x"}, {"reason": "x", "lot": "", "document": ""}):
        refused = client.post(path, data=data)
        assert refused.status_code == 422
        assert "Choose a lot and a step" in refused.text


def test_a_suspension_goes_from_notice_through_reply_to_force_and_end(
    browse: Browse, ground: Ground, corner: Corner
) -> None:
    """L5: named decision-maker, reasons, right to reply, review."""
    lead, provider, here = browse(corner.lead), browse(corner.user), f"/register/settings/{corner.setting_id}"
    given = {"lots": [corner.lot_id], "reasons": "Serious complaints.", "when": "notice"}
    assert "may reply" in lead.post(f"{here}/suspend", data=given, follow_redirects=True).text
    own = f"/my-settings/{corner.setting_id}"
    page = provider.get(own).text
    assert "May be suspended" in page
    assert "Serious complaints." in page
    assert "Lee Lead" in page
    assert "Monday 30 November 2026" in page
    early = lead.post(f"{here}/suspension/start", data=REVIEW)
    assert early.status_code == 422
    assert "The provider may reply until 30 November 2026" in early.text
    page = provider.post(f"{own}/reply", data={"reply": "We have changed."}, follow_redirects=True).text
    assert "We have changed." in page
    assert provider.get(f"{own}/reply").status_code == 404
    page = lead.post(f"{here}/suspension/start", data=REVIEW, follow_redirects=True).text
    assert "In force" in page
    assert "We have changed." in browse(corner.commissioner).get(here).text
    kept = {"reasons": "Not safe yet.", **REVIEW}
    assert "Not safe yet." in lead.post(f"{here}/suspension/keep", data=kept, follow_redirects=True).text
    page = lead.post(f"{here}/suspension/end", data={"reasons": "All is well."}, follow_redirects=True).text
    assert "Suspension lifted" in page
    assert_lifted(ground, corner)
    assert lead.get(f"{here}/suspension/end").status_code == 404


@pytest.mark.parametrize(
    ("when", "said", "unsaid"),
    [
        ("notice", "no council has been told", "all member councils have been told"),
        ("now", "all member councils have been told", "no council has been told"),
    ],
)
def test_what_is_said_after_a_decision_tells_who_has_been_told(
    browse: Browse, corner: Corner, when: str, said: str, unsaid: str
) -> None:
    given = {"lots": [corner.lot_id], "reasons": "Serious complaints.", "when": when, **REVIEW}
    path = f"/register/settings/{corner.setting_id}/suspend"
    page = browse(corner.lead).post(path, data=given, follow_redirects=True).text
    assert said in page
    assert unsaid not in page


def test_a_setting_leaves_when_every_council_has_answered(browse: Browse, ground: Ground, corner: Corner) -> None:
    """L6: a plan with one line for each learner placed."""
    lead, here = browse(corner.lead), f"/register/settings/{corner.setting_id}"
    now = {"lots": [corner.lot_id], "reasons": "Danger.", "when": "now", **REVIEW}
    lead.post(f"{here}/suspend", data=now)
    leaving = {"reasons": "Not fit.", **days("leaves_on", date(2027, 3, 31))}
    assert "The plan has begun" in lead.post(f"{here}/leaving", data=leaving, follow_redirects=True).text
    finish = f"{here}/leaving/finish"
    assert "2 of 2 councils have not said yet" in lead.post(finish, follow_redirects=True).text
    mine, other = browse(corner.commissioner), browse(corner.other)
    line = {"reference": "ln-77/b", "next_step": "searching", **days("due_on", date(2027, 1, 15))}
    assert "LN-77/B" in mine.post(f"{here}/learners", data=line, follow_redirects=True).text
    named = mine.post(f"{here}/learners", data={**line, "reference": "Amelia"})
    assert named.status_code == 422
    assert "Enter a short code of your own" in named.text
    for reader in (
        other.get(f"{here}/learners"),
        lead.get(here),
        browse(corner.user).get(f"/my-settings/{corner.setting_id}"),
    ):
        assert "LN-77/B" not in reader.text
    for client in (mine, other):
        client.post(f"{here}/learners/change", data={"wish": "complete"})
    assert "Learners whose next step is not done yet: 1." in lead.post(finish, follow_redirects=True).text
    line_id = mine.get(f"{here}/learners").text.split('name="line" value="')[1].split('"')[0]
    assert other.post(f"{here}/learners/change", data={"wish": "done", "line": line_id}).status_code == 404
    mine.post(f"{here}/learners/change", data={"wish": "done", "line": line_id})
    assert "The setting has left the list." in lead.post(finish, follow_redirects=True).text
    with ground.read() as session:
        assert status_on(session, corner.setting_id, corner.lot_id, TODAY) is Status.EXITED
        (plan,) = plans_of(session, corner.setting_id)
        assert sum(each.learners for each in leaving_answers(session, plan.id)) == 1


def test_a_councils_pause_is_its_own_and_ends_by_a_button(browse: Browse, corner: Corner) -> None:
    """L4"""
    mine, here = browse(corner.commissioner), f"/register/settings/{corner.setting_id}"
    given = {"lot": "all", "reason": "Two complaints.", "tells_provider": "y", **REVIEW}
    assert "Two complaints." in mine.post(f"{here}/pause", data=given, follow_redirects=True).text
    assert mine.post(f"{here}/pause", data=given).status_code == 422
    assert "Two complaints." not in browse(corner.other).get(here).text
    page = browse(corner.lead).get(here).text
    assert "Two complaints." not in page
    assert "Councils that have paused" in page
    assert "Two complaints." in browse(corner.user).get(f"/my-settings/{corner.setting_id}").text
    assert "School 1" in mine.get("/register?pause=ours").text
    pause = page_value(mine.get(here).text, "pause")
    kept = {"reasons": "No answer yet.", **days("review_on", date(2026, 12, 21))}
    keep = f"{here}/pause/keep?pause={pause}"
    page = mine.post(keep, data=kept, follow_redirects=True).text
    assert "reviewed its pause and kept it" in page
    assert "No answer yet." in page
    assert browse(corner.other).post(keep, data=kept).status_code == 404
    assert "No answer yet." not in browse(corner.user).get(f"/my-settings/{corner.setting_id}").text
    assert browse(corner.other).post(f"{here}/resume", data={"pause": pause}).status_code == 404
    assert "The pause has ended." in mine.post(f"{here}/resume", data={"pause": pause}, follow_redirects=True).text
    assert "No setting fits" in mine.get("/register?pause=ours").text


def page_value(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_the_lead_authority_registers_a_setting_and_the_provider_names_its_contact(
    browse: Browse, corner: Corner
) -> None:
    lead = browse(corner.lead)
    provider_id, user = corner.world.providers[0]
    new = {
        **FACTS,
        "provider_id": provider_id,
        "name": "New School",
        "urn": "999777",
        "referral_contact_id": user.id,
    }
    page = lead.post("/register/settings/new", data=new, follow_redirects=True).text
    assert "The setting is on the register" in page
    assert "New School" in lead.get("/register").text
    assert "is registered already" in lead.post("/register/settings/new", data=new).text
    for gone in ("provider_id", "referral_contact_id", "age_from", "name"):
        assert lead.post("/register/settings/new", data={**new, "urn": "999778", gone: ""}).status_code == 422
    wrong = lead.post("/register/settings/new", data={**new, "urn": "12", "age_from": ""})
    assert wrong.status_code == 422
    assert "Error: " in wrong.text
    assert browse(corner.commissioner).get("/register/settings/new").status_code == 403
    mine = browse(corner.user)
    here = f"/my-settings/{corner.setting_id}/contact"
    assert (
        "The change is saved."
        in mine.post(here, data={"referral_contact_id": corner.user.id}, follow_redirects=True).text
    )
    assert mine.post(here, data={"referral_contact_id": user.id}).status_code == 422


def assert_lifted(ground: Ground, corner: Corner) -> None:
    with ground.read() as session:
        assert status_on(session, corner.setting_id, corner.lot_id, TODAY) is Status.ACTIVE
        assert [one.outcome for one in suspensions_of(session, corner.setting_id)] == ["lifted"]
