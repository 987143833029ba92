from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from fps.model import DocumentKind, LotCard
from fps.model.application_form import EVIDENCE_OF_ORGANISATION, EXCLUSIONS, LONG, Ask, Question, Section
from fps.model.applications import CRITERIA, MARKS, ORGANISATION, Answer, Answers, Evaluation, Mark
from kernel.errors import ConflictError, InvalidInputError, TooLateError

SHORTEST_REASON, LONGEST_REASON = 30, 2000
FAIL = "fail"
MOST_YEARS, MOST_PLACES, MOST_POUNDS = 25, 2000, 1_000_000_000
LEAST_EVALUATORS = 2
MOST_SETTINGS = 60
LONGEST_REFERENCE = 40
_LEAST_OF = {"age_from": (0, MOST_YEARS), "age_to": (0, MOST_YEARS), "places": (1, MOST_PLACES)}
_FORMS: Mapping[str, tuple[str, str]] = {
    "company": (r"[0-9]{8}|[A-Z]{2}[0-9]{6}", "Enter the company number as Companies House gives it: 8 characters."),
    "charity": (r"[0-9]{6,7}(-[0-9]{1,2})?", "Enter the charity number: 6 or 7 digits."),
    "ukprn": (r"1[0-9]{7}", "Enter the UKPRN: 8 digits, the first of them 1."),
    "urn": (r"[0-9]{6}", "Enter the URN: six digits."),
    "email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Enter an email address, like name@example.org."),
    "phone": (r"\+?[0-9 ()-]{8,20}", "Enter a phone number, like 0151 496 0000."),
}


def clean(section: Section, answers: Answers) -> dict[str, Answer]:
    """Return a section's answers as they are kept: only its own questions, trimmed, nothing for what was left empty.

    A section is saved as far as it has got. Raises InvalidInputError for what can never be an answer.
    """
    kept: dict[str, Answer] = {}
    for question in section.questions:
        answer = _cleaned(question, answers.get(question.name, ""))
        if answer:
            _check(question, answer)
            kept[question.name] = answer
    _check_ages(kept)
    return kept


def _cleaned(question: Question, answer: Answer) -> Answer:
    if question.ask is Ask.SEVERAL:
        return sorted({str(each) for each in answer} - {""}) if isinstance(answer, list) else []
    words = answer.strip() if isinstance(answer, str) else ""
    if question.ask in (Ask.NUMBER, Ask.MONEY):
        return re.sub(r"[£,\s]", "", words)
    return words.upper().replace(" ", "") if question.form in ("company", "urn", "ukprn") else words


def _check(question: Question, answer: Answer) -> None:
    if question.ask is Ask.SEVERAL:
        return
    words = str(answer)
    if len(words) > question.longest:
        raise InvalidInputError(question.name, "Write no more than {most} characters.", most=question.longest)
    if question.ask in (Ask.NUMBER, Ask.MONEY):
        _check_number(question, words)
    if question.ask is Ask.YES_NO and words not in ("yes", "no"):
        raise InvalidInputError(question.name, "Choose yes or no.")
    if question.ask is Ask.ONE and words not in dict(question.choices):
        raise InvalidInputError(question.name, "Choose one of the answers.")
    if question.form:
        pattern, sentence = _FORMS[question.form]
        if not re.fullmatch(pattern, words):
            raise InvalidInputError(question.name, sentence)


def _check_number(question: Question, words: str) -> None:
    least, most = _LEAST_OF.get(question.name, (0, MOST_POUNDS))
    if not re.fullmatch(r"[0-9]{1,10}", words) or not least <= int(words) <= most:
        raise InvalidInputError(question.name, "Enter a whole number from {least} to {most}.", least=least, most=most)


def _check_ages(kept: Answers) -> None:
    youngest, oldest = kept.get("age_from"), kept.get("age_to")
    if isinstance(youngest, str) and isinstance(oldest, str) and int(youngest) > int(oldest):
        raise InvalidInputError("age_to", "The oldest age must not be below the youngest.")


def missing(section: Section, answers: Answers) -> tuple[str, ...]:
    """Return the names of a section's questions that must still be answered before the application can be sent."""
    names = [question.name for question in section.questions if question.must and not answers.get(question.name)]
    if section.key == "details" and not (answers.get("company_number") or answers.get("charity_number")):
        names.append("company_number")
    if section.key == "declarations" and _says_yes(answers) and not answers.get("explanation"):
        names.append("explanation")
    return tuple(names)


def _says_yes(answers: Answers) -> bool:
    return any(answers.get(name) == "yes" for name, _ in EXCLUSIONS)


def evidence_of_setting(lots: Iterable[LotCard], *, lodges_52_weeks: bool) -> tuple[DocumentKind, ...]:
    """Return what a setting must show for these lots, beside what the organisation shows for all (DOMAIN.md 2).

    A school where a child lodges for 295 days a year or more is a children's home too.
    """
    wanted = {kind: None for lot in lots for kind in lot.required_documents}
    wanted[DocumentKind.STATEMENT_OF_PURPOSE] = None
    if lodges_52_weeks:
        wanted[DocumentKind.CHILDRENS_HOME_REGISTRATION] = None
    return tuple(kind for kind in DocumentKind if kind in wanted and kind not in EVIDENCE_OF_ORGANISATION)


def wanted_evidence(lots: Iterable[LotCard], *, lodges_52_weeks: bool) -> tuple[DocumentKind, ...]:
    """Return all that must be shown before a setting is admitted to lots: the organisation's and the setting's own."""
    return (*EVIDENCE_OF_ORGANISATION, *evidence_of_setting(lots, lodges_52_weeks=lodges_52_weeks))


def lapsed(valid_until: date | None, on: date) -> bool:
    """Tell whether a document no longer holds on a day; it holds to the end of its last day, or for good."""
    return valid_until is not None and valid_until < on


def is_in_time(at: datetime, closes_at: datetime) -> bool:
    """Tell whether something came before a round closed, to the second: equal is in time (R16)."""
    return at.replace(microsecond=0) <= closes_at


def check_in_time(at: datetime, opens_at: datetime, closes_at: datetime) -> None:
    """Raise ConflictError before a round has opened and TooLateError after it has closed (R16)."""
    if at < opens_at:
        raise ConflictError("This round has not opened yet.")
    if not is_in_time(at, closes_at):
        raise TooLateError("This round has closed. Nothing can be sent or changed any more.")


def canonical(content: Mapping[str, Any]) -> str:
    """Return content as the one text that its checksum is taken of: JSON with sorted keys and no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the content, as the receipt carries it."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def check_reason(field: str, reason: str) -> str:
    """Return a reason without its edges; raises InvalidInputError for one that says too little or too much (R25)."""
    words = reason.strip()
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise InvalidInputError(
            field,
            "Give the reason in {least} to {most} characters.",
            least=SHORTEST_REASON,
            most=LONGEST_REASON,
        )
    return words


def wanted_marks(entry_ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return all that an evaluator judges, as (subject, criterion): the organisation first, then each setting."""
    of_organisation = [(ORGANISATION, each.key) for each in CRITERIA if not each.of_setting]
    of_settings = [(entry, each.key) for entry in entry_ids for each in CRITERIA if each.of_setting]
    return (*of_organisation, *of_settings)


def check_mark(mark: Mark, wanted: Sequence[tuple[str, str]]) -> None:
    """Raise InvalidInputError for a mark that its criterion does not have, or without a reason (R25)."""
    field = f"mark-{mark.subject}-{mark.criterion}"
    if (mark.subject, mark.criterion) not in wanted:
        raise InvalidInputError(field, "This is not asked of this application.")
    scale = next(each.scale for each in CRITERIA if each.key == mark.criterion)
    if mark.mark not in dict(MARKS[scale]):
        raise InvalidInputError(field, "Choose one of the marks.")
    check_reason(f"reason-{mark.subject}-{mark.criterion}", mark.reason)


def standing_evaluators(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """Return the evaluations of those who have not declared a conflict of interest."""
    return [each for each in evaluations if not each.has_conflict]


def are_all_in(evaluations: Sequence[Evaluation]) -> bool:
    """Tell whether at least two have evaluated and nobody is still at it: then, not before, each sees the others'."""
    standing = standing_evaluators(evaluations)
    return len(standing) >= LEAST_EVALUATORS and all(each.finished_at for each in standing)


def check_may_decide(evaluations: Sequence[Evaluation]) -> None:
    """Raise ConflictError unless at least two people without a conflict have evaluated, each wholly."""
    if not are_all_in(evaluations):
        raise ConflictError("A decision needs two complete evaluations. Wait until all evaluators have finished.")


def check_admission(field: str, faults: Sequence[str]) -> None:
    """Raise InvalidInputError where mandatory evidence is missing or has ended: it blocks admission."""
    if faults:
        raise InvalidInputError(field, "It cannot be admitted: {faults}.", faults="; ".join(faults))


def failed_checks(evaluations: Iterable[Evaluation], entry_id: str) -> tuple[str, ...]:
    """Return the titles of the mandatory checks on which an evaluator failed a setting or its organisation."""
    marks = [mark for each in standing_evaluators(evaluations) for mark in each.marks or ()]
    failed = {mark.criterion for mark in marks if mark.mark == FAIL and mark.subject in (ORGANISATION, entry_id)}
    return tuple(each.title for each in CRITERIA if each.key in failed)


def check_override(field: str, override: str, failed: Sequence[str]) -> None:
    """Raise InvalidInputError where a setting is admitted against a mandatory check that it failed, unless it says why.

    What an evaluator found is mandatory: a decision against it is the lead authority's own, in words of its own (R25).
    """
    if not failed:
        if override.strip():
            raise InvalidInputError(field, "Leave this empty: no evaluator has failed it.")
        return
    if not override.strip():
        raise InvalidInputError(
            field,
            "An evaluator has failed it: {checks}. Refuse it, or say why it is admitted all the same.",
            checks=", ".join(failed),
        )
    check_reason(field, override)


def check_contract(
    reference: str, signed_on: date, effective_on: date, standstill_until: date | None, today: date
) -> None:
    """Raise for a contract that cannot have been signed: unnamed, in the future, or before the standstill is over."""
    if not reference.strip() or len(reference.strip()) > LONGEST_REFERENCE:
        raise InvalidInputError(
            "reference", "Enter the contract's reference, up to {most} characters.", most=LONGEST_REFERENCE
        )
    if signed_on > today:
        raise InvalidInputError("signed_on", "Enter a day that is not in the future.")
    if standstill_until is not None and signed_on <= standstill_until:
        raise InvalidInputError(
            "signed_on",
            "The standstill lasts until the end of {day}. The contract is signed after it.",
            day=f"{standstill_until.day} {standstill_until:%B %Y}",
        )
    if effective_on < signed_on:
        raise InvalidInputError("effective_on", "The contract cannot begin before it is signed.")


def check_words(field: str, words: str) -> str:
    """Return words without their edges; raises InvalidInputError for none and for too many."""
    said = words.strip()
    if not 1 <= len(said) <= LONG:
        raise InvalidInputError(field, "Write up to {most} characters.", most=LONG)
    return said


def check_clarification(question: str, due_on: date, today: date) -> str:
    """Return a question to an applicant; raises InvalidInputError without words or for a day that has passed."""
    if due_on < today:
        raise InvalidInputError("due_on", "Enter today or a later day.")
    return check_words("question", question)
