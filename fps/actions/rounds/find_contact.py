from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fps.actions.rounds.find_round import find_published_round
from fps.model.rounds import RoundState
from fps.queries.round_contacts import own_rows
from fps.tables.rounds import RoundContactRow, RoundRow
from kernel.errors import ConflictError, NotFoundError, TooLateError
from kernel.ids import new_id
from kernel.work import Work
from people.actions.issue_grant import issue_grant
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import open_grant, organisation

PURPOSE = "fps.round_contact"
_LINK_LASTS = timedelta(days=90)
"""How long the link of somebody who takes part works after the round's closing as it stood when they came."""


@dataclass(frozen=True)
class Door:
    """How somebody comes to a round: by the link that they got there, or signed in as a provider's user."""

    round_id: str
    actor: Actor | None = None
    token: str | None = None


def find_contact(work: Work, door: Door) -> RoundContactRow:
    """Return whoever comes through a door, locked; a provider's user becomes one who takes part.

    Raises NotFoundError for a link that leads nowhere or a round that was not published, TooLateError for a link that
    has run out, ConflictError for an address that is not confirmed.
    """
    if door.token is not None:
        row = by_link(work, door.token)
        if row.round_id != door.round_id:
            raise NotFoundError
        if row.confirmed_at is None:
            raise ConflictError("Confirm your email address first.")
        return row
    if door.actor is None:
        raise NotFoundError
    return _own(work, door.actor, door.round_id)


def by_link(work: Work, token: str) -> RoundContactRow:
    """Return whose link it is, locked; raises NotFoundError or TooLateError."""
    grant = open_grant(work.session, token, PURPOSE, work.now)
    row = work.session.get(RoundContactRow, grant.target, with_for_update=True)
    if row is None:
        raise NotFoundError
    return row


def find_open_round(work: Work, round_id: str) -> RoundRow:
    """Return a published round that has not closed, locked; raises NotFoundError or TooLateError."""
    row = find_published_round(work, round_id)
    if row.state != RoundState.PUBLISHED or work.now > row.closes_at:
        raise TooLateError("This round is over. Look for the next one.")
    return row


def give_link(work: Work, row: RoundContactRow, over: RoundRow) -> None:
    """Give somebody the link to their page of the round."""
    expires_at = max(over.closes_at, work.now) + _LINK_LASTS
    row.grant_id = issue_grant(work, purpose=PURPOSE, target=row.id, expires_at=expires_at, person_id=row.person_id)


def _own(work: Work, actor: Actor, round_id: str) -> RoundContactRow:
    provider_ids = organisations_with(actor, Permission.SETTINGS_OWN)
    if not provider_ids:
        raise NotFoundError
    over = find_published_round(work, round_id)  # two presses at once stand in line at the round
    return known_user(work, over.id, actor.id, provider_ids) or meet_user(work, over, actor.id, provider_ids[0])


def known_user(work: Work, round_id: str, person_id: str, provider_ids: Sequence[str]) -> RoundContactRow | None:
    """Return how somebody takes part in a round for one of these providers, locked; None where they do not yet.

    Who came before they had an account, and has one by now, takes part for the first of the providers from now on.
    """
    row = work.session.scalars(own_rows(round_id, person_id, provider_ids).with_for_update()).first()
    if row is not None and row.provider_id is None:
        row.provider_id = provider_ids[0]
        row.organisation_name = organisation(work.session, provider_ids[0]).name
        row.confirmed_at = row.confirmed_at or work.now
    return row


def meet_user(work: Work, over: RoundRow, person_id: str, provider_id: str) -> RoundContactRow:
    """Note that a provider's user takes part in a round; whoever calls holds the round's lock."""
    row = RoundContactRow(
        id=new_id(),
        round_id=over.id,
        person_id=person_id,
        provider_id=provider_id,
        organisation_name=organisation(work.session, provider_id).name,
        met_at=work.now,
        asked_at=work.now,
        confirmed_at=work.now,
    )
    give_link(work, row, over)
    work.session.add(row)
    work.session.flush()
    return row
