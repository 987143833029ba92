from __future__ import annotations

from kernel.work import Ground
from people.model import Role
from people.queries import person
from tests.people.town import Town
from tests.people.web.conftest import Browse


def test_an_administrator_signs_a_person_out_everywhere(browse: Browse, town: Town) -> None:
    officer, admin = browse(town.officer), browse(town.admin)
    page = admin.get(f"/people/{town.officer}/access").text
    assert "Firefox on Linux" in page
    told = admin.post(f"/people/{town.officer}/access/sessions/end", follow_redirects=True).text
    assert "They are signed out everywhere." in told
    assert "They are signed in nowhere." in told
    assert officer.get("/account").status_code == 303
    assert admin.get("/account").status_code == 200


def test_a_leaver_is_out_at_once_and_can_be_brought_back(browse: Browse, ground: Ground, town: Town) -> None:
    officer, admin = browse(town.officer), browse(town.admin)
    assert "Have they left?" in admin.get(f"/people/{town.officer}/left").text
    assert officer.get("/account").status_code == 200, "asking ends nothing"
    page = admin.post(f"/people/{town.officer}/left", follow_redirects=True).text
    assert "They have left. Nothing is open to them any more." in page
    assert officer.get("/account").status_code == 303
    with ground.read() as session:
        assert person(session, town.officer).roles == ()
    assert "Bring them back" in admin.get(f"/people/{town.officer}/access").text
    admin.post(f"/people/{town.officer}/back")
    with ground.read() as session:
        assert person(session, town.officer).has(Role.QA_OFFICER, town.council)
    assert officer.get("/account").status_code == 303, "who comes back signs in anew"


def test_the_last_administrator_cannot_leave_and_the_page_says_why(browse: Browse, ground: Ground, town: Town) -> None:
    admin = browse(town.admin)
    assert admin.post(f"/people/{town.second_admin}/left").status_code == 303
    told = admin.post(f"/people/{town.admin}/left")
    assert told.status_code == 403
    assert "You cannot say of yourself that you have left." in told.text
    with ground.read() as session:
        assert person(session, town.admin).has(Role.ADMINISTRATOR, town.council)


def test_nobody_ends_the_access_of_whom_they_do_not_manage(browse: Browse, town: Town) -> None:
    paths = ("access", "access/sessions/end", "left", "back")
    for reader, theirs in ((town.far_admin, town.officer), (town.commissioner, town.officer), (town.priya, town.pavel)):
        browser, client = browse(theirs), browse(reader)
        for path in paths:
            address = f"/people/{theirs}/{path}"
            assert {client.get(address).status_code, client.post(address).status_code} <= {403, 404, 405}
        assert browser.get("/account").status_code == 200


def test_the_lead_authority_ends_the_access_of_a_providers_user(browse: Browse, town: Town) -> None:
    priya, lead = browse(town.priya), browse(town.lead)
    assert lead.post(f"/people/{town.priya}/left").status_code == 303
    assert priya.get("/account").status_code == 303


def test_a_persons_page_leads_there(browse: Browse, town: Town) -> None:
    assert f'href="/people/{town.officer}/access"' in browse(town.admin).get(f"/people/{town.officer}").text
    assert f'href="/people/{town.officer}/access"' not in browse(town.commissioner).get(f"/people/{town.officer}").text
