from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from fps.actions.rounds.ask_market import add_enquiry, reply
from fps.actions.rounds.book_place import book_place
from fps.actions.rounds.clarify import ask_question, publish_answer
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.move_round import move_round, publish_round
from fps.actions.rounds.plan_session import add_session
from fps.actions.rounds.take_part import Newcomer, ask_to_take_part, confirm, register_interest
from fps.actions.rounds.write_round import draft_round
from fps.model.rounds import EnquiryKind, RoundState, RoundTerms
from fps.northwest import NAME
from fps.queries.frameworks import lots
from fps.queries.round_contacts import unconfirmed_link
from fps.queries.rounds import led_frameworks
from fps.rules.round_sessions import SessionTerms
from fps.rules.rounds import closing_on
from hub.demo.cast import Cast
from kernel.calendar import at_london, london_date, next_working_day
from kernel.work import Work
from people.actions.issue_grant import token_of
from people.model import Actor
from people.queries import person

_NINE, _TEN, _NOON = time(9), time(10), time(12)
_ADVERT = (
    "The member councils look for {what}.\n\n"
    "You can offer places in one setting or in several. Each setting applies for the lots that suit it. Settings that "
    "are on the list already do not need to apply again.\n\n"
    "Tell us how you work with parents and carers, and how learners are heard. Councils read this before anything else."
)


def seed(work: Work, cast: Cast) -> None:
    """Make three joining rounds: one of last year whose list is out, one that is open, one that is coming."""
    lead = person(work.session, cast.lead_authority_id)
    framework_id = next(card.id for card in led_frameworks(work.session, lead) if card.name == NAME)
    today = london_date(work.now)
    _past(work, lead, framework_id, today)
    _open(work, lead, framework_id, cast)
    _coming(work, lead, framework_id, cast)


def _terms(work: Work, framework_id: str, number: int, what: str, opens: date, numbers: tuple[int, ...]) -> RoundTerms:
    closes = next_working_day(opens + timedelta(days=42))
    chosen = [lot.id for lot in lots(work.session, [framework_id]) if lot.number in numbers]
    decide_by = closes + timedelta(days=42)
    return RoundTerms(
        number=number,
        title=f"Joining round {number}",
        lot_ids=tuple(chosen),
        advert=_ADVERT.format(what=what),
        notice_reference=f"The Chest, DN70090{number}",
        opens_at=at_london(opens, _NINE),
        questions_close_at=at_london(closes - timedelta(days=7), _NOON),
        closes_at=closing_on(closes),
        decide_by=decide_by,
        standstill_days=10,
        contracts_start_on=decide_by + timedelta(days=28),
    )


def _published(work: Work, lead: Actor, framework_id: str, terms: RoundTerms) -> str:
    round_id = draft_round(work, lead, framework_id, terms)
    publish_round(work, lead, round_id)
    return round_id


def _past(work: Work, lead: Actor, framework_id: str, today: date) -> None:
    opens = next_working_day(today - timedelta(days=240))
    terms = _terms(work, framework_id, 7, "day places and residential places", opens, (1, 2, 3))
    then = replace(work, now=terms.opens_at - timedelta(days=7))
    round_id = _published(then, lead, framework_id, terms)
    for state, days in ((RoundState.EVALUATING, 1), (RoundState.DECIDED, 35), (RoundState.LISTED, 50)):
        then = replace(work, now=terms.closes_at + timedelta(days=days))
        move_round(then, lead.id, round_id, state)


def _open(work: Work, lead: Actor, framework_id: str, cast: Cast) -> None:
    today = london_date(work.now)
    opens = next_working_day(today - timedelta(days=14))
    terms = _terms(work, framework_id, 8, "day places for autistic children near the coast", opens, (1, 4, 6, 7))
    round_id = _published(replace(work, now=terms.opens_at - timedelta(days=7)), lead, framework_id, terms)
    first, second = (Door(round_id, actor=person(work.session, cast.providers[number][1])) for number in (4, 5))
    for door in (first, second):
        register_interest(work, door)
    _newcomer(work, round_id)
    day = next_working_day(today + timedelta(days=9))
    session_id = add_session(
        work, lead, round_id, _workshop("Ask the commissioners", day, "", "https://meet.example.org/round-8")
    )
    book_place(work, first, session_id)
    asked = ask_question(work, first, "Can one setting apply for two lots with one Statement of Purpose?")
    answer = "Yes. Send it once. It counts for every lot that asks for it."
    publish_answer(work, lead, asked, "Can a setting apply for two lots with one Statement of Purpose?", answer)
    ask_question(work, second, "Is transport part of the price, or do councils pay for it?")


def _newcomer(work: Work, round_id: str) -> None:
    """Let somebody without an account take part, as if they had pressed the link in their mail."""
    ask_to_take_part(work, round_id, Newcomer("Gorse Hill Learning", "Vera Whittle", "vera.whittle@example.org"))
    waiting = unconfirmed_link(work.session, round_id)
    confirm(work, token_of(work.keys, waiting))


def _coming(work: Work, lead: Actor, framework_id: str, cast: Cast) -> None:
    opens = next_working_day(london_date(work.now) + timedelta(days=60))
    what = "52-week residential places and 16+ places"
    round_id = _published(work, lead, framework_id, _terms(work, framework_id, 9, what, opens, (3, 4, 5)))
    day = next_working_day(london_date(work.now) + timedelta(days=30))
    add_session(work, lead, round_id, _workshop("Plan round 9 with us", day, "Westfields, Sandbach, CW11 1HZ", ""))
    region = ("Cheshire and Merseyside", "Greater Manchester", "Lancashire and Cumbria")
    chosen = add_enquiry(work, lead, round_id, "Where could you open places?", EnquiryKind.CHOICE, region)
    counted = add_enquiry(work, lead, round_id, "How many 52-week places could you offer?", EnquiryKind.NUMBER)
    told = add_enquiry(work, lead, round_id, "What would you need from councils to open them?", EnquiryKind.TEXT)
    door = Door(round_id, actor=person(work.session, cast.providers[4][1]))
    reply(work, door, {chosen: region[0], counted: "6", told: "A promise of the first four placements."})


def _workshop(title: str, day: date, place: str, link: str) -> SessionTerms:
    return SessionTerms(title, at_london(day, _TEN), at_london(day, _NOON), place, link, 40)
