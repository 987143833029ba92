from __future__ import annotations

from kernel.timetable import Job

JOBS: tuple[Job, ...] = ()
