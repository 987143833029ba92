from __future__ import annotations

from people.model import OrganisationKind, Role
from people.queries.directory import State

ROLES: dict[Role, str] = {
    Role.FAMILY: "Parent or carer",
    Role.YOUNG_PERSON: "Young person",
    Role.PROVIDER_USER: "Provider user",
    Role.QA_OFFICER: "QA officer",
    Role.COMMISSIONER: "Commissioner",
    Role.LEAD_AUTHORITY: "Lead authority",
    Role.FORUM_COORDINATOR: "Forum coordinator",
    Role.SAFEGUARDING_DUTY: "Safeguarding duty officer",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
}
MEANS = {
    "link": "by a link in an email",
    "code": "by a code from an email",
    "sso": "by your organisation’s account",
    "passkey": "by a passkey",
}
"""How somebody signed in, by what the session says."""
STATES: dict[State, tuple[str, str | None]] = {
    State.ACTIVE: ("Active", "green"),
    State.INVITED: ("Invited", "blue"),
    State.LEFT: ("Left", "grey"),
}
KINDS: dict[OrganisationKind, str] = {
    OrganisationKind.COUNCIL: "Council",
    OrganisationKind.FORUM: "Parent carer forum",
    OrganisationKind.PROVIDER: "Provider",
}
CHANNELS = {"sms": "Text message", "email": "Email", "slack": "Slack", "web": "Messages on this site"}
LANGUAGES = {"en": "English", "pl": "Polish", "ur": "Urdu"}
BASES = {"public_task": "The council's public task", "consent": "They agreed", "invited": "They accepted an invitation"}
