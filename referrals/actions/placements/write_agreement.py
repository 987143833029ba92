from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.work import Work
from people.model import Actor
from referrals.actions.placements.find_placement import find_unsigned
from referrals.rules.placements import AgreementTerms, check_agreement


@dataclass(frozen=True)
class WriteAgreement:
    """Write what the agreement of a placement says, seen at an edition.

    `is_confirmed`: a person has looked and says that nothing of it tells who the learner is (R31).
    """

    placement_id: str
    edition: int
    terms: AgreementTerms
    is_confirmed: bool


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
    row.edition += 1
    audit.record(work, actor=actor.id, action="placements.write_agreement", subject=("placement", row.id))
