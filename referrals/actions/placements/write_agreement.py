from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.errors import InvalidInputError
from kernel.work import Work
from people.model import Actor
from referrals.actions.placements.find_placement import find_unsigned
from referrals.queries.placement_contacts import contact_choices
from referrals.rules.placements import AgreementTerms, check_agreement
from referrals.tables.placements import PlacementRow


@dataclass(frozen=True)
class WriteAgreement:
    """Write what the agreement of a placement says, seen at an edition.

    The contacts stay as they are where none is given. `is_confirmed`: a person has looked and says that nothing of it
    tells who the learner is (R31).
    """

    placement_id: str
    edition: int
    terms: AgreementTerms
    is_confirmed: bool
    council_contact_id: str | None = None
    provider_contact_id: str | None = None


def write_agreement(work: Work, actor: Actor, command: WriteAgreement) -> None:
    """Write the agreement of a placement before it is signed (R28).

    Raises NotFoundError for another council's, ConflictError where it is signed, has ended or has changed since,
    InvalidInputError for what cannot be.
    """
    row = find_unsigned(work, actor, command.placement_id, command.edition)
    terms = command.terms
    check_agreement(terms, row.phase_ends_on, is_confirmed=command.is_confirmed)
    row.kind, row.basis = terms.kind, terms.basis
    row.learner_code, row.outcomes = terms.learner_code.strip(), terms.outcomes.strip()
    row.starts_on, row.ends_on = terms.starts_on, terms.ends_on
    _name_contacts(work, row, command)
    row.edition += 1
    details = {"council_contact": row.council_contact_id, "provider_contact": row.provider_contact_id}
    audit.record(
        work, actor=actor.id, action="placements.write_agreement", subject=("placement", row.id), details=details
    )


def _name_contacts(work: Work, row: PlacementRow, command: WriteAgreement) -> None:
    """Put down other contacts; raises InvalidInputError for whoever is not of the council, or of the provider."""
    wanted = command.council_contact_id or row.council_contact_id, command.provider_contact_id
    choices = contact_choices(work.session, row.council_id, row.provider_id)
    if wanted[0] != row.council_contact_id and wanted[0] not in {each.id for each in choices.council}:
        raise InvalidInputError("council_contact", "Choose a commissioner of your council.")
    if wanted[1] and wanted[1] not in {row.provider_contact_id, *(each.id for each in choices.provider)}:
        raise InvalidInputError("provider_contact", "Choose somebody who works for the supplier.")
    row.council_contact_id, row.provider_contact_id = wanted[0], wanted[1] or row.provider_contact_id
