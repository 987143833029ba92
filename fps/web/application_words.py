from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Response, url_for

from fps.model import LotCard
from fps.model.application_form import Ask, Question, Section
from fps.model.applications import ORGANISATION, Answer, Answers, ApplicationState, Task

STATE_TAGS: Mapping[ApplicationState, str] = {
    ApplicationState.DRAFT: "yellow",
    ApplicationState.SUBMITTED: "green",
    ApplicationState.WITHDRAWN: "grey",
    ApplicationState.CANCELLED: "grey",
    ApplicationState.DECIDED: "blue",
}


def task_item(application_id: str, task: Task, *, is_open: bool) -> dict[str, object]:
    """Return one line of a GOV.UK task list."""
    status = {"text": "Completed"} if task.is_done and not task.note else {"tag": _tag(task)}
    item: dict[str, object] = {"title": {"text": task.title}, "status": status}
    if is_open:
        item["href"] = _address(application_id, task)
    if task.note and _tag(task)["text"] != task.note:
        item["hint"] = {"text": task.note}
    return item


_PLAIN = ("Not started", "Not added", "Optional", "The register holds it")


def _tag(task: Task) -> dict[str, str]:
    if task.is_done:
        return {"text": task.note, "classes": "govuk-tag--grey"}
    if task.note in _PLAIN:
        return {"text": task.note, "classes": "govuk-tag--blue"}
    return {"text": "To do", "classes": "govuk-tag--yellow"}


def _address(application_id: str, task: Task) -> str:
    if task.kind is not None:
        if task.subject == ORGANISATION:
            return url_for("fps.own_evidence_pieces.of_organisation", application_id=application_id, piece=task.kind)
        return url_for(
            "fps.own_evidence_pieces.of_setting", application_id=application_id, entry_id=task.subject, piece=task.kind
        )
    if task.subject == ORGANISATION:
        return url_for("fps.own_applications.of_organisation", application_id=application_id, section=task.key)
    return url_for(
        "fps.own_applications.of_setting", application_id=application_id, entry_id=task.subject, section=task.key
    )


def shown_answers(section: Section, answers: Answers, lots: Iterable[LotCard]) -> list[tuple[str, str]]:
    """Return a section's questions with their answers in words; what was left empty says so."""
    titles = {lot.id: lot.title for lot in lots}
    return [(question.label, _said(question, answers.get(question.name, ""), titles)) for question in section.questions]


def _said(question: Question, answer: Answer, lots: Mapping[str, str]) -> str:
    words = {**dict(question.choices), **lots, "yes": "Yes", "no": "No"}
    if isinstance(answer, list):
        return ", ".join(words.get(each, each) for each in answer) or "Not answered"
    if question.ask is Ask.MONEY and answer.isdigit():
        return f"£{int(answer):,}"
    if question.ask in (Ask.ONE, Ask.YES_NO):
        return words.get(answer, answer) or "Not answered"
    return answer or "Not answered"


_MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "jpg": "image/jpeg",
}


def send_file(name: str, kind: str, content: bytes) -> Response:
    """Send a file to be saved, never to be shown in the browser."""
    answer = Response(content, mimetype=_MIMES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
