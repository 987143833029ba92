"""What applications to joining rounds hold of persons. Who signed a contract stands there by name alone."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from fps import tables
from people.holdings import Fate, Holding

_WHY = "It is part of the record of a procurement: who applied, who judged, and why (R34, R36)."
_UNTIL = "6 years after the round has closed, or after the framework has ended where a contract was signed"


def _kept(kind: str, title: str, row: type[DeclarativeBase], column: str, /, **shown: str) -> Holding:
    return Holding(kind, title, row, Fate.KEEP, column, shown=shown, why=_WHY, until=_UNTIL)


APPLICATION_HOLDINGS = (
    _kept("marks", "Marks you gave to applications", tables.MarkRow, "person_id",
          criterion="Criterion", mark="Mark", reason="Reason", saved_at="When"),
    _kept("evaluations", "Applications you were named to evaluate", tables.EvaluatorRow, "person_id",
          named_at="Named", declared_at="Declared", has_conflict="Conflict of interest", finished_at="Handed in"),
    _kept("named_evaluators", "Evaluators you named", tables.EvaluatorRow, "named_by", named_at="When"),
    _kept("moderations", "Records of moderation you wrote", tables.ModerationRow, "written_by",
          words="Record", written_at="When"),
    _kept("admissions", "Decisions on applications you took", tables.AdmissionRow, "decided_by",
          outcome="Decision", reasons="Reasons", override="In spite of a failed check", decided_at="When"),
    _kept("clarifications", "Questions you asked applicants", tables.ClarificationRow, "asked_by",
          question="Question", asked_at="When"),
    _kept("clarification_answers", "Answers you gave about an application", tables.ClarificationRow, "answered_by",
          answer="Answer", answered_at="When"),
    _kept("contracts", "Contracts you recorded", tables.ContractRow, "recorded_by",
          reference="Reference", recorded_at="When"),
    _kept("published_lists", "Lists you published", tables.ListPublicationRow, "published_by", published_at="When"),
    _kept("submissions", "Applications you sent", tables.SubmissionRow, "submitted_by",
          submitted_at="When", checksum="Checksum"),
    _kept("sent_applications", "Applications sent last", tables.ApplicationRow, "submitted_by", submitted_at="When"),
    _kept("started_applications", "Applications you started", tables.ApplicationRow, "created_by", created_at="When"),
    _kept("application_parts", "Sections of applications you saved", tables.ApplicationPartRow, "saved_by",
          section="Section", saved_at="When"),
    _kept("application_files", "Evidence you added to applications", tables.ApplicationFileRow, "added_by",
          name="File", kind="Kind", added_at="When"),
)  # fmt: skip
