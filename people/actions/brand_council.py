from __future__ import annotations

from kernel import audit
from kernel.errors import InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor, OrganisationKind, OwnLook
from people.permissions import Permission, organisations_with
from people.queries import organisation
from people.tables import BrandingRow

LONGEST = 60


def brand_council(work: Work, actor: Actor, council_id: str, look: OwnLook | None) -> None:
    """Give a council a look of its own, or with None take it back to that of the settings.

    The colour is one that was found to carry white text (WCAG 2.2, 1.4.3). Raises NotFoundError for a council that
    the actor does not administer, InvalidInputError for a name that is missing or too long.
    """
    if council_id not in organisations_with(actor, Permission.ADMINISTER):
        raise NotFoundError
    if organisation(work.session, council_id).kind is not OrganisationKind.COUNCIL:
        raise NotFoundError
    row = work.session.get(BrandingRow, council_id)
    if row is not None:
        work.session.delete(row)
        work.session.flush()
    if look is not None:
        work.session.add(_row(work, council_id, look))
    action = "people.brand_council" if look else "people.unbrand_council"
    audit.record(work, actor=actor.id, action=action, subject=("organisation", council_id))


def _row(work: Work, council_id: str, look: OwnLook) -> BrandingRow:
    name, council = " ".join(look.name.split()), " ".join(look.council.split())
    if not name:
        raise InvalidInputError("name", "Enter the name that stands at the top of every page.")
    for field, text in (("name", name), ("council", council)):
        if len(text) > LONGEST:
            raise InvalidInputError(field, "Use {most} letters or fewer.", most=LONGEST)
    return BrandingRow(organisation_id=council_id, name=name, colour=look.colour, council=council, changed_at=work.now)
