from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from kernel import audit
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.tables import PasskeyRow

_LONGEST_NAME = 60
MOST_PASSKEYS = 20


@dataclass(frozen=True)
class NewPasskey:
    """A passkey whose answer was verified; `credential_id` and `public_key` are base64url."""

    name: str
    credential_id: str
    public_key: str
    sign_count: int


def add_passkey(work: Work, person_id: str, new: NewPasskey) -> str:
    """Keep a passkey and return its id.

    Raises InvalidInputError for a name that is missing or too long, ConflictError for a passkey that is kept already
    or one too many.
    """
    name = " ".join(new.name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise InvalidInputError("name", "Enter a name for the passkey of at most {most} letters.", most=_LONGEST_NAME)
    if work.session.scalars(select(PasskeyRow.id).where(PasskeyRow.credential_id == new.credential_id)).first():
        raise ConflictError("This passkey is set up already.")
    kept = work.session.scalars(select(PasskeyRow.id).where(PasskeyRow.person_id == person_id)).all()
    if len(kept) >= MOST_PASSKEYS:
        raise ConflictError("You have {most} passkeys. Remove one first.", most=MOST_PASSKEYS)
    row = PasskeyRow(
        id=new_id(),
        person_id=person_id,
        name=name,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    facts = {"passkey": row.id}
    audit.record(work, actor=person_id, action="people.passkey_add", subject=("person", person_id), details=facts)
    return row.id


def use_passkey(work: Work, passkey_id: str, sign_count_before: int, sign_count: int) -> None:
    """Note that a passkey has proved its owner.

    Raises ForbiddenError if its count has moved since it was read: two answers at once, of which one is a copy's.
    """
    mine = update(PasskeyRow).where(PasskeyRow.id == passkey_id, PasskeyRow.sign_count == sign_count_before)
    noted = mine.values(sign_count=sign_count, used_at=work.now).returning(PasskeyRow.person_id)
    person_id = work.session.scalars(noted).first()
    if person_id is None:
        raise ForbiddenError
    facts = {"by": "passkey", "passkey": passkey_id}
    audit.record(work, actor=person_id, action="people.second_factor", subject=("person", person_id), details=facts)
