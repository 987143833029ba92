"""One half of the world: a council with its forum and a provider."""

from __future__ import annotations

from dataclasses import dataclass, field

from people.model import Actor, Role

READERS = (Role.COMMISSIONER, Role.AUDITOR, Role.ADMINISTRATOR, Role.LEAD_AUTHORITY)
STAFF = (
    Role.QA_OFFICER,
    Role.COMMISSIONER,
    Role.LEAD_AUTHORITY,
    Role.SAFEGUARDING_DUTY,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


def may_know(role: Role | None, other: Role) -> bool:
    """Tell whether somebody may know who holds a role in another half (DOMAIN.md 1.3, A1 to A3).

    Councils must be able to reach every provider; the lead authority every council's staff too.
    """
    if other is Role.PROVIDER_USER:
        return role in READERS
    return role is Role.LEAD_AUTHORITY and other in STAFF


@dataclass(frozen=True)
class Half:
    """One council with its forum and a provider; `mark` stands in every word that is theirs alone.

    `colleagues` are further commissioners, for what takes two people.
    """

    mark: str
    council: str
    forum: str
    provider: str
    lot: str = ""
    setting: str = ""
    people: dict[Role, Actor] = field(default_factory=dict)
    families: list[Actor] = field(default_factory=list)
    phones: dict[str, str] = field(default_factory=dict)
    colleagues: list[Actor] = field(default_factory=list)

    def organisation_of(self, role: Role) -> str:
        """Return where somebody of the role works."""
        of_forum = (Role.FAMILY, Role.YOUNG_PERSON, Role.FORUM_COORDINATOR)
        if role is Role.PROVIDER_USER:
            return self.provider
        return self.forum if role in of_forum else self.council
