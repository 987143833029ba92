from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from fps.actions.evidence.scan_waiting import scan_waiting
from fps.model.applications import Answers, Outcome
from fps.queries.applications import draft_of, own_application
from fps.rules.applications import wanted_marks
from kernel.clock import FixedClock
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import REASON, Evaluated, closed, decide, evaluate, name_both
from tests.fps.applications.filled import CLOSES, OF_ORGANISATION, OF_SETTING, PDF, PLACE, filled, send
from tests.fps.applications.pages import browser, words


def _file(until: tuple[str, str, str] = ("31", "12", "2027")) -> dict[str, Any]:
    return {"file": (io.BytesIO(PDF), "paper.pdf"), "valid_until": list(until), "valid_from": ["", "", ""]}


def _fill_in(scene: Scene, client: FlaskClient, home: str) -> None:
    for section, answers in OF_ORGANISATION.items():
        saved = client.post(f"{home}/organisation/{section}", data={**answers, "version": "0"})
        assert (saved.status_code, saved.location) == (303, home)
    added = client.post(f"{home}/settings/add", data={"setting": "new"})
    entry = added.location.removesuffix("/place")
    lots: Answers = {"lots": [scene.joined.lot_ids[0]], "places": "40", "lodges_52": "no"}
    for section, answers in {"place": PLACE, "lots": lots, **OF_SETTING}.items():
        assert client.post(f"{entry}/{section}", data={**answers, "version": "0"}).status_code == 303
    page = client.get(home).text
    assert "Not added" in page
    for address in sorted(set(re.findall(r'href="(/my-applications/[^"]*/evidence/[^"]*)"', page))):
        assert client.get(address).status_code == 200
        assert client.post(address, data=_file(), content_type="multipart/form-data").status_code == 303


def test_a_provider_applies_from_the_first_page_to_the_receipt(scene: Scene, app: Flask) -> None:
    client = browser(app, scene.world.providers[0][1])
    assert "Joining round 8" in words(client.get("/my-applications"))
    begin = f"/my-applications/start/{scene.joined.id}"
    assert "You apply for Provider 0." in words(client.get(begin))
    home = client.post(begin, data={"provider": scene.world.providers[0][0]}).location
    assert client.post(begin, data={"provider": scene.world.providers[0][0]}).location == home
    assert "What is still to do" in words(client.get(f"{home}/send"))
    _fill_in(scene, client, home)
    assert "What is still to do" not in words(client.get(f"{home}/send"))
    undeclared = client.post(f"{home}/send", data={})
    assert undeclared.status_code == 422
    assert "Tick the box" in words(undeclared)
    sent = client.post(f"{home}/send", data={"is_declared": "y"}, follow_redirects=True)
    assert "We have your application" in words(sent)
    assert "Brand New School" in words(client.get(home))
    client.post(
        f"{home}/organisation/finance", data={**OF_ORGANISATION["finance"], "accounts": "More.", "version": "1"}
    )
    assert "You have changed the application since you sent it." in words(client.get(home))
    assert client.post(f"{home}/withdraw").status_code == 303
    assert "take it up again" in words(client.get(home))


def test_a_refused_answer_and_a_colleagues_save_lose_nothing(scene: Scene, app: Flask) -> None:
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
    client = browser(app, scene.world.providers[0][1])
    address = f"/my-applications/{application_id}/organisation/details"
    wrong = client.post(address, data={"legal_name": "Kept Ltd", "company_number": "x", "version": "1"})
    assert wrong.status_code == 422
    assert 'value="Kept Ltd"' in wrong.text
    assert "<title>Error: " in wrong.text
    late = client.post(address, data={"legal_name": "Kept Ltd", "company_number": "01234567", "version": "0"})
    assert late.status_code == 409
    assert "has saved this section since you opened it" in words(late)
    assert "Provider Learning Ltd" in words(late)
    assert 'value="Kept Ltd"' in late.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', late.text)
    assert version is not None
    again = {"legal_name": "Kept Ltd", "company_number": "01234567", "version": version[1]}
    assert client.post(address, data=again).status_code == 303


def test_R16_a_late_application_is_told_when_it_came(scene: Scene, app: Flask, clock: FixedClock) -> None:
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
    clock.set(CLOSES + timedelta(seconds=1))
    client = browser(app, scene.world.providers[0][1])
    late = client.post(f"/my-applications/{application_id}/send", data={"is_declared": "y"})
    assert late.status_code == 410
    assert "We received this 18 December 2026, 12:00:01." in words(late)
    assert "was never sent" in words(client.get(f"/my-applications/{application_id}"))
    assert client.get(f"/my-applications/{application_id}/receipt").status_code == 404
    assert "does not take applications now" in words(client.get(f"/my-applications/start/{scene.joined.id}"))


def test_only_its_own_provider_opens_an_application(scene: Scene, app: Flask) -> None:
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        draft = draft_of(work.session, own_application(work.session, scene.world.providers[0][1], application_id))
    scan_waiting(scene.ground, scene.ground.clock.now())
    file = next(iter(draft.files.values()))
    own, rival = (browser(app, scene.world.providers[number][1]) for number in (0, 1))
    home = f"/my-applications/{application_id}"
    for address in (
        home,
        f"{home}/organisation/details",
        f"{home}/send",
        f"{home}/files/{file.id}",
        f"{home}/withdraw",
    ):
        assert own.get(address).status_code == 200
        assert rival.get(address).status_code == 404
    given = own.get(f"{home}/files/{file.id}")
    assert given.data == PDF
    assert given.headers["Content-Disposition"].startswith("attachment")
    lead = browser(app, scene.world.lead)
    assert lead.get(home).status_code == 403
    assert lead.get(f"/register/applications/{application_id}").status_code == 404


def test_before_the_round_has_closed_the_lead_sees_counts_and_no_names(scene: Scene, app: Flask) -> None:
    """R21"""
    with scene.ground.work() as work:
        send(work, scene.world.providers[0][1], filled(work, scene.world, scene.joined))
    lead = browser(app, scene.world.lead)
    page = words(lead.get(f"/register/applications/rounds/{scene.joined.id}"))
    assert "Applications sent 1" in page
    assert "Provider 0" not in page
    assert "Joining round 8" in words(lead.get("/register/applications"))
    early = lead.post(f"/register/applications/rounds/{scene.joined.id}/evaluators", data={"people": ["a", "b"]})
    assert early.status_code == 409


def _marks(here: Evaluated) -> dict[str, str]:
    with here.scene.ground.read() as session:
        user = here.scene.world.providers[0][1]
        entries = draft_of(session, own_application(session, user, here.application_id)).entries
    wanted = wanted_marks(entry.id for entry in entries)
    points = ("quality", "voice", "value")
    return {
        name: value
        for subject, key in wanted
        for name, value in (
            (f"mark-{subject}-{key}", "3" if key in points else "pass"),
            (f"reason-{subject}-{key}", REASON),
        )
    }


def test_from_naming_evaluators_to_the_list(scene: Scene, app: Flask, clock: FixedClock) -> None:
    here = closed(scene, clock)
    lead, round_page = browser(app, scene.world.lead), f"/register/applications/rounds/{scene.joined.id}"
    assert "Name the evaluators" in words(lead.get(round_page))
    assert "Eve One, Placeborough" in words(lead.get(f"{round_page}/evaluators"))
    assert lead.post(f"{round_page}/evaluators", data={"people": [here.evaluators[0].id]}).status_code == 422
    named = lead.post(f"{round_page}/evaluators", data={"people": [person.id for person in here.evaluators]})
    assert named.location == round_page
    one = f"/register/applications/{here.application_id}"
    for person in here.evaluators:
        client = browser(app, person)
        assert "Provider 0" in words(client.get(round_page))
        assert "Provider Learning Ltd" not in words(client.get(one))
        assert client.get(f"{one}/evaluate").location.endswith("/interest")
        assert client.post(f"{one}/interest", data={"conflict": "no"}).location == one
        assert "Provider Learning Ltd" in words(client.get(one))
        assert client.get(f"{one}/evaluate").status_code == 200
        assert client.post(f"{one}/evaluate", data={"mark--finance": "pass", "reason--finance": "x"}).status_code == 422
        assert client.post(f"{one}/evaluate", data={**_marks(here), "finish": "yes"}).location == one
    assert browser(app, here.council_neighbour).get(one).status_code == 404
    assert "Marks of Eve One" in words(lead.get(one))
    _conclude(here, app, clock)


def _conclude(here: Evaluated, app: Flask, clock: FixedClock) -> None:
    scene = here.scene
    lead, provider = browser(app, scene.world.lead), browser(app, scene.world.providers[0][1])
    round_page = f"/register/applications/rounds/{scene.joined.id}"
    one = f"/register/applications/{here.application_id}"
    assert lead.post(f"{round_page}/letters").status_code == 409
    assert lead.post(f"{one}/moderation", data={"words": REASON}).location == one
    fields = re.findall(r'name="((?:outcome|reasons)-[^"]+)"', lead.get(f"{one}/decision").text)
    decided = {name: "admit" if name.startswith("outcome") else REASON for name in fields}
    assert lead.post(f"{one}/decision", data=decided).location == one
    assert provider.get(f"/my-applications/{here.application_id}/letter").status_code == 404
    assert lead.post(f"{round_page}/letters").location == round_page
    letter = words(provider.get(f"/my-applications/{here.application_id}/letter"))
    assert "Admitted" in letter
    assert "standstill" in letter
    clock.move(timedelta(days=scene.joined.standstill_days + 1))
    lead = browser(app, scene.world.lead)
    contract = {
        "reference": "NW/1",
        "signed_on": ["29", "12", "2026"],
        "effective_on": ["4", "1", "2027"],
        "provider_signatory": "Uma Sent",
        "authority_signatory": "Lee Lead",
        "file": (io.BytesIO(PDF), "contract.pdf"),
    }
    assert lead.post(f"{one}/contract", data=contract, content_type="multipart/form-data").location == one
    assert "NW/1" in words(lead.get(one))
    assert lead.post(f"{round_page}/publish").location == f"{round_page}/list"
    neighbour = browser(app, here.council_neighbour)
    assert "Brand New School" in words(neighbour.get(f"{round_page}/list"))
    assert "Brand New School" in neighbour.get(f"{round_page}/list.csv").text
    assert "Joining round 8" in words(neighbour.get("/register/applications/lists"))


def test_a_question_is_asked_and_answered_on_pages(scene: Scene, app: Flask, clock: FixedClock) -> None:
    here = closed(scene, clock)
    with scene.ground.work() as work:
        name_both(work, here)
    lead, provider = browser(app, scene.world.lead), browser(app, scene.world.providers[0][1])
    one, home = f"/register/applications/{here.application_id}", f"/my-applications/{here.application_id}"
    assert lead.post(f"{one}/ask", data={"question": "", "due_on": ["1", "1", "2020"]}).status_code == 422
    asked = {"question": "Who insures you?", "due_on": ["8", "1", "2027"]}
    assert lead.post(f"{one}/ask", data=asked).location == one
    link = re.search(rf'href="({home}/questions/[^"]+)"', provider.get(home).text)
    assert link is not None
    assert "Who insures you?" in words(provider.get(link[1]))
    assert provider.post(link[1], data={"answer": " "}).status_code == 422
    assert provider.post(link[1], data={"answer": "The Mutual."}).status_code == 303
    assert "The Mutual." in words(lead.get(one))
    assert "can no longer" not in words(provider.get(link[1]))


def test_a_refused_provider_reads_why_and_how_to_ask_for_a_review(scene: Scene, app: Flask, clock: FixedClock) -> None:
    here = closed(scene, clock)
    with scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            evaluate(work, here, person)
        decide(work, here, Outcome.REFUSE)
    lead = browser(app, scene.world.lead)
    lead.post(f"/register/applications/rounds/{scene.joined.id}/letters")
    letter = words(browser(app, scene.world.providers[0][1]).get(f"/my-applications/{here.application_id}/letter"))
    assert REASON in letter
    assert "review" in letter
