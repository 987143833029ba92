from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel import audit
from kernel.ids import new_id
from kernel.work import Work
from people.model import OrganisationKind
from people.rules import normalise_address
from people.tables import ContactPointRow, OrganisationRow, SuccessionRow


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to register. `code` is a council's GSS code, `council_id` a forum's council."""

    kind: OrganisationKind
    name: str
    code: str | None = None
    dfe_code: str | None = None
    started_on: date | None = None
    ended_on: date | None = None
    council_id: str | None = None
    contact_points: tuple[tuple[str, str], ...] = ()


def register_organisation(work: Work, new: NewOrganisation, *, actor: str = audit.SYSTEM) -> str:
    """Register an organisation with its own contact points and return its id."""
    organisation_id = new_id()
    work.session.add(
        OrganisationRow(
            id=organisation_id,
            kind=new.kind,
            name=new.name,
            code=new.code,
            dfe_code=new.dfe_code,
            started_on=new.started_on,
            ended_on=new.ended_on,
            council_id=new.council_id,
        )
    )
    work.session.flush()
    work.session.add_all(
        ContactPointRow(
            id=new_id(),
            organisation_id=organisation_id,
            channel=channel,
            address=normalise_address(channel, address),
            rank=rank,
            verified_at=work.now,
        )
        for rank, (channel, address) in enumerate(new.contact_points)
    )
    audit.record(work, actor=actor, action="people.register_organisation", subject=("organisation", organisation_id))
    return organisation_id


def record_succession(work: Work, ended_id: str, successor_id: str) -> None:
    """Record that one council took over from one that ended (C2: Cumbria's two successors)."""
    work.session.add(SuccessionRow(ended_id=ended_id, successor_id=successor_id))
