from __future__ import annotations

from kernel.work import Work
from people.actions.register_organisation import NewOrganisation, record_succession, register_organisation
from people.councils import COUNCILS, ENDED, SUCCESSORS, Council
from people.model import OrganisationKind
from people.queries import organisations


def register_councils(work: Work) -> dict[str, str]:
    """Register the councils that are not there yet, with what became of Cumbria; return their ids by GSS code."""
    ids = {card.code: card.id for card in organisations(work.session, OrganisationKind.COUNCIL) if card.code}
    is_new = ENDED.gss not in ids
    for council in (*COUNCILS, ENDED):
        if council.gss not in ids:
            ids[council.gss] = register_organisation(work, _organisation(council))
    if is_new:
        for successor in SUCCESSORS:
            record_succession(work, ids[ENDED.gss], ids[successor])
    return ids


def _organisation(council: Council) -> NewOrganisation:
    return NewOrganisation(
        kind=OrganisationKind.COUNCIL,
        name=council.name,
        code=council.gss,
        dfe_code=council.dfe,
        started_on=council.started_on,
        ended_on=council.ended_on,
    )
