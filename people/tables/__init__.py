from people.tables.administration import BrandingRow, ImportRow
from people.tables.api_calls import ApiCallRow
from people.tables.api_tokens import ApiTokenRow
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
from people.tables.rights import (
    AuditCheckRow,
    PurposeRow,
    RestrictionRow,
    RetentionRunRow,
    RightsDecisionRow,
    RightsPauseRow,
    RightsRequestRow,
    RightsStepRow,
    SuppressionRow,
)
from people.tables.sign_in import AskRow, CodeRow, LeavingRow, SessionRow

__all__ = [
    "ApiCallRow",
    "ApiTokenRow",
    "AskRow",
    "AuditCheckRow",
    "AuthenticatorRow",
    "BrandingRow",
    "CeremonyRow",
    "CodeRow",
    "ConsentRow",
    "ContactCheckRow",
    "ContactPointRow",
    "DelegationRow",
    "DistinctRow",
    "GrantRow",
    "ImportRow",
    "InvitationRow",
    "LeavingRow",
    "MergeRow",
    "OrganisationRow",
    "PasskeyRow",
    "PastRoleRow",
    "PersonRow",
    "PurposeRow",
    "RecoveryCodeRow",
    "RestrictionRow",
    "RetentionRunRow",
    "RightsDecisionRow",
    "RightsPauseRow",
    "RightsRequestRow",
    "RightsStepRow",
    "RoleRow",
    "SessionRow",
    "SsoIdentityRow",
    "SuccessionRow",
    "SuppressionRow",
]
