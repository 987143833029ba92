"""Invented people to write to and to hear from: Ofcom's drama numbers, awake at all hours."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

from kernel.clock import SystemClock
from kernel.database import Database
from kernel.doorbell import Doorbell
from kernel.keys import Keys
from kernel.translation import Translations
from kernel.work import Ground, Work
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role
from people.queries import person
from surveys.actions.create_survey import CreateSurvey, create_survey
from surveys.actions.start_survey import StartSurvey, start_survey
from surveys.rules.ready_made_surveys import ready_made_surveys
from tests.crash.account import SECRET

LOCALES = Path(__file__).parents[2] / "locales"
_READERS_FROM = 447700900000
_DUTY_OFFICER = "+447700900499"
_COORDINATOR = "+447700900497"
_PHONES_FROM = 447700900500
_NEVER_QUIET = time(12)
"""Quiet hours whose ends are equal are none: the test must run at night too."""


def ground_over(database: Database, bell: Doorbell, base_url: str) -> Ground:
    """Return the ground on which the test queues messages, beside the product's own processes."""
    return Ground(database, SystemClock(), bell, Keys(SECRET), base_url, Translations(LOCALES))


def settle_readers(ground: Ground, count: int) -> list[str]:
    """Register those to whom messages fan out, at most 400; return their ids."""
    with ground.work() as work:
        forum = _forum(work)
        return [_register(work, f"+{_READERS_FROM + number}", Role.FAMILY, forum) for number in range(count)]


def settle_phones(ground: Ground, count: int) -> list[str]:
    """Register every other of those who text, and ask them in a survey; return all numbers, at most 400.

    A duty officer is there for worrying texts: all alerts to them have one wording.
    """
    numbers = [f"+{_PHONES_FROM + number}" for number in range(count)]
    if numbers:
        with ground.work() as work:
            forum = _forum(work)
            for number in numbers[::2]:
                _register(work, number, Role.FAMILY, forum)
            _register(work, _DUTY_OFFICER, Role.SAFEGUARDING_DUTY, forum)
            coordinator = person(work.session, _register(work, _COORDINATOR, Role.FORUM_COORDINATOR, forum))
            survey_id = create_survey(work, coordinator, CreateSurvey(forum, ready_made_surveys()[0]))
            start_survey(work, coordinator, StartSurvey(survey_id, work.now + timedelta(days=7)))
    return numbers


def _forum(work: Work) -> str:
    return register_organisation(work, NewOrganisation(OrganisationKind.FORUM, "An Invented Forum"))


def _register(work: Work, number: str, role: Role, organisation_id: str) -> str:
    new = NewPerson(
        "An Invented Person",
        roles=((role, organisation_id),),
        contact_points=(("sms", number),),
        quiet_from=_NEVER_QUIET,
        quiet_to=_NEVER_QUIET,
    )
    return register_person(work, new)
