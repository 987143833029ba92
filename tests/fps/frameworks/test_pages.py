from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

import fps.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.model import Regime, SettingKind
from fps.queries import framework, frameworks_of, lot, lots
from fps.queries.framework_pages import framework_history, options_of, users_of
from fps.tables import FrameworkRow
from hub.messages import MESSAGES
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.model import Actor, Role
from tests.fps.world import World, build_world, member
from tests.signed_in import let_in

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
LIST = "/register/frameworks"
Browse = Callable[[Actor], FlaskClient]
Data = dict[str, str | Sequence[str]]


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def browse(ground: Ground) -> Browse:
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=Inbox(ground), pages=(fps.web.blueprint(),)))
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        let_in(client, actor.id)
        return client

    return sign_in


@pytest.fixture
def lead(browse: Browse, world: World) -> FlaskClient:
    return browse(world.lead)


def there(world: World, *parts: str) -> str:
    return "/".join((LIST, world.framework_id, *parts))


def days(day: date) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)]


def send(client: FlaskClient, ground: Ground, path: str, data: Data, *, edition: int | None = None) -> str:
    """Send a form that was opened just now, or with the edition given; return the page that follows."""
    framework_id = path.split("/")[3]
    with ground.read() as session:
        seen = framework(session, framework_id).edition if edition is None else edition
    return client.post(path, data={"edition": str(seen), **data}, follow_redirects=True).text


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.QA_OFFICER])
def test_commissioners_and_officers_read_and_change_nothing(
    ground: Ground, browse: Browse, world: World, role: Role
) -> None:
    with ground.work() as work:
        reader = member(work, "Rita Reader", role, world.council_id)
    client = browse(reader)
    assert "North West SEND Flexible Purchasing System" in client.get(LIST).text
    page = client.get(there(world)).text
    for words in ("Lot 7: alternative provision, not registered", "Placeborough", "Insurance certificate"):
        assert words.lower() in page.lower()
    assert "Change the last day" not in page
    assert client.get(there(world, "lots", world.lots[0].id)).status_code == 200
    assert client.get(there(world, "history")).status_code == 200
    for part in ("edit", "term", "lots/new", "members/new", f"lots/{world.lots[0].id}/end"):
        assert client.get(there(world, part)).status_code == 403


def test_a_provider_reads_no_framework(browse: Browse, world: World) -> None:
    client = browse(world.providers[0][1])
    assert client.get(LIST).status_code == client.get(there(world)).status_code == 403


def test_the_lead_authority_of_another_framework_reads_this_one_and_finds_no_form(
    ground: Ground, browse: Browse, world: World
) -> None:
    with ground.work() as work:
        other = member(work, "Olga Other", Role.LEAD_AUTHORITY, world.council_id)
    client = browse(other)
    assert "Change the facts" not in client.get(there(world)).text
    lot_id = world.lots[0].id
    for part in ("edit", "term", "options/new", "members/new", "users/new", "lots/new", f"lots/{lot_id}/change"):
        assert client.get(there(world, part)).status_code == 404
        assert client.post(there(world, part), data={"edition": "1", "name": "X"}).status_code == 404


def test_a_framework_is_opened_once_with_its_facts_and_users(lead: FlaskClient, world: World) -> None:
    data: Data = {
        "name": "Town alternative provision",
        "lead": world.lead.roles[0].organisation_id,
        "regime": "pcr_dps",
        "starts_on": days(date(2026, 1, 1)),
        "ends_on": days(date(2028, 12, 31)),
        "approval_panel": "SEN Resource Panel",
        "notices": "1-2026\n\n2-2026",
        "users": "Virtual School\nSchools of the council",
    }
    page = lead.post(f"{LIST}/new", data=data, follow_redirects=True).text
    for words in ("The framework is open", "SEN Resource Panel", "1-2026, 2-2026", "Virtual School", "No lot is open"):
        assert words in page
    with_lots = lead.post(f"{LIST}/new", data=data | {"name": "With lots", "lots": "bury"}, follow_redirects=True).text
    assert "Lot 6: complementary provision and mentoring" in with_lots
    again = lead.post(f"{LIST}/new", data=data)
    assert again.status_code == 422
    assert "There is a framework of this name" in again.text
    assert "Error: Open a framework" in again.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "Enter a name"),
        ({"regime": ""}, "Choose the law"),
        ({"starts_on": ["31", "2", "2026"]}, "Enter a real date"),
        ({"ends_on": ["1", "1", "2026"]}, "The last day must be after the first day, 1 January 2026."),
        ({"lead": "nobody"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_opened_is_said_at_its_field(lead: FlaskClient, world: World, changed: Data, words: str) -> None:
    data: Data = {
        "name": "Another",
        "lead": world.lead.roles[0].organisation_id,
        "regime": "pa23",
        "starts_on": days(date(2026, 1, 1)),
        "ends_on": days(date(2028, 12, 31)),
    }
    answer = lead.post(f"{LIST}/new", data=data | changed)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_list_is_narrowed_by_term_and_costs_the_same_queries_however_long(lead: FlaskClient, world: World) -> None:
    assert "North West" in lead.get(f"{LIST}?phase=running").text
    ended = lead.get(f"{LIST}?phase=ended").text
    assert "No framework is in this part of its term." in ended
    assert lead.get(f"{LIST}?phase=nonsense&page=99").status_code == 200
    counted: list[str] = []

    def count(*seen: object) -> None:
        counted.append(str(seen[2]))

    figures = []
    for number in range(3):
        _open(lead, world, f"Framework {number}")
        event.listen(Connection, "before_cursor_execute", count)
        lead.get(LIST)
        event.remove(Connection, "before_cursor_execute", count)
        figures.append(len(counted))
        counted.clear()
    assert len(set(figures)) == 1


def _open(lead: FlaskClient, world: World, name: str) -> None:
    data: Data = {
        "name": name,
        "lead": world.lead.roles[0].organisation_id,
        "regime": Regime.PA23.value,
        "starts_on": days(TODAY),
        "ends_on": days(date(2028, 12, 31)),
    }
    assert lead.post(f"{LIST}/new", data=data).status_code == 303


def test_C7_the_page_warns_of_the_end_and_the_lead_takes_an_option(
    ground: Ground, lead: FlaskClient, world: World
) -> None:
    assert "This framework ends in" not in lead.get(there(world)).text
    page = send(lead, ground, there(world, "options", "new"), {"months": "24", "note": "by agreement"})
    assert "Option 1: 2 years" in page
    assert "Monday 28 February" not in page
    with ground.read() as session:
        (option,) = options_of(session, world.framework_id)
    correct: Data = {"by": "correct", "ends_on": days(TODAY + timedelta(days=30)), "reason": "A slip."}
    assert "This framework ends in 30 days." in send(lead, ground, there(world, "term"), correct)
    take: Data = {"by": option.id, "ends_on": days(date(2029, 1, 31)), "reason": "The board extends it."}
    page = send(lead, ground, there(world, "term"), take)
    assert "Wednesday 31 January 2029" in page
    assert "The last day moved from 23 December 2026 to 31 January 2029." in page
    assert "The board extends it." in page
    assert option.id not in lead.get(there(world, "term")).text, "an option is taken once"
    assert "Say why" in send(lead, ground, there(world, "term"), correct | {"reason": " "})


def test_an_option_that_was_recorded_wrongly_is_removed_and_a_taken_one_stays(
    ground: Ground, lead: FlaskClient, world: World
) -> None:
    for months in ("24", "12"):
        send(lead, ground, there(world, "options", "new"), {"months": months})
    with ground.read() as session:
        first, second = options_of(session, world.framework_id)
    take: Data = {"by": first.id, "ends_on": days(date(2032, 2, 28)), "reason": "The board extends it."}
    send(lead, ground, there(world, "term"), take)
    assert lead.get(there(world, "options", first.id, "remove")).status_code == 404
    assert "Remove Option 2: 1 year" in lead.get(there(world, "options", second.id, "remove")).text
    page = send(lead, ground, there(world, "options", second.id, "remove"), {})
    assert "The option is removed." in page
    assert "Extension option removed" in page
    with ground.read() as session:
        assert [one.id for one in options_of(session, world.framework_id)] == [first.id]


def test_a_form_of_an_older_edition_changes_nothing_and_says_so(
    ground: Ground, lead: FlaskClient, world: World
) -> None:
    send(lead, ground, there(world, "edit"), {"name": "First"})
    page = send(lead, ground, there(world, "edit"), {"name": "Second"}, edition=1)
    assert "Somebody has changed this framework since you opened the page." in page
    for nonsense in ("", "x", "-1", "9" * 30):
        refused = lead.post(there(world, "edit"), data={"name": "Third", "edition": nonsense}, follow_redirects=True)
        assert "Somebody has changed this framework" in refused.text
    with ground.read() as session:
        assert framework(session, world.framework_id).name == "First"


def test_a_lot_is_added_changed_replaced_and_ended(ground: Ground, lead: FlaskClient, world: World) -> None:
    added: Data = {
        "number": "8",
        "name": "tutoring",
        "since": days(TODAY - timedelta(days=2)),
        "kinds": ["ap_unregistered"],
        "documents": ["insurance"],
        "reason": "Asked for by schools.",
    }
    assert "Lot 8: tutoring" in send(lead, ground, there(world, "lots", "new"), added)
    with ground.read() as session:
        lot_id = lots(session, [world.framework_id], TODAY)[-1].id
    change: Data = {"kinds": ["ap_unregistered", "online"], "since": days(TOMORROW), "reason": "Online tutors join."}
    page = send(lead, ground, there(world, "lots", lot_id, "change"), change)
    assert "Online school" in page
    assert "Not yet" in page
    replaced: Data = {"number": "8", "name": "tutoring and mentoring", "kinds": ["online"], "reason": "One lot."}
    assert "Lot 8: tutoring and mentoring" in send(lead, ground, there(world, "lots", lot_id, "replace"), replaced)
    page = lead.get(there(world, "lots", lot_id)).text
    assert "Its place was taken by" in page
    with ground.read() as session:
        newer = lots(session, [world.framework_id], TODAY)[-1]
        assert (newer.replaces_id, newer.kinds) == (lot_id, (SettingKind.ONLINE,))
    page = send(lead, ground, there(world, "lots", newer.id, "end"), {"until": days(TOMORROW), "reason": "Not used."})
    assert "The last day of the lot is set." in page
    assert "Lot 8: tutoring and mentoring" in lead.get(there(world)).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": "1"}, "Lot 1: day, 0 to 16 has this number then."),
        ({"number": "many"}, "Enter a whole number"),
        ({"kinds": []}, "Choose at least one kind of setting"),
        ({"kinds": ["castle"]}, "is not a valid choice"),
        ({"since": days(date(2020, 1, 1))}, "Enter a first day from 22 February 2021 to 28 February 2030"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_what_is_wrong_with_a_lot_is_said_at_its_field(
    ground: Ground, lead: FlaskClient, world: World, changed: Data, words: str
) -> None:
    data: Data = {"number": "8", "name": "x", "since": days(TODAY), "kinds": ["online"], "reason": "Why."}
    assert words in send(lead, ground, there(world, "lots", "new"), data | changed)


def test_a_lot_with_a_setting_says_what_to_do_instead_of_ending(
    ground: Ground, lead: FlaskClient, world: World
) -> None:
    with ground.work() as work:
        world.active_setting(work, 1)
    path = there(world, "lots", world.lots[0].id)
    page = send(lead, ground, f"{path}/end", {"until": days(TODAY), "reason": "Not used."})
    assert "1 setting still stands on Lot 1: day, 0 to 16. Decommission them first" in page
    with ground.read() as session:
        assert lot(session, world.lots[0].id).until is None
    assert "Is active" in lead.get(path).text


def test_members_and_users_join_and_leave(ground: Ground, lead: FlaskClient, world: World) -> None:
    council = world.lead.roles[0].organisation_id
    page = send(lead, ground, there(world, "members", "new"), {"council": council, "since": days(TODAY)})
    assert "The council is a member." in page
    assert "Leadshire" in page
    again = send(lead, ground, there(world, "members", "new"), {"council": council, "since": days(TODAY)})
    assert "Leadshire is a member on some of these days already." in again
    page = send(lead, ground, there(world, "members", council, "end"), {"until": days(TODAY)})
    assert "The last day is set." in page
    assert lead.get(there(world, "members", council, "end")).status_code == 404
    with ground.read() as session:
        assert frameworks_of(session, council, TODAY)
        assert not frameworks_of(session, council, TOMORROW)
    send(lead, ground, there(world, "users", "new"), {"name": "Home Education", "since": days(TODAY)})
    with ground.read() as session:
        (user,) = users_of(session, world.framework_id)
    send(lead, ground, there(world, "users", user.id, "end"), {"until": days(TODAY)})
    assert lead.get(there(world, "users", user.id, "end")).status_code == 404
    page = lead.get(there(world, "history")).text
    for words in ("Member added", "Membership ended", "User added", "Use ended", "Home Education", "Lee Lead"):
        assert words in page
    with ground.read() as session:
        assert framework_history(session, world.framework_id)[1] == 5


def test_the_page_shows_another_day_and_refuses_what_is_none(lead: FlaskClient, world: World) -> None:
    before = lead.get(f"{there(world)}?on=22/2/2021").text
    assert "No lot is open on this day." in before
    assert "Placeborough" in before
    assert lead.get(f"{there(world)}?on=2026-11-01").text.count("Lot 7") >= 1
    for nonsense in ("31 2 2026", "soon", "1 1 99999", "٣ ٣ 2026"):
        page = lead.get(there(world), query_string={"on": nonsense}).text
        assert "Enter a real day, for example 23 11 2025" in page


def test_a_lot_of_another_framework_is_not_found_here(ground: Ground, lead: FlaskClient, world: World) -> None:
    _open(lead, world, "Another")
    with ground.read() as session:
        other = framework_id_named(session, "Another")
    for part in ("", "/change", "/end", "/replace"):
        assert lead.get(f"{LIST}/{other}/lots/{world.lots[0].id}{part}").status_code == 404
    assert lead.get(f"{LIST}/nothing").status_code == 404


def framework_id_named(session: Session, name: str) -> str:
    found = session.scalar(select(FrameworkRow.id).where(FrameworkRow.name == name))
    assert found is not None
    return found
