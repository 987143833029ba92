from __future__ import annotations

from datetime import datetime

from fps.actions.applications import record_contract, remind_evaluators
from fps.actions.directory.ask_about_places import ask_about_places, remind_about_places
from fps.actions.evidence.chase_rechecks import chase_rechecks
from fps.actions.evidence.end_hold import end_needless_holds
from fps.actions.evidence.hold_lapsed import hold_lapsed
from fps.actions.evidence.remind_of_documents import remind_of_documents
from fps.actions.evidence.scan_waiting import scan_waiting
from fps.actions.fees.publish_benchmarks import publish_benchmarks
from fps.actions.rounds.remind import remind_contacts, remind_guests, tell_openings
from fps.actions.standing.remind_of_plans import remind_of_plans
from fps.actions.standing.remind_of_reviews import remind_deciders
from fps.rules.vacancies import month_to_ask
from kernel.calendar import london_date
from kernel.timetable import DailyAt, Every, Job
from kernel.work import Ground


def ask_for_places(ground: Ground, slot: datetime) -> None:
    """Ask each month, from its first working day on, which places are free, and remind once."""
    today = london_date(slot)
    month = month_to_ask(today)
    while month is not None:
        with ground.work() as work:
            if not ask_about_places(work, month):
                break
    while True:
        with ground.work() as work:
            if not remind_about_places(work, today):
                break


def remind_of_reviews(ground: Ground, slot: datetime) -> None:
    """Remind councils each working day of reviews that are due, and of plans by which settings leave."""
    remind_deciders(ground, slot)
    remind_of_plans(ground, slot)


def tell_of_openings(ground: Ground, slot: datetime) -> None:
    """Tell who is interested that their round has opened."""
    with ground.work() as work:
        tell_openings(work, slot)


def remind_of_rounds(ground: Ground, slot: datetime) -> None:
    """Remind of rounds that close soon, and of engagement sessions."""
    for remind in (remind_contacts, remind_guests):
        with ground.work() as work:
            remind(work, slot)


def put_on_hold(ground: Ground, slot: datetime) -> None:
    """Put on hold what is active with a required document that ended before the slot's day; end needless holds."""
    hold_lapsed(ground, slot)
    end_needless_holds(ground)


def remind_of_endings(ground: Ground, slot: datetime) -> None:
    """Remind providers of documents that end in 60, 30, 14, 7 and 1 days."""
    remind_of_documents(ground, slot)


def chase_yearly_checks(ground: Ground, slot: datetime) -> None:
    """Remind providers that owe answers in a yearly check."""
    chase_rechecks(ground, slot)


def scan_files(ground: Ground, slot: datetime) -> None:
    """Show the virus scanner the files that wait for it."""
    scan_waiting(ground, slot)


def activate_contracts(ground: Ground, slot: datetime) -> None:
    """Let the settings of every contract that has begun become active, where their documents hold."""
    record_contract.activate_contracts(ground, slot)


def remind_of_evaluations(ground: Ground, slot: datetime) -> None:
    """Remind everybody who has applications to evaluate, every 5 working days."""
    remind_evaluators.remind_evaluators(ground, slot)


def publish_price_benchmarks(ground: Ground, _slot: datetime) -> None:
    """Publish the quarter's benchmarks of prices, once."""
    with ground.work() as work:
        publish_benchmarks(work)


JOBS: tuple[Job, ...] = (
    Job("fps.publish_benchmarks", DailyAt(0, 45), publish_price_benchmarks),
    Job("fps.activate_contracts", DailyAt(0, 20), activate_contracts),
    Job("fps.remind_evaluators", DailyAt(9, 20), remind_of_evaluations),
    Job("fps.remind_of_reviews", DailyAt(8, 45), remind_of_reviews),
    Job("fps.tell_of_openings", Every(5), tell_of_openings),
    Job("fps.remind_of_rounds", DailyAt(9, 10), remind_of_rounds),
    Job("fps.ask_for_places", DailyAt(9, 30), ask_for_places),
    Job("fps.hold_lapsed", DailyAt(0, 5), put_on_hold),
    Job("fps.remind_of_documents", DailyAt(9, 0), remind_of_endings),
    Job("fps.chase_rechecks", DailyAt(9, 15), chase_yearly_checks),
    Job("fps.scan_waiting", Every(1), scan_files),
)
