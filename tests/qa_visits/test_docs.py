from __future__ import annotations

from pathlib import Path

from qa_visits.jobs import JOBS
from qa_visits.messages import MESSAGES
from qa_visits.model import VisitSettings, VisitState
from qa_visits.rules.figures import FIGURES, value_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "qa_visits.md").read_text()


def test_every_figure_is_documented_with_its_default() -> None:
    for figure in FIGURES:
        assert f"| `{figure.name}` | {figure.meaning} | {value_of(VisitSettings(), figure) or 'none'} |" in PAGE


def test_every_message_job_and_state_is_documented() -> None:
    assert all(f"| `{message.key}` |" in PAGE for message in MESSAGES)
    assert all(f"`{job.name}`" in PAGE for job in JOBS)
    assert all(f"| {state.label.lower()} |" in PAGE for state in VisitState)
