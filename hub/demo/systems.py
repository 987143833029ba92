from __future__ import annotations

from hub.demo.cast import Cast
from kernel.work import Work
from people.queries import person
from referrals.actions.webhooks.add_endpoint import AddEndpoint, add_endpoint
from referrals.actions.webhooks.change_endpoint import pause_endpoint
from referrals.actions.webhooks.send_again import send_test
from referrals.model.webhooks import CHOSEN_TYPES


def seed(work: Work, cast: Cast) -> None:
    """Add the address of an invented case system with a test on its way, and pause it: the demo calls nobody."""
    administrator = person(work.session, cast.administrator_id)
    wanted = AddEndpoint(cast.lead_council_id, "Case management", "https://cases.example.org/hub", CHOSEN_TYPES)
    endpoint_id = add_endpoint(work, administrator, wanted).endpoint_id
    work.session.flush()
    send_test(work, administrator, endpoint_id)
    pause_endpoint(work, administrator, endpoint_id)
