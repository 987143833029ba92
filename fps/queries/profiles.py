from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model.directory import Attendance, KeyStage, Need, Profile, ProfileVersion, Stay, Therapy
from fps.tables import ProfileRow, ProfileVersionRow

_LISTS = {"needs": Need, "therapies": Therapy, "stays": Stay, "key_stages": KeyStage, "attendance": Attendance}


def to_content(profile: Profile) -> dict[str, Any]:
    """Return a profile as it is kept."""
    return asdict(profile)


def from_content(content: Mapping[str, Any]) -> Profile:
    """Return a profile of what was kept; what it does not know, it leaves out."""
    known = {name: content[name] for name in Profile.__dataclass_fields__ if name in content}
    for name, kind in _LISTS.items():
        known[name] = tuple(kind(each) for each in known.get(name, ()) if each in set(kind))
    return Profile(**known)


def published_profiles(session: Session, setting_ids: Iterable[str]) -> dict[str, Profile]:
    """Return what is published of these settings, by setting; one query."""
    rows = select(ProfileRow.setting_id, ProfileRow.content).where(ProfileRow.setting_id.in_(list(setting_ids)))
    return {setting_id: from_content(content) for setting_id, content in session.execute(rows)}


def profile_versions(session: Session, setting_id: str, *, limit: int = 50) -> list[ProfileVersion]:
    """Return the versions of a setting's profile, the newest first."""
    rows = select(ProfileVersionRow).where(ProfileVersionRow.setting_id == setting_id)
    return [
        ProfileVersion(row.number, from_content(row.content), row.written_at, row.written_by, row.published_at)
        for row in session.scalars(rows.order_by(ProfileVersionRow.number.desc()).limit(limit))
    ]
