from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.finding import Found
from people.model import Actor
from people.queries.directory import Wanted, directory, organisations_seen
from people.rules.seeing import sight_of


def find_persons(session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find people by name, as far as this person may see them; nothing of how they are reached is shown."""
    found, _total = directory(session, sight_of(actor), Wanted(name=words), limit=limit)
    return [Found(one.id, one.name, ", ".join(dict.fromkeys(tie.organisation for tie in one.ties))) for one in found]


def find_organisations(session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find organisations by name, among those by which this person may filter the directory."""
    parts = [part.casefold() for part in words.split()]
    seen = organisations_seen(session, sight_of(actor))
    named = (Found(place_id, name) for place_id, name in seen if all(part in name.casefold() for part in parts))
    return list(named)[:limit]
