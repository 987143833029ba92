from __future__ import annotations

from datetime import date, timedelta

from icalendar import Calendar

from channels.delivery.pump import Lane
from channels.email.adapter import SmtpAdapter
from channels.email.settings import EmailSettings
from channels.render import Renderer
from channels.wording import Registry
from kernel.clock import FixedClock
from kernel.work import Ground
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.cancel_visit import CancelVisit, cancel_visit
from qa_visits.actions.offer_day import OfferDay, offer_day
from qa_visits.messages import MESSAGES
from tests.qa_visits.world import World, propose
from tests.services.mailbox import Mailbox, Received


def post_office(ground: Ground, clock: FixedClock, mailbox: Mailbox) -> Lane:
    settings = EmailSettings(
        host=mailbox.host, port=mailbox.port, security="none", from_address="hub@hub.example.org", per_s=0
    )
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    return Lane(ground, Registry(MESSAGES), renderer, SmtpAdapter(settings, clock), timedelta(minutes=2))


def shown_invitation(received: Received) -> tuple[str, str, int, str, str]:
    """Return what a calendar program reads from the part beside the text."""
    [part] = [each for each in received.message.walk() if each.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    assert isinstance(calendar, Calendar)
    [event] = calendar.events
    assert str(part.get_param("method")) == str(calendar["METHOD"])
    return str(calendar["METHOD"]), str(event["UID"]), event.sequence, str(event["STATUS"]), f"{event.start:%Y-%m-%d}"


def test_provider_gets_an_invitation_that_calendars_understand_by_real_smtp(
    ground: Ground, clock: FixedClock, world: World, mailbox: Mailbox
) -> None:
    lane = post_office(ground, clock, mailbox)
    visit_id = propose(ground, world)
    with ground.work() as work:
        accept_visit(work, world.officer, visit_id)
    lane.drain()
    with ground.work() as work:
        offer_day(work, world.officer, OfferDay(visit_id, date(2026, 12, 15)))
    lane.drain()
    with ground.work() as work:
        cancel_visit(work, world.colleague, CancelVisit(visit_id, "The head is ill."))
    lane.drain()

    received = mailbox.wait_for(3)
    uid = f"visit-{visit_id}@visits.coproduction-hub"
    assert [shown_invitation(each) for each in received] == [
        ("REQUEST", uid, 0, "CONFIRMED", "2026-12-09"),
        ("REQUEST", uid, 1, "CONFIRMED", "2026-12-15"),
        ("CANCEL", uid, 2, "CANCELLED", "2026-12-15"),
    ]
    assert {each.recipients for each in received} == {("petra@example.org",)}
    assert received[0].message["Subject"] == "Quality visit to Brook House School"
    assert world.officer.name not in received[0].raw.decode()
