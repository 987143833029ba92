from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fps.tables import ApplicationFileRow, DocumentFileRow


def unjudged_files(session: Session) -> tuple[int, list[str]]:
    """Return how many files the virus scanner could not judge so far, and what it said, each once and a few at most."""
    count, said = 0, set[str]()
    for row in (DocumentFileRow, ApplicationFileRow):
        failing = row.scanned_at.is_(None), row.scans > 0
        count += session.scalar(select(func.count()).select_from(row).where(*failing)) or 0
        said.update(each for each in session.scalars(select(row.scan_said).distinct().where(*failing).limit(3)) if each)
    return count, sorted(said)[:3]
