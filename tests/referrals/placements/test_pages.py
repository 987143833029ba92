"""The pages of placements and contracts, as councils and suppliers use them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from kernel.clock import FixedClock
from kernel.tables import AuditRow
from referrals.model.routes import Route
from referrals.tables import ContractRow, PlacementRow
from tests.referrals.browsing import browser, words
from tests.referrals.placements.world import begun, card, contract, package, signed, write
from tests.referrals.world import World

COUNCIL = "/commissioning/placements"
WRITTEN = {
    "kind": "school",
    "learner_code": "SEND-20418",
    "basis": "ehc_plan",
    "outcomes": "Learns to ask for a break.",
    "starts_on": ["11", "1", "2027"],
    "ends_on": ["31", "8", "2028"],
}
PART = {"service": "The whole placement", "hours": "25", "weeks": "38", "education": "40000", "transport": "8000"}
IDENTITY = {"name": "Zara Quill", "born": "1 May 2016", "learner_number": "1234567890", "address": "1 Mill Lane"}


def test_a_commissioner_writes_an_agreement_and_records_the_signatures(world: World, app: Flask) -> None:
    """R28"""
    placement_id, client = begun(world), browser(app, world.commissioner)
    base = f"{COUNCIL}/{placement_id}"
    shown = words(client.get(base))
    assert "The agreement still needs: the learner's code" in shown
    assert "Agreement to be signed" in shown
    wrong = client.post(f"{base}/agreement", data={**WRITTEN, "edition": "1", "learner_code": "Zara"})
    assert (wrong.status_code, "Enter the code that your own system gives" in words(wrong)) == (422, True)
    assert "Error: What the agreement says" in wrong.text
    told = client.post(f"{base}/agreement", data={**WRITTEN, "edition": "1"}, follow_redirects=True)
    assert "The agreement is saved." in words(told)
    assert client.post(f"{base}/agreement", data={**WRITTEN, "edition": "1"}).status_code == 409
    part_id = card(world, placement_id).parts[0].id
    wrong = client.post(f"{base}/parts/{part_id}", data={**PART, "edition": "2", "hours": "12.1"})
    assert "Enter the hours a week from a quarter to 168" in words(wrong)
    told = client.post(f"{base}/parts/{part_id}", data={**PART, "edition": "2"}, follow_redirects=True)
    assert "£48,000" in words(told)
    assert client.get(f"{base}/sign").status_code == 200
    told = client.post(f"{base}/sign", data={"signed_on": ["23", "11", "2026"], "edition": "3"}, follow_redirects=True)
    assert "The signatures are recorded" in words(told)
    assert "Agreed, not begun" in words(told)
    assert "22 February 2027 Planned" in words(told)
    told = client.post(f"{base}/reopen", data={"edition": "4"}, follow_redirects=True)
    assert "The agreement can be changed now." in words(told)


def test_the_document_holds_what_was_typed_in_and_the_hub_does_not(world: World, app: Flask) -> None:
    """R28: the hub keeps metadata; what identifies is typed in, and nowhere kept."""
    placement_id, client = begun(world), browser(app, world.commissioner)
    write(world, placement_id)
    part_id = card(world, placement_id).parts[0].id
    base = f"{COUNCIL}/{placement_id}/document"
    assert "School 0" in words(client.get(base))
    word = client.post(base, data={"format": "word", "supplier": part_id, **IDENTITY})
    assert word.headers["Cache-Control"] == "no-store"
    document = Document(BytesIO(word.data))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"Zara Quill", "1 May 2016", "1234567890", "1 Mill Lane", "SEND-20418", "40,000", "School 0"} <= cells
    headings = [line.text for line in document.paragraphs if "Heading" in str(line.style and line.style.name)]
    assert headings[:3] == ["Individual Placement Agreement", "Parties", "The learner"]
    text = " ".join(line.text for line in document.paragraphs)
    assert "not moved to another place or service without the council's written consent" in text
    assert "ends by itself on 31 August 2028" in text
    pdf = client.post(base, data={"format": "pdf", "supplier": part_id, "name": "Zara #Quill $x$ *y*"})
    read = PdfReader(BytesIO(pdf.data))
    written = " ".join(page.extract_text() for page in read.pages)
    assert "Zara #Quill $x$ *y*" in written
    assert "Provider 0" in written
    assert "'/Marked': True" in str(read.root_object["/MarkInfo"])
    assert str(read.root_object["/Lang"]) == "en-GB"
    assert "Zara" not in client.get(f"{COUNCIL}/{placement_id}").text


def test_of_a_document_the_log_says_only_that_it_was_made(world: World, app: Flask) -> None:
    """R34"""
    placement_id, client = begun(world), browser(app, world.commissioner)
    part_id = card(world, placement_id).parts[0].id
    client.post(f"{COUNCIL}/{placement_id}/document", data={"format": "word", "supplier": part_id, **IDENTITY})
    with world.ground.read() as session:
        lines = session.execute(select(AuditRow.action, AuditRow.details)).all()
    (details,) = [details for action, details in lines if action == "placements.document"]
    assert part_id in details
    assert "Zara" not in " ".join(details for _, details in lines)


def test_each_supplier_of_a_package_gets_an_agreement_without_the_others_fees(world: World, app: Flask) -> None:
    contract_id, placement_id = contract(world), package(world)
    client = browser(app, world.commissioner)
    base = f"{COUNCIL}/{placement_id}"
    assert "Add a supplier" in words(client.get(f"{base}/parts/new"))
    data = {**PART, "education": "77777", "contract": contract_id, "edition": "1"}
    told = client.post(f"{base}/parts/new", data=data, follow_redirects=True)
    assert "The supplier is added." in words(told)
    tutors, school = card(world, placement_id).parts
    for part, others in ((tutors, "77,777"), (school, "Beacon Tutors")):
        pdf = client.post(f"{base}/document", data={"format": "pdf", "supplier": part.id})
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages)
        assert part.supplier in text
        assert others not in text
    assert client.post(f"{base}/document", data={"format": "pdf", "supplier": "x"}).status_code == 422
    told = client.post(f"{base}/parts/{school.id}/remove", data={"edition": "2"}, follow_redirects=True)
    assert "The supplier is taken out of the package." in words(told)


def test_a_package_is_begun_by_hand(world: World, app: Flask) -> None:
    """R7"""
    client = browser(app, world.commissioner)
    data = {"year_group": "Year 8", "service": "Tutoring", "contract": "", "supplier": "Beacon Tutors"}
    wrong = client.post(f"{COUNCIL}/new-package", data=data)
    assert (wrong.status_code, "Enter the reference under your contract procedure rules" in words(wrong)) == (422, True)
    told = client.post(f"{COUNCIL}/new-package", data={**data, "bought_under": "CPR-7"}, follow_redirects=True)
    assert "The package is begun." in words(told)
    assert "Beacon Tutors" in words(client.get(COUNCIL))


def test_a_list_is_narrowed_in_the_address_and_pages(world: World, app: Flask) -> None:
    client = browser(app, world.commissioner)
    assert "Your council has no placements yet." in words(client.get(COUNCIL))
    for _ in range(26):
        package(world)
    first = signed(world)
    page = words(client.get(COUNCIL))
    assert "Showing 1 to 25 of 27 placements" in page
    assert "School 0" in page
    assert "School 0" not in words(client.get(f"{COUNCIL}?page=2"))
    reference = card(world, first).reference
    for asked in (f"words={reference}", "words=school", "state=signed", "kind=school"):
        found = words(client.get(f"{COUNCIL}?{asked}"))
        assert reference in found
        assert "Beacon Tutors" not in found
    assert "No placement of your council fits this." in words(client.get(f"{COUNCIL}?state=ended"))
    assert client.get(f"{COUNCIL}?state=no&kind=no&page=x").status_code == 200


def test_a_supplier_sees_what_it_supplies(world: World, app: Flask) -> None:
    placement_id = signed(world)
    client = browser(app, world.user(0))
    shown = words(client.get("/placements"))
    assert card(world, placement_id).reference in shown
    assert "Placeborough" in shown
    shown = words(client.get(f"/placements/{placement_id}"))
    assert "Una Umber" in shown
    assert "£53,000" in shown
    assert "SEND-20418" not in shown
    rival = browser(app, world.user(1))
    assert rival.get(f"/placements/{placement_id}").status_code == 404
    assert "You have no placements yet." in words(rival.get("/placements"))
    assert client.get(f"{COUNCIL}/{placement_id}").status_code == 403
    assert browser(app, world.stranger).get(f"{COUNCIL}/{placement_id}").status_code == 404


def test_reviews_are_planned_moved_held_and_called_off(world: World, app: Flask, clock: FixedClock) -> None:
    placement_id = signed(world)
    clock.set(datetime(2027, 2, 22, 9, tzinfo=UTC))
    client = browser(app, world.commissioner)
    base = f"{COUNCIL}/{placement_id}"
    first, second = card(world, placement_id).reviews
    data = {"kind": "termly", "due_on": ["1", "6", "2027"]}
    assert "The review is planned." in words(client.post(f"{base}/reviews/new", data=data, follow_redirects=True))
    wrong = client.post(f"{base}/reviews/{second.id}/move", data={"due_on": ["1", "2", "2027"]})
    assert "Choose a day from today on." in words(wrong)
    told = client.post(f"{base}/reviews/{second.id}/move", data={"due_on": ["2", "6", "2027"]}, follow_redirects=True)
    assert "The review is moved." in words(told)
    held = {"held_on": ["22", "2", "2027"], "outcome": "on_track", "words": ""}
    wrong = client.post(f"{base}/reviews/{first.id}", data=held)
    assert "Say what came of each outcome of the agreement." in words(wrong)
    assert "in school" not in words(client.get(f"{base}/reviews/{first.id}"))
    told = client.post(f"{base}/reviews/{first.id}", data={**held, "words": "All well."}, follow_redirects=True)
    assert "The review is recorded." in words(told)
    assert "On track, goes on as it is" in words(told)
    told = client.post(f"{base}/reviews/{second.id}/call-off", follow_redirects=True)
    assert "The review is called off." in words(told)
    assert client.get(f"{base}/reviews/01unknown00000000000000000").status_code == 404


def test_a_commissioner_ends_a_placement(world: World, app: Flask) -> None:
    placement_id, client = package(world), browser(app, world.commissioner)
    base = f"{COUNCIL}/{placement_id}/end"
    assert client.post(base, data={}).status_code == 422
    data = {"ended_on": ["23", "11", "2026"], "reason": "moved", "words": "Amina Khan moved away."}
    wrong = client.post(base, data=data)
    assert "“Amina Khan” looks like a name." in words(wrong)
    told = client.post(base, data={**data, "is_confirmed": "y"}, follow_redirects=True)
    assert "The placement is ended." in words(told)
    assert "The learner moved to another place" in words(told)
    assert client.post(base, data={**data, "is_confirmed": "y"}).status_code == 409


def test_contracts_are_recorded_and_changed(world: World, app: Flask) -> None:
    """R6, R8"""
    client, base = browser(app, world.commissioner), "/commissioning/contracts"
    assert "Your council has no contracts here yet." in words(client.get(base))
    data = {"kind": "block", "setting": "School", "lot": "", "reference": "B-1", "since": ["1", "9", "2026"]}
    wrong = client.post(f"{base}/new", data=data)
    assert "5 settings fit: School 0, School 1, School 2, School 3, School 4. Enter the URN." in words(wrong)
    wrong = client.post(f"{base}/new", data={**data, "setting": "999000"})
    assert "Enter how many places the block contract has." in words(wrong)
    wrong = client.post(f"{base}/new", data={**data, "setting": "Nowhere", "places": "2"})
    assert "No setting on the register has this name or URN." in words(wrong)
    told = client.post(f"{base}/new", data={**data, "setting": "school 1", "places": "2"}, follow_redirects=True)
    assert "School 1 Every lot Block contract" in words(told)
    assert "2 of 2" in words(told)
    with world.ground.read() as session:
        contract_id = session.scalars(select(ContractRow.id)).one()
    begun(world, 1, Route.BLOCK_CALLDOWN, contract_id)
    assert "Learners hold 1 of its places." in words(client.get(f"{base}/{contract_id}"))
    wrong = client.post(f"{base}/{contract_id}", data={"reference": "B-1", "places": "0"})
    assert "Enter a number of places from 1 to 999." in words(wrong)
    told = client.post(f"{base}/{contract_id}", data={"reference": "B-1", "places": "3"}, follow_redirects=True)
    assert "2 of 3" in words(told)
    assert "No contract of your council fits this." in words(client.get(f"{base}?words=zzz&kind=existing"))
    assert browser(app, world.stranger).get(f"{base}/{contract_id}").status_code == 404


@pytest.mark.parametrize(("who", "page"), [("council", f"{COUNCIL}/calendar"), ("provider", "/placements/calendar")])
def test_a_calendar_reads_by_a_link_until_it_is_taken_back(world: World, app: Flask, who: str, page: str) -> None:
    placement_id = signed(world)
    client = browser(app, world.commissioner if who == "council" else world.user(0))
    assert "You have no link yet." in words(client.get(page))
    made = client.post(f"{page}/open", follow_redirects=True)
    links = re.findall(r"/calendars/placements/[\w-]+\.ics", made.text)
    anybody = app.test_client()
    feed = anybody.get(links[0])
    assert (feed.status_code, feed.mimetype) == (200, "text/calendar")
    assert card(world, placement_id).reference in feed.text
    assert "SEND-20418" not in feed.text
    again = re.findall(r"/calendars/placements/[\w-]+\.ics", client.post(f"{page}/open", follow_redirects=True).text)
    assert again[0] != links[0]
    assert anybody.get(links[0]).status_code == 410
    assert "taken back" in words(client.post(f"{page}/close", follow_redirects=True))
    assert anybody.get(again[0]).status_code == 410
    assert anybody.get("/calendars/placements/unknown.ics").status_code == 404
    assert client.post(f"{page}/sideways").status_code == 404


def test_the_warning_stands_where_an_agreement_outlasts_its_framework(world: World, app: Flask) -> None:
    """C4"""
    placement_id = begun(world)
    with world.ground.work() as work:
        row = work.session.get(PlacementRow, placement_id)
        assert row is not None
        row.ends_on = date(2040, 8, 31)
    shown = words(browser(app, world.commissioner).get(f"{COUNCIL}/{placement_id}"))
    assert "This agreement runs past" in shown
    assert "the end of the framework" in shown
