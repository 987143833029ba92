"""What a half's provider writes in its application to a round that is open: nobody else reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from fps.actions.applications.add_file import AddFile, add_file
from fps.actions.applications.change_settings import add_setting
from fps.actions.applications.save_section import SaveSection, save_section
from fps.actions.applications.start_application import start_application
from fps.actions.evidence.offer_document import TAKEN
from fps.actions.rounds.move_round import publish_round
from fps.actions.rounds.write_round import draft_round
from fps.model import DocumentKind
from fps.model.applications import ORGANISATION
from fps.model.rounds import RoundTerms
from fps.queries import framework_id_of
from kernel.calendar import add_working_days, at_london, london_date
from kernel.uploads import check_upload
from kernel.work import Ground
from people.model import Actor, Role
from tests.isolation.half import Half

NUMBERS = {"Aldermark": 1, "Birchmark": 2}


def keep_application_rows(ground: Ground, lead: Actor, half: Half) -> None:
    """A round, and a draft with an answer, a setting and a file in it."""
    with ground.work() as work:
        earlier = replace(work, now=work.now - timedelta(days=14))
        round_id = draft_round(earlier, lead, framework_id_of(work.session, half.lot), _terms(half, ground))
        publish_round(earlier, lead, round_id)
    user = half.people[Role.PROVIDER_USER]
    with ground.work() as work:
        application_id = start_application(work, user, round_id, half.provider, work.now)
        answers = {"legal_name": f"{half.mark} Learning"}
        save_section(work, user, SaveSection(application_id, ORGANISATION, "details", answers, 0), work.now)
        add_setting(work, user, application_id, half.setting, work.now)
        paper = check_upload("paper.pdf", f"%PDF-1.7 {half.mark}".encode(), TAKEN, most_bytes=1000)
        until = london_date(work.now) + timedelta(days=300)
        command = AddFile(application_id, ORGANISATION, DocumentKind.INSURANCE, paper, None, until)
        add_file(work, user, command, work.now)


def _terms(half: Half, ground: Ground) -> RoundTerms:
    now = ground.clock.now()
    closes_at = at_london(add_working_days(london_date(now), 25), time(12))
    return RoundTerms(
        number=NUMBERS[half.mark],
        title=f"Joining round {NUMBERS[half.mark]}",
        lot_ids=(half.lot,),
        advert="We look for settings.",
        notice_reference="DN1",
        opens_at=at_london(add_working_days(london_date(now), -5), time(9)),
        questions_close_at=at_london(add_working_days(london_date(closes_at), -7), time(12)),
        closes_at=closes_at,
        decide_by=add_working_days(london_date(closes_at), 20),
        standstill_days=10,
        contracts_start_on=add_working_days(london_date(closes_at), 40),
    )
