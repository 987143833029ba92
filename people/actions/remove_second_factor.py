from __future__ import annotations

from sqlalchemy import delete

from kernel import audit
from kernel.errors import ForbiddenError, NotFoundError
from kernel.work import Work
from people.actions.end_sessions import end_sessions_of
from people.model import Actor
from people.queries.directory import managed_profile
from people.queries.factors import factors_of
from people.rules.seeing import sight_of
from people.tables import AuthenticatorRow, PasskeyRow, RecoveryCodeRow

RESET = "reset"


def remove_authenticator(work: Work, person_id: str) -> None:
    """Take a person's authenticator app out of use; raises NotFoundError if there is none."""
    mine = delete(AuthenticatorRow).where(AuthenticatorRow.person_id == person_id, AuthenticatorRow.secret.is_not(None))
    if work.session.scalars(mine.returning(AuthenticatorRow.person_id)).first() is None:
        raise NotFoundError
    _void_codes_without_factor(work, person_id)
    audit.record(work, actor=person_id, action="people.authenticator_remove", subject=("person", person_id))


def remove_passkey(work: Work, person_id: str, passkey_id: str) -> None:
    """Take one of a person's passkeys out of use; raises NotFoundError if it is not theirs."""
    mine = delete(PasskeyRow).where(PasskeyRow.id == passkey_id, PasskeyRow.person_id == person_id)
    if work.session.scalars(mine.returning(PasskeyRow.id)).first() is None:
        raise NotFoundError
    _void_codes_without_factor(work, person_id)
    facts = {"passkey": passkey_id}
    audit.record(work, actor=person_id, action="people.passkey_remove", subject=("person", person_id), details=facts)


def reset_second_factor(work: Work, actor: Actor, person_id: str) -> None:
    """Take all second factors of somebody who lost them out of use, and end their sessions.

    Administrators do so in their council and its forum, the lead authority for the users of providers. Raises
    NotFoundError for anybody else, ForbiddenError for one's own: whoever can still sign in changes theirs with a code.
    """
    managed_profile(work.session, sight_of(actor), person_id)
    if actor.id == person_id:
        raise ForbiddenError("You cannot reset your own second factor. Change it under your account.")
    _reset(work, actor.id, person_id)


def reset_by_operator(work: Work, person_id: str) -> None:
    """Do the same for somebody whom nobody else can help: whoever runs the hub does it on its machine."""
    _reset(work, audit.SYSTEM, person_id)


def _reset(work: Work, actor: str, person_id: str) -> None:
    for row in (AuthenticatorRow, PasskeyRow, RecoveryCodeRow):
        work.session.execute(delete(row).where(row.person_id == person_id))
    end_sessions_of(work, person_id, RESET, actor=actor)
    audit.record(work, actor=actor, action="people.second_factor_reset", subject=("person", person_id))


def _void_codes_without_factor(work: Work, person_id: str) -> None:
    work.session.flush()
    if not factors_of(work.session, person_id).has_any:
        work.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id))
