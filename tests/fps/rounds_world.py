"""Joining rounds for tests: one that is open on the Monday on which the tests' clock stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from fps.actions.rounds.move_round import publish_round
from fps.actions.rounds.write_round import draft_round
from fps.model.rounds import RoundCard, RoundTerms
from fps.queries.rounds import joining_round
from kernel.calendar import at_london
from kernel.work import Work
from tests.fps.world import World

_NINE, _NOON = time(9), time(12)


def terms_of(world: World, number: int = 8) -> RoundTerms:
    """Return a round for the first two lots: from 16 November to 18 December 2026 at 12:00."""
    return RoundTerms(
        number=number,
        title=f"Joining round {number}",
        lot_ids=tuple(lot.id for lot in world.lots[:2]),
        advert="We look for settings near the coast.\n\nTell us what you can offer.",
        notice_reference="The Chest DN700900",
        opens_at=at_london(date(2026, 11, 16), _NINE),
        questions_close_at=at_london(date(2026, 12, 11), _NOON),
        closes_at=at_london(date(2026, 12, 18), _NOON),
        decide_by=date(2027, 1, 29),
        standstill_days=10,
        contracts_start_on=date(2027, 3, 1),
    )


def draft(work: Work, world: World, terms: RoundTerms | None = None) -> str:
    """Write a round's draft."""
    return draft_round(work, world.lead, world.framework_id, terms or terms_of(world))


def open_round(work: Work, world: World, terms: RoundTerms | None = None) -> RoundCard:
    """Publish a round two weeks ago, so that it is open now."""
    earlier = replace(work, now=work.now - timedelta(days=14))
    round_id = draft(earlier, world, terms)
    publish_round(earlier, world.lead, round_id)
    return joining_round(work.session, round_id)


def coming_round(work: Work, world: World) -> RoundCard:
    """Publish a round that opens on 30 November 2026."""
    terms = replace(terms_of(world), opens_at=at_london(date(2026, 11, 30), _NINE))
    round_id = draft(work, world, terms)
    publish_round(work, world.lead, round_id)
    return joining_round(work.session, round_id)
