from __future__ import annotations

from kernel.errors import ForbiddenError, NotFoundError
from kernel.work import Work
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from qa_visits.tables import ActionRow


def find_own_action(work: Work, actor: Actor, action_id: str) -> ActionRow:
    """Return an action of the actor's own provider, locked for change; raises NotFoundError for any other."""
    row = work.session.get(ActionRow, action_id, with_for_update=True)
    if row is None or row.provider_id not in organisations_with(actor, Permission.PLANS_ANSWER):
        raise NotFoundError
    return row


def find_action_to_check(work: Work, actor: Actor, action_id: str) -> ActionRow:
    """Return an action that the actor may verify or send back, locked for change.

    Only a quality officer of the council may (DOMAIN.md 4: the provider cannot close). Raises NotFoundError for
    another council's action, ForbiddenError for a colleague who is no quality officer.
    """
    row = work.session.get(ActionRow, action_id, with_for_update=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.VISITS_READ):
        raise NotFoundError
    if not actor.has(Role.QA_OFFICER, row.council_id):
        raise ForbiddenError("Only a quality officer can check evidence.")
    return row
