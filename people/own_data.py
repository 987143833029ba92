from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update

from kernel.database import Base
from kernel.work import Work
from people import tables
from people.actions.suppress_address import suppress_addresses
from people.holdings import Fate, Holding, Holdings
from people.personal_data import Erased, Erasure

_ACTED = "It says who did it; only the person's number stays in it, and that leads to no name any more."
_ASKED = "It proves that a request was answered in time. What they wrote goes."
_FOREVER = "as long as what was done"
_THREE_YEARS = "3 years after the request was closed"


def _by_contact_point(person_id: str) -> ColumnElement[bool]:
    own = select(tables.ContactPointRow.id).where(tables.ContactPointRow.person_id == person_id)
    return tables.ContactCheckRow.contact_point_id.in_(own)


def _asked_for(person_id: str) -> ColumnElement[bool]:
    return tables.AskRow.id.in_(select(tables.CodeRow.ask_id).where(tables.CodeRow.person_id == person_id))


def _goes(
    kind: str, title: str, row: type[Base], column: str = "person_id", shown: dict[str, str] | None = None
) -> Holding:
    return Holding(kind, title, row, Fate.DELETE, column, shown=shown or {})


def _goes_with(kind: str, title: str, row: type[Base], of: Callable[[str], ColumnElement[bool]]) -> Holding:
    return Holding(kind, title, row, Fate.DELETE, of=of)


def _stays(kind: str, title: str, row: type[Base], column: str, why: str = "") -> Holding:
    return Holding(kind, title, row, Fate.KEEP, column, why=why, until=_FOREVER if why else "")


_SIGNING_IN = (
    Holding("asks", "Sign-ins asked for", tables.AskRow, Fate.EMPTY, of=_asked_for, emptied={"address": None}),
    _goes("codes", "Codes to sign in", tables.CodeRow),
    _goes(
        "sessions",
        "Where you signed in",
        tables.SessionRow,
        shown={
            "created_at": "Began",
            "seen_at": "Last used",
            "ended_at": "Ended",
            "means": "How",
            "browser": "Browser",
        },
    ),
    _goes("authenticators", "Authenticator app", tables.AuthenticatorRow, shown={"confirmed_at": "Set up"}),
    _goes("recovery_codes", "Recovery codes", tables.RecoveryCodeRow, shown={"created_at": "Made", "used_at": "Used"}),
    _goes("passkeys", "Passkeys", tables.PasskeyRow, shown={"name": "Name", "created_at": "Made", "used_at": "Used"}),
    _goes(
        "sso_identities",
        "Single sign-on",
        tables.SsoIdentityRow,
        shown={"issuer": "At", "subject": "Known there as", "linked_at": "Linked", "used_at": "Used"},
    ),
    _goes("imports", "Files of people read", tables.ImportRow),
    _goes("ceremonies", "Sign-ins under way", tables.CeremonyRow),
)
_WORKING = (
    _goes_with("contact_checks", "Codes to check an address", tables.ContactCheckRow, _by_contact_point),
    _stays("contact_checks_asked", "Codes asked for", tables.ContactCheckRow, "asked_by"),
    _goes(
        "invitations",
        "Invitations",
        tables.InvitationRow,
        shown={"role": "Role", "created_at": "Sent", "expires_at": "Runs out", "ended_at": "Ended"},
    ),
    _stays("invitations_sent", "Invitations sent to others", tables.InvitationRow, "invited_by", _ACTED),
    _goes(
        "delegations",
        "Who acted for you",
        tables.DelegationRow,
        shown={"starts_at": "From", "ends_at": "Until", "ended_at": "Ended"},
    ),
    _goes(
        "delegations_held",
        "For whom you acted",
        tables.DelegationRow,
        "delegate_id",
        shown={"starts_at": "From", "ends_at": "Until", "ended_at": "Ended"},
    ),
    _goes("leavings", "When you left", tables.LeavingRow, shown={"left_at": "Left", "undone_at": "Came back"}),
    _goes("past_roles", "Roles you had", tables.PastRoleRow, shown={"role": "Role", "ended_at": "Ended"}),
    _goes("distinct", "Not the same person as", tables.DistinctRow, "first_id"),
    _goes("distinct_other", "Not the same person as", tables.DistinctRow, "second_id"),
    _stays("distinct_said", "Persons told apart", tables.DistinctRow, "said_by"),
    _stays("merges", "Records made one", tables.MergeRow, "kept_id"),
    _stays("merges_gone", "Records made one", tables.MergeRow, "gone_id"),
    _stays("merges_made", "Records of others made one", tables.MergeRow, "merged_by", _ACTED),
)
_RIGHTS = (
    Holding(
        "rights_requests",
        "Your requests",
        tables.RightsRequestRow,
        Fate.EMPTY,
        "person_id",
        shown={
            "kind": "Kind",
            "received_on": "Received",
            "requester": "Made by",
            "reach": "How to reach them",
            "words": "In their words",
            "ended_at": "Closed",
            "outcome": "Outcome",
        },
        emptied={"requester": "", "reach": "", "words": ""},
        why=_ASKED,
        until=_THREE_YEARS,
    ),
    _stays("rights_logged", "Requests logged", tables.RightsRequestRow, "logged_by", _ACTED),
    _stays("rights_handled", "Requests handled", tables.RightsRequestRow, "handler_id", _ACTED),
    _stays("rights_reviewed", "Exports reviewed", tables.RightsRequestRow, "reviewed_by", _ACTED),
    _stays("rights_steps", "Steps in requests", tables.RightsStepRow, "actor_id", _ACTED),
    _stays("rights_decisions", "Decisions on records", tables.RightsDecisionRow, "decided_by", _ACTED),
    _goes(
        "restrictions",
        "Times when we only keep",
        tables.RestrictionRow,
        shown={"since": "Since", "ended_at": "Until"},
    ),
    _stays("purposes", "Why records of others were opened", tables.PurposeRow, "actor_id", _ACTED),
    _stays("retention_runs", "Runs of the retention schedule", tables.RetentionRunRow, "run_by", _ACTED),
    _stays("audit_checks", "Checks of the log", tables.AuditCheckRow, "checked_by", _ACTED),
    _stays("api_tokens", "Tokens of the API made", tables.ApiTokenRow, "created_by", _ACTED),
    _stays("api_tokens_ended", "Tokens of the API ended", tables.ApiTokenRow, "revoked_by", _ACTED),
    _stays("api_tokens_decided", "Tokens of the API decided on", tables.ApiTokenRow, "decided_by", _ACTED),
)
_BEING = (
    _goes(
        "grants",
        "Links we sent you",
        tables.GrantRow,
        shown={"purpose": "For", "created_at": "Made", "expires_at": "Runs out", "spent_at": "Used"},
    ),
    _goes(
        "consents",
        "Why we may write",
        tables.ConsentRow,
        shown={"channel": "Channel", "basis": "Reason", "given_at": "Since", "ended_at": "Ended"},
    ),
    _goes("roles", "Roles", tables.RoleRow, shown={"role": "Role", "organisation_id": "Organisation"}),
)
_IDENTITY = (
    Holding(
        "contact_points",
        "Addresses and numbers",
        tables.ContactPointRow,
        Fate.DELETE,
        "person_id",
        shown={
            "channel": "Channel",
            "address": "Address",
            "verified_at": "Checked",
            "opted_out_at": "Said STOP",
            "failed_at": "Failed",
        },
        identifies=True,
    ),
    Holding(
        "persons",
        "Who you are to us",
        tables.PersonRow,
        Fate.EMPTY,
        "id",
        shown={
            "name": "Name",
            "language": "Language",
            "quiet_from": "Quiet from",
            "quiet_to": "Quiet until",
            "created_at": "Known since",
            "left_at": "Left",
        },
        emptied={"name": "", "language": "en", "quiet_from": None, "quiet_to": None},
        identifies=True,
    ),
)


@dataclass(frozen=True)
class OwnData(Holdings):
    """What people itself holds. The person's row stays as an empty shell: what must stay elsewhere refers to it."""

    def erase(self, work: Work, person_id: str, erasure: Erasure) -> Erased:
        """Take everything away, last the addresses and the name, unless something that stays needs them (V9 f).

        An address at which they said STOP leaves a keyed digest, so that the STOP holds on (V12).
        """
        suppress_addresses(work, person_id)
        person = tables.PersonRow
        change = update(person).where(person.id == person_id, person.left_at.is_(None))
        work.session.execute(change.values(left_at=erasure.now))
        return super().erase(work, person_id, erasure)


PERSON_DATA = OwnData("people", (*_SIGNING_IN, *_WORKING, *_RIGHTS, *_BEING, *_IDENTITY))
