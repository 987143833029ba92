from __future__ import annotations

from kernel import audit
from kernel.errors import ForbiddenError, NotFoundError
from kernel.work import Work
from people.permissions import Permission, organisations_with
from people.queries import person
from people.queries.api_tokens import ApiTokenCard
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.model import Need

_NOBODY = (
    "Whoever approved this token may no longer issue referrals for the council. "
    "Ask another commissioner to approve the token again."
)


def draft_for_program(work: Work, token: ApiTokenCard, lot_id: str, need: Need, *, is_protected: bool) -> str:
    """Begin a referral for a program, in the name of the commissioner who approved its token; return its id.

    It is a draft like any other: people check its wording, choose the route and issue it (R31). Raises as
    draft_referral does, and ForbiddenError where that commissioner may no longer issue referrals.
    """
    if token.decided_by is None:
        raise ForbiddenError(_NOBODY)
    try:
        author = person(work.session, token.decided_by)
    except NotFoundError as error:
        raise ForbiddenError(_NOBODY) from error
    if token.organisation_id not in organisations_with(author, Permission.REFERRALS_ISSUE):
        raise ForbiddenError(_NOBODY)
    draft = Draft(token.organisation_id, lot_id, need, is_protected=is_protected)
    referral_id = draft_referral(work, author, draft)
    facts = {"api_token": token.id}
    audit.record(
        work, actor=author.id, action="referrals.draft_by_program", subject=("referral", referral_id), details=facts
    )
    return referral_id
