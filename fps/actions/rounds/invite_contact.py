from __future__ import annotations

from fps.actions.rounds.find_round import find_round
from fps.tables.rounds import RoundContactRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.actions.edit_organisation import WriteOrganisation, add_organisation
from people.actions.invite import Invite, invite
from people.model import Actor, OrganisationKind, Role
from people.queries import contact_points, organisation, person


def invite_contact(work: Work, actor: Actor, contact_id: str, provider_id: str | None, new_name: str = "") -> str:
    """Invite somebody who wants to apply to an account of a provider, a new one of `new_name` or one that is there.

    Return the provider's id. Raises NotFoundError for another authority's round, ConflictError for somebody who has an
    account or no address, InvalidInputError at a field; people's own invitation raises too.
    """
    row = work.session.get(RoundContactRow, contact_id)
    if row is None:
        raise NotFoundError
    find_round(work, actor, row.round_id)
    if row.provider_id is not None or person(work.session, row.person_id).organisations_as(Role.PROVIDER_USER):
        raise ConflictError("They have an account already. They can start their application.")
    email = next((point.address for point in contact_points(work.session, row.person_id) if point.verified_at), None)
    if email is None:
        raise ConflictError("They have not confirmed their email address.")
    if provider_id is None:
        provider_id = add_organisation(work, actor, WriteOrganisation(OrganisationKind.PROVIDER, new_name))
    elif organisation(work.session, provider_id).kind is not OrganisationKind.PROVIDER:
        raise InvalidInputError("provider", "Choose a provider.")
    name = person(work.session, row.person_id).name
    invite(work, actor, Invite(name, email, Role.PROVIDER_USER, provider_id))
    audit.record(work, actor=actor.id, action="fps.invite_to_apply", subject=("round", row.round_id))
    return provider_id
