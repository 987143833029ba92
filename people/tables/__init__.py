from people.tables.persons import (
    ConsentRow,
    ContactPointRow,
    GrantRow,
    OrganisationRow,
    PersonRow,
    RoleRow,
    SuccessionRow,
)

__all__ = [
    "ConsentRow",
    "ContactPointRow",
    "GrantRow",
    "OrganisationRow",
    "PersonRow",
    "RoleRow",
    "SuccessionRow",
]
