from __future__ import annotations

from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.model import Status
from fps.queries import framework, lot, setting
from fps.rules import is_providers_own
from kernel.errors import ForbiddenError
from kernel.work import Work
from people.model import Actor, Role

ChangeStatus = Step


def change_status(work: Work, actor: Actor, command: Step) -> None:
    """Take a setting one step along the status machine of a lot (DOMAIN.md 2).

    The lead authority of the framework may take every step, a provider its own. Raises ForbiddenError for anybody
    else, and what take_step raises.
    """
    before = standing_of(work, command.setting_id, command.lot_id)
    _check_actor(work, actor, command, (before, command.to_status))
    take_step(work, actor.id, command)


def _check_actor(work: Work, actor: Actor, command: Step, step: tuple[Status | None, Status]) -> None:
    card, on_lot = setting(work.session, command.setting_id), lot(work.session, command.lot_id)
    lead_id = framework(work.session, on_lot.framework_id).lead_id
    is_own = actor.has(Role.PROVIDER_USER, card.provider_id) and is_providers_own(*step)
    if not is_own and not actor.has(Role.LEAD_AUTHORITY, lead_id):
        raise ForbiddenError
