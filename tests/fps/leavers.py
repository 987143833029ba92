"""Referral contacts who have left, and the colleagues who are still there."""

from __future__ import annotations

from sqlalchemy import delete

from kernel.work import Ground
from people.actions.change_roles import grant_role
from people.model import Actor, Role
from people.tables import RoleRow
from tests.fps.world import World, member


def moves_to_a_rival(ground: Ground, world: World, number: int, rival: int) -> list[str]:
    """Let the user of a provider go over to another, two colleagues stay; return the ids of these."""
    provider_id, user = world.providers[number]
    with ground.work() as work:
        stayed: list[Actor] = [
            member(
                work, f"Colleague {each}", Role.PROVIDER_USER, provider_id, ("email", f"colleague{each}@example.org")
            )
            for each in range(2)
        ]
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == user.id))
        work.session.expire_all()
        grant_role(work, user.id, Role.PROVIDER_USER, world.providers[rival][0])
    return sorted(person.id for person in stayed)
