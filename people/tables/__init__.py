from people.tables.factors import AuthenticatorRow, CeremonyRow, PasskeyRow, RecoveryCodeRow, SsoIdentityRow
from people.tables.people_pages import (
    ContactCheckRow,
    DelegationRow,
    DistinctRow,
    InvitationRow,
    MergeRow,
    PastRoleRow,
)
from people.tables.persons import (
    ConsentRow,
    ContactPointRow,
    GrantRow,
    OrganisationRow,
    PersonRow,
    RoleRow,
    SuccessionRow,
)
from people.tables.sign_in import AskRow, CodeRow, LeavingRow, SessionRow

__all__ = [
    "AskRow",
    "AuthenticatorRow",
    "CeremonyRow",
    "CodeRow",
    "ConsentRow",
    "ContactCheckRow",
    "ContactPointRow",
    "DelegationRow",
    "DistinctRow",
    "GrantRow",
    "InvitationRow",
    "LeavingRow",
    "MergeRow",
    "OrganisationRow",
    "PasskeyRow",
    "PastRoleRow",
    "PersonRow",
    "RecoveryCodeRow",
    "RoleRow",
    "SessionRow",
    "SsoIdentityRow",
    "SuccessionRow",
]
