from __future__ import annotations

from flask import Flask

from tests.referrals.browsing import browser, words
from tests.referrals.placements.test_pages import COUNCIL, WRITTEN
from tests.referrals.placements.world import begun, card, package
from tests.referrals.world import World


def test_the_contacts_of_an_agreement_are_chosen_among_colleagues_and_the_suppliers_people(
    world: World, app: Flask
) -> None:
    placement_id, client = begun(world), browser(app, world.commissioner)
    path = f"{COUNCIL}/{placement_id}/agreement"
    shown = client.get(path).text
    assert f'value="{world.colleague.id}"' in shown
    assert f'value="{world.user(0).id}"' in shown
    assert f'value="{world.user(1).id}"' not in shown
    sent = {**WRITTEN, "edition": "1", "council_contact": world.colleague.id, "provider_contact": world.user(0).id}
    for name, stranger in (("council_contact", world.stranger.id), ("provider_contact", world.user(1).id)):
        refused = client.post(path, data={**sent, name: stranger})
        assert (refused.status_code, "Error: " in refused.text) == (422, True)
    assert client.post(path, data=sent).status_code == 303
    found = card(world, placement_id)
    assert (found.council_contact_id, found.provider_contact_id) == (world.colleague.id, world.user(0).id)
    assert "Contact at the council Tom Teal" in words(client.get(f"{COUNCIL}/{placement_id}"))


def test_contacts_that_nobody_chose_stay(world: World, app: Flask) -> None:
    placement_id = package(world)
    client = browser(app, world.commissioner)
    path = f"{COUNCIL}/{placement_id}/agreement"
    assert "Contact at the supplier" not in client.get(path).text
    assert client.post(path, data={**WRITTEN, "edition": "1"}).status_code == 303
    assert card(world, placement_id).council_contact_id == world.commissioner.id
