from __future__ import annotations

from enum import StrEnum

from people.model import Actor, Role


class Permission(StrEnum):
    """What a page, a button, a job or an export asks for."""

    SURVEYS_READ = "surveys.read"
    SURVEYS_RUN = "surveys.run"
    SURVEYS_EXPORT = "surveys.export"
    REFERRALS_READ = "referrals.read"
    REFERRALS_ISSUE = "referrals.issue"
    REFERRALS_ANSWER = "referrals.answer"
    REFERRALS_STATISTICS = "referrals.statistics"
    PLACEMENTS_MANAGE = "placements.manage"
    PLACEMENTS_OWN = "placements.own"
    VISITS_READ = "visits.read"
    VISITS_PLAN = "visits.plan"
    PLANS_ANSWER = "plans.answer"
    QUESTIONS_ANSWER = "questions.answer"
    WORRIES_READ = "worries.read"
    MESSAGES_READ = "messages.read"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    PEOPLE_INVITE = "people.invite"
    PROVIDERS_MANAGE = "providers.manage"
    REGISTER_READ = "register.read"
    REGISTER_MANAGE = "register.manage"
    PLACEMENTS_PAUSE = "placements.pause"
    SETTINGS_OWN = "settings.own"
    ROUNDS_RUN = "rounds.run"
    APPLICATIONS_EVALUATE = "applications.evaluate"
    EVIDENCE_READ = "evidence.read"
    EVIDENCE_JUDGE = "evidence.judge"
    FEES_READ = "fees.read"
    FEES_STATISTICS = "fees.statistics"
    OPEN_DATA_IMPORT = "open_data.import"
    RIGHTS_HANDLE = "rights.handle"
    RETENTION_RUN = "retention.run"
    AUDIT_READ = "audit.read"
    ADMINISTER = "administer"
    OPERATIONS = "operations"
    OWN_INBOX = "inbox.own"
    OWN_ACCOUNT = "account.own"


_P = Permission
_EVERYBODY = frozenset({_P.OWN_INBOX})
_STAFF = _EVERYBODY | {_P.OWN_ACCOUNT}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FAMILY: _EVERYBODY,
    Role.YOUNG_PERSON: _EVERYBODY,
    Role.PROVIDER_USER: _STAFF
    | {_P.REFERRALS_ANSWER, _P.PLACEMENTS_OWN, _P.PLANS_ANSWER, _P.PEOPLE_READ, _P.PEOPLE_INVITE, _P.SETTINGS_OWN},
    Role.QA_OFFICER: _STAFF | {_P.VISITS_READ, _P.VISITS_PLAN, _P.MESSAGES_READ, _P.REGISTER_READ, _P.EVIDENCE_READ},
    Role.COMMISSIONER: _STAFF
    | {
        _P.REFERRALS_READ,
        _P.REFERRALS_ISSUE,
        _P.REFERRALS_STATISTICS,
        _P.PLACEMENTS_MANAGE,
        _P.VISITS_READ,
        _P.MESSAGES_READ,
        _P.PEOPLE_READ,
        _P.REGISTER_READ,
        _P.PLACEMENTS_PAUSE,
        _P.APPLICATIONS_EVALUATE,
        _P.EVIDENCE_READ,
        _P.FEES_READ,
        _P.FEES_STATISTICS,
    },
    Role.LEAD_AUTHORITY: _STAFF
    | {
        _P.REFERRALS_STATISTICS,
        _P.VISITS_READ,
        _P.AUDIT_READ,
        _P.PEOPLE_READ,
        _P.PEOPLE_INVITE,
        _P.PROVIDERS_MANAGE,
        _P.REGISTER_READ,
        _P.REGISTER_MANAGE,
        _P.ROUNDS_RUN,
        _P.APPLICATIONS_EVALUATE,
        _P.EVIDENCE_READ,
        _P.EVIDENCE_JUDGE,
        _P.FEES_STATISTICS,
        _P.OPEN_DATA_IMPORT,
    },
    Role.FORUM_COORDINATOR: _STAFF
    | {_P.SURVEYS_READ, _P.SURVEYS_RUN, _P.SURVEYS_EXPORT, _P.QUESTIONS_ANSWER, _P.MESSAGES_READ},
    Role.SAFEGUARDING_DUTY: _STAFF | {_P.WORRIES_READ},
    Role.AUDITOR: _STAFF | {_P.AUDIT_READ, _P.RIGHTS_HANDLE, _P.RETENTION_RUN, _P.PEOPLE_READ},
    Role.ADMINISTRATOR: _STAFF
    | {
        _P.OPERATIONS,
        _P.AUDIT_READ,
        _P.MESSAGES_READ,
        _P.PEOPLE_READ,
        _P.PEOPLE_MANAGE,
        _P.PEOPLE_INVITE,
        _P.ADMINISTER,
    },
}
"""Role by role, what it may do (DOMAIN.md 1.3). Which rows it may do it to is each query's matter."""

STRONG = frozenset(
    {
        _P.SURVEYS_READ,
        _P.SURVEYS_RUN,
        _P.SURVEYS_EXPORT,
        _P.REFERRALS_READ,
        _P.REFERRALS_ISSUE,
        _P.REFERRALS_ANSWER,
        _P.REFERRALS_STATISTICS,
        _P.PLACEMENTS_MANAGE,
        _P.PLACEMENTS_OWN,
        _P.VISITS_READ,
        _P.VISITS_PLAN,
        _P.PLANS_ANSWER,
        _P.QUESTIONS_ANSWER,
        _P.WORRIES_READ,
        _P.MESSAGES_READ,
        _P.PEOPLE_READ,
        _P.PEOPLE_MANAGE,
        _P.PEOPLE_INVITE,
        _P.PROVIDERS_MANAGE,
        _P.REGISTER_READ,
        _P.REGISTER_MANAGE,
        _P.PLACEMENTS_PAUSE,
        _P.SETTINGS_OWN,
        _P.ROUNDS_RUN,
        _P.APPLICATIONS_EVALUATE,
        _P.EVIDENCE_READ,
        _P.EVIDENCE_JUDGE,
        _P.FEES_READ,
        _P.FEES_STATISTICS,
        _P.OPEN_DATA_IMPORT,
        _P.RIGHTS_HANDLE,
        _P.RETENTION_RUN,
        _P.AUDIT_READ,
        _P.ADMINISTER,
        _P.OPERATIONS,
    }
)
"""What asks for a second factor: it opens referrals, safeguarding or personal data, or governs who may.

Families' words in surveys and questions are personal data, and so is what is found and promised about a setting's
staff at a visit. All but one's own account and inbox asks for one.
"""


def may(actor: Actor, permission: Permission) -> bool:
    """Tell whether one of the actor's roles carries the permission."""
    return any(permission in PERMISSIONS[held.role] for held in actor.roles)


def organisations_with(actor: Actor, permission: Permission) -> tuple[str, ...]:
    """Return the ids of the organisations in which the actor holds the permission."""
    held = (role.organisation_id for role in actor.roles if permission in PERMISSIONS[role.role])
    return tuple(dict.fromkeys(held))
