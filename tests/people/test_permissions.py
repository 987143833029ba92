from __future__ import annotations

import pytest

from people.model import PersonCard, Role, RoleIn
from people.permissions import PERMISSIONS, Permission, may, organisations_with

COORDINATOR = PersonCard("p", "A", "en", (RoleIn(Role.FORUM_COORDINATOR, "f1"), RoleIn(Role.FAMILY, "f2")))


def test_every_role_has_its_permissions_and_every_permission_a_role() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        (Role.FORUM_COORDINATOR, Permission.REFERRALS_READ),
        (Role.PROVIDER_USER, Permission.REFERRALS_READ),
        (Role.QA_OFFICER, Permission.REFERRALS_ISSUE),
        (Role.ADMINISTRATOR, Permission.REFERRALS_READ),
        (Role.FAMILY, Permission.SURVEYS_READ),
        (Role.COMMISSIONER, Permission.WORRIES_READ),
    ],
)
def test_roles_do_not_reach_what_is_not_theirs(role: Role, permission: Permission) -> None:
    assert permission not in PERMISSIONS[role]


def test_permission_holds_in_the_organisation_of_its_role_alone() -> None:
    assert may(COORDINATOR, Permission.SURVEYS_RUN)
    assert organisations_with(COORDINATOR, Permission.SURVEYS_RUN) == ("f1",)
    assert organisations_with(COORDINATOR, Permission.OWN_INBOX) == ("f1", "f2")
