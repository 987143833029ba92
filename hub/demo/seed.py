from __future__ import annotations

import hub.demo.answers
import hub.demo.applications
import hub.demo.clocks
import hub.demo.directory
import hub.demo.drafts
import hub.demo.equal
import hub.demo.evaluation
import hub.demo.evidence
import hub.demo.fees
import hub.demo.fps
import hub.demo.frameworks
import hub.demo.open_data
import hub.demo.placements
import hub.demo.qa_visits
import hub.demo.referrals
import hub.demo.rights
import hub.demo.rounds
import hub.demo.standing
import hub.demo.surveys
import hub.demo.systems
from hub.demo.cast import seed_cast
from kernel.work import Work
from people.model import OrganisationKind
from people.queries import organisations


def seed_demo(work: Work) -> bool:
    """Fill an empty database with the demo's invented people and their business; tell whether it was empty."""
    if organisations(work.session, OrganisationKind.FORUM):
        return False
    cast = seed_cast(work)
    for domain in (
        hub.demo.fps,
        hub.demo.frameworks,
        hub.demo.rounds,
        hub.demo.referrals,
        hub.demo.answers,
        hub.demo.equal,
        hub.demo.drafts,
        hub.demo.surveys,
        hub.demo.qa_visits,
        hub.demo.directory,
        hub.demo.open_data,
        hub.demo.fees,
        hub.demo.evidence,
        hub.demo.rights,
        hub.demo.standing,
        hub.demo.applications,
        hub.demo.systems,
        hub.demo.evaluation,
        hub.demo.placements,
        hub.demo.clocks,
    ):
        domain.seed(work, cast)
    return True
