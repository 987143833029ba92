from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

import fps.web
import people.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.jobs import publish_price_benchmarks
from fps.messages import MESSAGES
from hub.personal_data import PERSON_DATA
from hub.web.app import create_app
from hub.web.site import Site
from kernel.audit import lines_about
from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor, Role
from tests.fps.fees.priced import price
from tests.fps.world import World, build_world, member
from tests.signed_in import let_in

Browse = Callable[[Actor], FlaskClient]


@dataclass(frozen=True)
class Scene:
    """Six providers with a setting each on lot 1, each with a price; the first is Ada's at the council."""

    world: World
    settings: tuple[str, ...]
    commissioner: Actor


@pytest.fixture
def scene(ground: Ground) -> Scene:
    world = build_world(ground, providers=6)
    settings = []
    for number in range(6):
        with ground.work() as work:
            settings.append(world.active_setting(work, number))
        price(ground, world, number, settings[-1], 40_000_00 + number * 1_111_11, first_day=date(2026, 1, 5))
    with ground.work() as work:
        commissioner = member(work, "Col Commissioner", Role.COMMISSIONER, world.council_id)
    return Scene(world, tuple(settings), commissioner)


@pytest.fixture
def app(ground: Ground) -> Iterator[Flask]:
    inbox = Inbox(ground)
    pages = (fps.web.blueprint(), people.web.blueprint(PERSON_DATA), people.web.delegation_pages())
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=inbox, pages=pages))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    inbox.close()


@pytest.fixture
def browse(app: Flask) -> Browse:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        let_in(client, actor.id)
        return client

    return sign_in


def _page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_commissioners_list_narrow_and_download_prices(browse: Browse, scene: Scene, ground: Ground) -> None:
    client = browse(scene.commissioner)
    page = _page(client, "/register/fees")
    assert "£40,000 a year" in page
    assert "£45,555.55 a year" in page
    assert "No price fits this." in _page(client, "/register/fees?kind=therapy")
    assert "No price fits this." in _page(client, "/register/fees?on=4+1+2026")
    assert "£40,000" in _page(client, f"/register/fees?lot={scene.world.lots[0].id}&unit=year&district=Sefton")
    assert "We could not read the day yesterday" in _page(client, "/register/fees?on=yesterday")
    answer = client.get("/register/fees/export?kind=place")
    rows = answer.get_data(as_text=True).splitlines()
    assert answer.mimetype == "text/csv"
    assert len(rows) == 7
    assert "40000.00,year,2026-01-05" in rows[1]
    with ground.read() as session:
        (line,) = lines_about(session, ("person", scene.commissioner.id))[:1]
    assert (line.action, '"rows":6' in line.details) == ("fps.export_fees", True)


def test_a_council_that_does_not_buy_sees_how_to_go_on_and_no_price(
    browse: Browse, scene: Scene, ground: Ground
) -> None:
    with ground.work() as work:
        outsider = member(work, "Ola Out", Role.COMMISSIONER, scene.world.lead.roles[0].organisation_id)
    client = browse(outsider)
    for path in ("/register/fees", f"/register/settings/{scene.settings[0]}/fees"):
        page = _page(client, path)
        assert "£" not in page
        assert "hub-empty" in page


def test_the_lead_authority_sees_benchmarks_and_no_price(
    browse: Browse, scene: Scene, ground: Ground, clock: FixedClock
) -> None:
    """DOMAIN 1.3: fee statistics only. V10: nothing that tells one provider's price."""
    client = browse(scene.world.lead)
    for path in ("/register/fees", "/register/fees/export", f"/register/settings/{scene.settings[0]}/fees"):
        assert client.get(path).status_code == 403
    assert "they count from the first day of the next quarter" in _page(client, "/register/fees/benchmarks")
    clock.set(clock.now().replace(year=2027, month=1, day=4))
    assert "Not shown" in _page(browse(scene.world.lead), "/register/fees/benchmarks")
    publish_price_benchmarks(ground, clock.now())
    page = _page(browse(scene.world.lead), "/register/fees/benchmarks")
    assert "£43,000" in page
    assert "5 to 9 settings on 1 January 2027" in page
    for number in range(6):
        pence = 40_000_00 + number * 1_111_11
        assert f"{pence // 100:,}" not in page
    assert "No price was entered for this lot" in _page(
        browse(scene.world.lead), f"/register/fees/benchmarks?lot={scene.world.lots[4].id}"
    )


def test_a_provider_enters_a_price_and_takes_an_uplift_back(browse: Browse, scene: Scene) -> None:
    client = browse(scene.world.providers[0][1])
    path = f"/my-settings/{scene.settings[0]}/fees"
    assert "£40,000 a year" in _page(client, path)
    form = {
        "lot": scene.world.lots[0].id,
        "kind": "place",
        "band": "",
        "amount": "42,000",
        "unit": "year",
        "valid_from": ["1", "4", "2027"],
        "valid_until": ["", "", ""],
    }
    answer = client.post(f"{path}/new", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = _page(client, path)
    assert "It holds from 1 April 2027." in page
    assert "+5.0%" in page
    assert "to 31 March 2027" in page
    withdraw = page.split('action="')[-1].split('"')[0]
    assert client.post(withdraw).status_code == 303
    assert "+5.0%" not in _page(client, path)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", "lots", "Enter an amount in pounds"),
        ("amount", "", "Enter the price"),
        ("amount", "2,000,000", "between 1p and"),
        ("valid_from", ["31", "2", "2027"], "Enter a real date"),
        ("valid_from", ["1", "1", "2020"], "can begin tomorrow at the earliest"),
        ("valid_until", ["1", "1", "2020"], "The last day cannot be before"),
        ("band", "x" * 61, "60"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    browse: Browse, scene: Scene, field: str, value: str | list[str], words: str
) -> None:
    client = browse(scene.world.providers[0][1])
    form: dict[str, str | list[str]] = {
        "lot": scene.world.lots[0].id,
        "kind": "place",
        "band": "",
        "amount": "42,000",
        "unit": "year",
        "valid_from": ["1", "4", "2027"],
        "valid_until": ["", "", ""],
    }
    answer = client.post(f"/my-settings/{scene.settings[0]}/fees/new", data={**form, field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert words in page


def test_a_rival_finds_nothing(browse: Browse, scene: Scene) -> None:
    client = browse(scene.world.providers[1][1])
    path = f"/my-settings/{scene.settings[0]}/fees"
    for rival in (path, f"{path}/new"):
        assert client.get(rival).status_code == 404
    own = f"/my-settings/{scene.settings[1]}/fees"
    page = _page(client, own)
    assert "£40,000 " not in page
    for staff in ("/register/fees", "/register/fees/benchmarks", f"/register/settings/{scene.settings[0]}/fees"):
        assert client.get(staff).status_code == 403


def test_a_setting_without_prices_says_what_to_do(browse: Browse, scene: Scene, ground: Ground) -> None:
    with ground.work() as work:
        bare = scene.world.active_setting(work, 7)
    assert "No price is entered yet." in _page(browse(scene.world.providers[1][1]), f"/my-settings/{bare}/fees")
    assert "has entered no price" in _page(browse(scene.commissioner), f"/register/settings/{bare}/fees")
