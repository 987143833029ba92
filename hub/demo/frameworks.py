from __future__ import annotations

from datetime import date

from fps.actions.frameworks.open_bury import open_bury
from fps.actions.frameworks.open_independent_education import open_independent_education
from fps.bury import GSS
from hub.demo.cast import Cast
from kernel.work import Work
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, OrganisationKind, Role
from people.queries import council_by_code, person


def seed(work: Work, _cast: Cast) -> None:
    """Open two frameworks beside the North West's, each of one council; their days and Marlshire are invented."""
    bury = council_by_code(work.session, GSS).id
    open_bury(work, _lead(work, "Yasmin Holt", bury), date(2024, 9, 1), date(2027, 8, 31))
    marlshire = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Marlshire"))
    lead = _lead(work, "Tom Askew", marlshire)
    open_independent_education(work, lead, marlshire, date(2025, 9, 1), date(2029, 8, 31))


def _lead(work: Work, name: str, council_id: str) -> Actor:
    points = (("email", f"{name.lower().replace(' ', '.')}@example.org"),)
    roles = ((Role.LEAD_AUTHORITY, council_id),)
    return person(work.session, register_person(work, NewPerson(name, "en", roles, points)))
