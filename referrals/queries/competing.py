from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from people.model import Actor
from referrals.model import Phase
from referrals.queries.courses import standings
from referrals.queries.providers import asked_by
from referrals.tables import AwardRow, ReferralRow

_LIVE = frozenset({Phase.SCHEDULED, Phase.OPEN, Phase.SEALED, Phase.UNSEALED})


def live_competitions(session: Session, actor: Actor, person_id: str, now: datetime) -> list[str]:
    """Return the references of the undecided competitions of the actor's councils in which somebody was asked (R13).

    While there is one, nobody of that council writes to them alone: what they are told, all who were asked are told.
    """
    councils = {role.organisation_id for role in actor.roles if role.organisation_id}
    is_decided = exists().where(AwardRow.referral_id == ReferralRow.id)
    asked = asked_by(session, person_id, councils)
    rows = session.scalars(select(ReferralRow).where(ReferralRow.id.in_(asked), ~is_decided)).all()
    known = standings(session, rows)
    return sorted(
        row.reference for row in rows if known[row.id].route.is_competitive and known[row.id].phase(now) in _LIVE
    )
