from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import audit
from people.model import Role
from people.tables import OrganisationRow, PersonRow

_ACTIONS = {
    "people.register": "Registered",
    "people.edit": "Details changed",
    "people.role_given": "Role given",
    "people.role_ended": "Role ended",
    "people.sign_in": "Signed in",
    "people.session_end": "A session ended",
    "people.opt_out": "Said STOP",
    "people.opt_in": "Said START",
    "people.contact_added": "Contact point added",
    "people.contact_removed": "Contact point removed",
    "people.contact_verified": "Contact point proved by code",
    "people.contact_ordered": "Order of contact points changed",
    "people.contact_failed": "Contact point does not work",
    "people.contact_works": "Contact point works again",
    "people.consent_given": "Consent given",
    "people.consent_withdrawn": "Consent withdrawn",
    "people.invited": "Invited",
    "people.invitation_sent": "Invitation sent again",
    "people.invitation_accepted": "Invitation accepted",
    "people.invitation_withdrawn": "Invitation withdrawn",
    "people.delegated": "Named somebody to act for them",
    "people.delegation_ended": "Delegation ended",
    "people.merged": "Two records made one",
    "people.unmerged": "Merge undone",
    "people.distinct": "Said to be two different people",
    "people.left": "Left",
    "people.came_back": "Came back",
    "people.my_details_sent": "Link to their own details sent",
}
_FIELDS = {"name": "name", "language": "language", "quiet_from": "quiet hours", "quiet_to": "quiet hours"}
_CHANNELS = {"sms": "text message", "email": "email", "slack": "Slack", "web": "this site"}
_ROLES = {role.value: role.value.replace("_", " ") for role in Role}


@dataclass(frozen=True)
class HistoryLine:
    """What happened to a person, in words: what, who did it, when, and what more is known."""

    title: str
    at: datetime
    by: str
    text: str


def history_of(session: Session, person_id: str, *, limit: int = 50) -> list[HistoryLine]:
    """Return what happened to a person, the newest first, ids written as names."""
    entries = audit.lines_about(session, ("person", person_id), limit=limit)
    told = [json.loads(entry.details) for entry in entries]
    ids = {entry.actor for entry in entries} | {value for facts in told for value in _ids_in(facts)}
    names = _names(session, ids)
    return [
        HistoryLine(_title(entry.action), entry.at, _who(entry.actor, facts, names), _facts(facts, names))
        for entry, facts in zip(entries, told, strict=True)
    ]


def _ids_in(facts: dict[str, Any]) -> list[str]:
    return [str(value) for value in (*facts.values(), *facts.get("acting_for", []))]


def _title(action: str) -> str:
    return _ACTIONS.get(action) or action.partition(".")[2].replace("_", " ").capitalize()


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    found = {
        row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name).where(_in(PersonRow, ids)))
    }
    places = select(OrganisationRow.id, OrganisationRow.name).where(_in(OrganisationRow, ids))
    return found | {row.id: row.name for row in session.execute(places)}


def _in(row: type[PersonRow | OrganisationRow], ids: set[str]) -> Any:  # noqa: ANN401 - SQLAlchemy's condition
    return row.id.in_(ids)


def _who(actor: str, facts: dict[str, Any], names: dict[str, str]) -> str:
    name = "the hub" if actor == audit.SYSTEM else names.get(actor, "somebody who is not here any more")
    absent = [names[person] for person in facts.get("acting_for", []) if person in names]
    return f"{name}, acting for {' and '.join(absent)}" if absent else name


def _facts(facts: dict[str, Any], names: dict[str, str]) -> str:
    said = []
    if "role" in facts:
        said.append(_ROLES.get(facts["role"], facts["role"]))
    if "channel" in facts:
        said.append(_CHANNELS.get(facts["channel"], facts["channel"]))
    if "changed" in facts:
        said.append(", ".join(dict.fromkeys(_FIELDS.get(field, field) for field in facts["changed"])))
    said += [names[str(value)] for key, value in facts.items() if key != "acting_for" and str(value) in names]
    text = ", ".join(said)
    return text[:1].upper() + text[1:]
