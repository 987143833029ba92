"""What issuing a draft would do, and what stands against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage
from channels.model import Reason
from channels.reach import reaches
from channels.rules.choose import Wish, choose
from fps.model import Candidate, FrameworkCard, LotCard, Regime
from fps.queries import candidates, framework, frameworks_of, lot
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from people.model import Actor
from people.queries import organisation
from referrals.messages import ALERT, asked_values
from referrals.model import Need, Terms
from referrals.model.approvals import ApprovalKind
from referrals.model.criteria import Weights
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.queries.alike import count_alike
from referrals.queries.attachments import files_of
from referrals.queries.chosen import Chosen, chosen_of
from referrals.queries.drafts import draft_row, need_of
from referrals.rules.approving import needed
from referrals.rules.deadlines import check_deadline, earliest_deadline_day, first_deadline_day, shortest_deadline_day
from referrals.rules.eligibility import Selection, needs_gender, select_recipients
from referrals.rules.issuing import Text, fingerprint, frozen_text, gender_to_show
from referrals.rules.rare import area_to_show
from referrals.rules.routes import SHORTEST_WHY, check_particulars, is_guarded
from referrals.tables import AgreementRow, ReferralRow


@dataclass(frozen=True)
class Preview:
    """Exactly what an issue at `release_at` would be: who is asked, who is not and why, the text and its alert.

    `faults` are sentences on what stands against issuing it. `agreed` tells who agreed to a shorter deadline, by the
    day (R15). `past_end`: the learner could start after the framework has ended (C4).
    """

    framework: FrameworkCard
    lot: LotCard
    terms: Terms
    may_buy: bool
    release_at: datetime
    route: Route
    particulars: Particulars
    selection: Selection
    faults: tuple[str, ...]
    is_guarded: bool
    agreed: Mapping[date, frozenset[str]]
    past_end: bool
    text: dict[str, Any]
    earliest_deadline_on: date
    shortest_deadline_on: date
    fingerprint: str

    def is_short(self, deadline_on: date) -> bool:
        """Tell whether providers would have less time than is usual (R15)."""
        return self.route.is_competitive and deadline_on < self.earliest_deadline_on

    def needs(self, deadline_on: date) -> tuple[ApprovalKind, ...]:
        """Return what a second person must approve before it is issued with that deadline."""
        return needed(self.route, self.terms, is_short=self.is_short(deadline_on), is_override=self.is_guarded)


def draft_preview(session: Session, actor: Actor, referral_id: str, release_at: datetime) -> Preview:
    """Return the preview of a draft of the actor's council; raises NotFoundError for any other."""
    return preview(session, draft_row(session, actor, referral_id), release_at)


def preview(session: Session, row: ReferralRow, release_at: datetime) -> Preview:
    """Return what issuing a draft for release at `release_at` would freeze (R2, R3, R9)."""
    on = london_date(release_at)
    card = lot(session, row.lot_id, on)
    under = framework(session, card.framework_id)
    terms, need, route = Terms.of(under.terms), need_of(row), Route(row.route)
    found = candidates(session, card.id, on, row.council_id) if route.asks_provider else []
    chosen = chosen_of(session, row, card, found, on)
    selection = select_recipients(found, card, need, on) if route.is_competitive else chosen.selection
    given = Particulars.of(row.particulars)
    kinds = {one.setting.kind for one in selection.recipients}
    guarded = is_guarded(route, kinds, need, given, terms)
    may_buy = card.is_live(on) and under.id in {one.id for one in frameworks_of(session, row.council_id, on)}
    text = _text(session, row, card, found, terms)
    return Preview(
        framework=under,
        lot=card,
        terms=terms,
        may_buy=may_buy,
        release_at=release_at,
        route=route,
        particulars=given,
        selection=selection,
        faults=(
            *_faults(route, given, selection, chosen, may_buy=may_buy),
            *((_GUARDED,) if guarded and len(given.override_reason.strip()) < SHORTEST_WHY else ()),
        ),
        is_guarded=guarded,
        agreed=_agreed(session, row.id),
        past_end=need.starts_until > under.ends_on,
        text=text,
        earliest_deadline_on=_earliest(route, under.regime, release_at, terms),
        shortest_deadline_on=shortest_deadline_day(under.regime, release_at, terms),
        fingerprint=_fingerprint(row, text, selection),
    )


_CANNOT_BUY = "On the release day your council cannot buy through this lot."
_NOBODY = "No setting can be asked, so there is nobody to issue this referral to."
_GUARDED = (
    "A learner with an EHC plan, or looked after, would be in provision that is not registered as a school for "
    "full-time hours. The law may want it to register. Say why it may be asked all the same, or change the referral."
)


def _faults(route: Route, given: Particulars, selection: Selection, chosen: Chosen, *, may_buy: bool) -> list[str]:
    faults = []
    if not may_buy and route is not Route.EXISTING_CONTRACT and route.asks_provider:
        faults.append(_CANNOT_BUY)
    if route.is_competitive and not selection.recipients:
        faults.append(_NOBODY)
    faults += chosen.faults
    try:
        check_particulars(route, given)
    except InvalidInputError as error:
        faults.append(str(error))
    return faults


def _earliest(route: Route, regime: Regime, release_at: datetime, terms: Terms) -> date:
    if route.is_competitive:
        return earliest_deadline_day(regime, release_at, terms)
    return first_deadline_day(release_at, terms)


def _text(
    session: Session, row: ReferralRow, card: LotCard, found: Collection[Candidate], terms: Terms
) -> dict[str, Any]:
    route = Route(row.route)
    return frozen_text(
        Text(
            row.reference,
            organisation(session, row.council_id).name,
            card.number,
            card.title,
            _shown(need_of(row), asks_gender=needs_gender(found)),
            route,
            Weights.of(row.weights) if route.is_competitive else None,
            files_of(session, row.id),
            area_to_show(count_alike(session, row), terms),
        )
    )


def _shown(need: Need, *, asks_gender: bool) -> Need:
    return replace(need, gender=gender_to_show(need.gender, registration_asks=asks_gender))


def _agreed(session: Session, referral_id: str) -> Mapping[date, frozenset[str]]:
    agreed: dict[date, set[str]] = defaultdict(set)
    rows = select(AgreementRow.deadline_on, AgreementRow.setting_id).where(AgreementRow.referral_id == referral_id)
    for deadline_on, setting_id in session.execute(rows):
        agreed[deadline_on].add(setting_id)
    return {day: frozenset(ids) for day, ids in agreed.items()}


def _fingerprint(row: ReferralRow, text: Mapping[str, Any], selection: Selection) -> str:
    return fingerprint(
        text,
        [one.setting.id for one in selection.recipients],
        {out.candidate.setting.id: [one.filter for one in out.reasons] for out in selection.excluded},
        {"contract_id": row.contract_id, **Particulars.of(row.particulars).plain()},
    )


def alert_channels(session: Session, contact_ids: Collection[str]) -> Mapping[str, str | None]:
    """Return by which channel an alert would go to each person as things stand, None where none can reach them."""
    asked = [NewMessage(type=ALERT, values={}, person_id=contact_id) for contact_id in contact_ids]
    known = reaches(session, asked)
    wish = Wish(solicited=ALERT.policy.solicited)
    chosen = {str(one.person_id): choose(wish, known.of(one)) for one in asked}
    return {contact_id: None if isinstance(way, Reason) else way.channel for contact_id, way in chosen.items()}


def planned_deadline(shown: Preview, day: date) -> datetime:
    """Return the deadline that a day would give; raises InvalidInputError where R14 or R15 does not allow it.

    Where nobody is asked there is none, and the release stands in its place (R7).
    """
    if not shown.route.asks_provider:
        return shown.release_at
    regime, terms = shown.framework.regime, shown.terms
    if not shown.is_short(day):
        return check_deadline(day, regime, shown.release_at, terms, shown.earliest_deadline_on)
    deadline_at = check_deadline(day, regime, shown.release_at, terms, shown.shortest_deadline_on)
    if regime is Regime.PCR_DPS:
        _check_agreed(shown, day)
    elif len(shown.particulars.short_reason.strip()) < SHORTEST_WHY:
        raise InvalidInputError(
            "short_reason",
            "The earliest deadline is {earliest}. For an earlier one, say why it is urgent, in at least {least} "
            "characters.",
            earliest=_words(shown.earliest_deadline_on),
            least=SHORTEST_WHY,
        )
    return deadline_at


def _check_agreed(shown: Preview, day: date) -> None:
    asked = {one.setting.id for one in shown.selection.recipients}
    agreed = asked & shown.agreed.get(day, frozenset())
    if agreed != asked:
        raise InvalidInputError(
            "deadline",
            "The earliest deadline is {earliest}. An earlier one needs the agreement of all: {agreed} of {asked} have.",
            earliest=_words(shown.earliest_deadline_on),
            agreed=len(agreed),
            asked=len(asked),
        )


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def alert_values(shown: Preview, deadline_at: datetime, referral_id: str) -> dict[str, object]:
    """Return the values with which the alert of a preview would be written (R30)."""
    return asked_values(shown.text, deadline_at.isoformat(), referral_id)
