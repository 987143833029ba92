from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from fps.model import FrameworkCard, LotCard
from fps.model.frameworks import REGIME_WORDS, FrameworkChange, Member
from fps.queries import framework
from fps.queries.framework_pages import (
    Phase,
    framework_history,
    frameworks_listed,
    members_of,
    options_of,
    phase_of,
    standing_counts,
    users_of,
)
from fps.queries.frameworks import all_lots
from fps.rules.frameworks import is_end_near
from fps.web.fields import parsed_day
from fps.web.framework_words import PHASES, Happened, Names, documents_of, happened, kinds_of
from kernel.calendar import london_date
from kernel.web import ground
from people.model import OrganisationKind
from people.permissions import Permission, organisations_with
from people.queries import organisations, persons
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("frameworks", __name__)

_LATEST = 5


@dataclass(frozen=True)
class _Lots:
    """The lots of a framework, sorted by whether they are open on the day."""

    open: list[LotCard]
    others: list[LotCard]

    def followers(self, lot: LotCard) -> list[LotCard]:
        """Return the lots that took a lot's place."""
        return [each for each in (*self.open, *self.others) if each.replaces_id == lot.id]


@pages.get("/register/frameworks")
@requires(Permission.REGISTER_READ)
def index() -> str:
    """Show all frameworks, or those that run, are to come or have ended."""
    today, number = today_here(), page_asked()
    asked = request.args.get("phase", "")
    phase = Phase(asked) if asked in set(Phase) else None
    led_by = organisations_with(current_actor(), Permission.REGISTER_MANAGE)
    with ground().read() as session:
        found, total = frameworks_listed(session, today, phase, led_by=led_by, offset=(number - 1) * SIZE, limit=SIZE)
        names = {place.id: place.name for place in organisations(session, OrganisationKind.COUNCIL)}
    return render_template(
        "fps/frameworks/index.html",
        found=[(one, PHASES[phase_of(one.card, today)]) for one in found],
        page=Page(number, SIZE, total),
        phase=phase,
        phases=[("", "All"), *((one.value, words) for one, (words, _) in PHASES.items())],
        names=names,
        regimes=REGIME_WORDS,
        may_open=bool(led_by),
    )


@pages.get("/register/frameworks/<framework_id>")
@requires(Permission.REGISTER_READ)
def one(framework_id: str) -> str:
    """Show a framework as it stands today, or as it stood on the day that the address asks for."""
    today = today_here()
    asked = request.args.get("on", "").strip()
    day = parsed_day(asked) if asked else today
    on = day or today
    with ground().read() as session:
        card = framework(session, framework_id)
        lots = _lots(session, card, on)
        councils = _councils(session)
        members = members_of(session, card.id)
        users = users_of(session, card.id)
        options = options_of(session, card.id)
        counts = standing_counts(session, card.id)
        changes, _ = framework_history(session, card.id, limit=_LATEST)
        latest = _words(session, card, changes)
    return render_template(
        "fps/frameworks/one.html",
        card=card,
        on=on,
        is_today=on == today,
        asked=asked,
        is_no_day=day is None,
        regime=REGIME_WORDS[card.regime],
        phase=PHASES[phase_of(card, on)],
        is_end_near=is_end_near(card, today),
        days_left=(card.ends_on - today).days,
        lots=lots,
        kinds_of=kinds_of,
        documents_of=documents_of,
        counts={lot_id: sum(by_status.values()) for lot_id, by_status in counts.items()},
        members=_by_name([each for each in members if each.days.hold(on)], councils),
        other_members=_by_name([each for each in members if not each.days.hold(on)], councils),
        users=[each for each in users if each.days.hold(on)],
        other_users=[each for each in users if not each.days.hold(on)],
        options=options,
        councils=councils,
        latest=latest,
        leads=leads(card),
    )


@pages.get("/register/frameworks/<framework_id>/history")
@requires(Permission.REGISTER_READ)
def history(framework_id: str) -> str:
    """Show everything that has happened to a framework."""
    number = page_asked()
    with ground().read() as session:
        card = framework(session, framework_id)
        changes, total = framework_history(session, card.id, offset=(number - 1) * SIZE)
        steps = _words(session, card, changes)
    return render_template("fps/frameworks/history.html", card=card, steps=steps, page=Page(number, SIZE, total))


def today_here() -> date:
    """Return today's date in London."""
    return london_date(ground().clock.now())


def leads(card: FrameworkCard) -> bool:
    """Tell whether whoever is signed in may change the framework."""
    return card.lead_id in organisations_with(current_actor(), Permission.REGISTER_MANAGE)


def _lots(session: Session, card: FrameworkCard, on: date) -> _Lots:
    found = all_lots(session, card.id, on)
    return _Lots(
        [lot for lot in found if lot.is_live(on)],
        [lot for lot in found if not lot.is_live(on)],
    )


def _councils(session: Session) -> Mapping[str, str]:
    return {place.id: place.name for place in organisations(session, OrganisationKind.COUNCIL)}


def _by_name(members: Iterable[Member], councils: Mapping[str, str]) -> list[Member]:
    return sorted(members, key=lambda each: (councils.get(each.council_id, "").casefold(), each.days.since))


def _words(session: Session, card: FrameworkCard, changes: list[FrameworkChange]) -> list[Happened]:
    people = persons(session, {change.actor_id for change in changes})
    return happened(
        changes,
        Names(
            people={person_id: person.name for person_id, person in people.items()},
            councils=_councils(session),
            users={user.id: user.name for user in users_of(session, card.id)},
            lots={lot.id: lot for lot in all_lots(session, card.id)},
        ),
    )
