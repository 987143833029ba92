"""Does what is stored of a referral agree with what the audit log says of it (R34)? Values in, findings out."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from channels.model import Status
from referrals.model.proof import Check, Evidence, Line, StoredAnswer
from referrals.rules.deadlines import is_late
from referrals.rules.fairness import rounds
from referrals.rules.openings import OPENED, Opening, first_openings
from referrals.rules.records import check_records

_ISSUES = frozenset({"referrals.issue", "referrals.change"})


def check_all(evidence: Evidence, answered_key: str) -> tuple[Check, ...]:
    """Return all findings; `answered_key` is that of the message that answers a question to all."""
    return (
        *_issues(evidence),
        *_recipients(evidence),
        *_sends(evidence),
        *_questions(evidence, answered_key),
        *_answers(evidence),
        _opened(evidence),
        *_unseals(evidence),
        *check_records(evidence.lines, evidence.records, evidence.same, evidence.hidden),
    )


def _of(evidence: Evidence, *actions: str) -> list[Line]:
    return [line for line in evidence.lines if line.action in actions]


def _tell(name: str, faults: Collection[str], good: str) -> Check:
    return Check(name, not faults, "; ".join(faults) or good)


def _issues(evidence: Evidence) -> Iterator[Check]:
    """R9, R10: every version has the text, times and recipients with which it went out."""
    lines = {line.details["version"]: line for line in _of(evidence, *_ISSUES)}
    stored = {issue.version: issue for issue in evidence.issues}
    for version in sorted(lines.keys() | stored.keys()):
        line, issue = lines.get(version), stored.get(version)
        if line is None or issue is None:
            where = "the audit log" if line is None else "the tables"
            yield Check(f"Version {version}", holds=False, found=f"It is missing from {where}")
            continue
        faults = []
        if line.details["hash"] != issue.hash:
            faults.append("the stored fingerprint is not the one that was issued")
        if line.details["hash"] != issue.present_hash:
            faults.append("text, times or recipients have been changed since")
        if line.details["deadline_at"] != issue.deadline_at.isoformat():
            faults.append("the deadline is not the one that was issued")
        yield _tell(f"Version {version}", faults, f"Issued as stored, fingerprint {issue.hash}")


def _recipients(evidence: Evidence) -> Iterator[Check]:
    """R2, R3: those who were asked and those who were left out are those of the log, in every version."""
    lines = _of(evidence, *_ISSUES)
    stored = sorted(evidence.recipients.values())
    faults = [
        f"version {line.details['version']} names others" for line in lines if line.details["recipients"] != stored
    ]
    yield _tell("Who was asked", faults, f"{len(stored)} settings, the same in every version")
    left_out = {key: list(filters) for key, filters in evidence.excluded.items()}
    wrong = [line for line in _of(evidence, "referrals.issue") if line.details.get("excluded", {}) != left_out]
    yield _tell(
        "Who was left out", ["the log names others or other reasons"] if wrong else [], f"{len(left_out)} settings"
    )


def _sends(evidence: Evidence) -> Iterator[Check]:
    """R9, R18: nothing left before the release, all with the same words; whether everybody was reached."""
    if not evidence.issues:
        return
    found = rounds(evidence.sends, evidence.issues[0].release_at)
    early = sum(each.early for each in found)
    yield _tell("Nothing left early", [f"{early} left before they might"] if early else [], f"{len(found)} rounds")
    unlike = sum(each.wordings > 1 for each in found)
    yield _tell("The same words for all", [f"{unlike} rounds differ"] if unlike else [], f"{len(found)} rounds")
    if any(line.at < evidence.issues[0].release_at for line in _of(evidence, "referrals.withdraw")):
        yield Check("Nobody was told", early == 0, "Withdrawn before the release")
        return
    told = {str(send.person_id) for send in evidence.sends if send.status is not Status.CANCELLED}
    missed = [one for one, people in evidence.heard_by.items() if not told & set(people)]
    words = f"{len(evidence.heard_by) - len(missed)} of {len(evidence.heard_by)} settings were written to"
    yield Check("Everybody was written to", not missed, words)


def _questions(evidence: Evidence, answered_key: str) -> Iterator[Check]:
    """R11: each answer reads as it was given, and went to all."""
    lines = {str(line.details["question_id"]): line for line in _of(evidence, "referrals.answer_question")}
    faults = []
    for question_id, line in lines.items():
        kept, present = evidence.questions.get(question_id, ("", ""))
        if not line.details["hash"] == kept == present:
            faults.append(f"question {line.details['number']} or its answer has been changed")
    faults += ["an answered question is not in the log"] * len(evidence.questions.keys() - lines.keys())
    told = (
        sum(each.key == answered_key for each in rounds(evidence.sends, evidence.issues[0].release_at)) if lines else 0
    )
    if told < len(lines):
        faults.append(f"only {told} of {len(lines)} answers went out")
    yield _tell("Questions and answers", faults, f"{len(lines)} answered to everybody")


def _opened(evidence: Evidence) -> Check:
    """R34: who opened it, for information: nobody has to."""
    lines = _of(evidence, OPENED)
    stray = {one for line in lines for one in line.details["recipients"]} - evidence.recipients.keys()
    first = first_openings(Opening(line.at, line.details) for line in lines)
    words = f"{len(first)} of {len(evidence.recipients)} settings opened it"
    return _tell("Opened", ["the log names others than were asked"] if stray else [], words)


def _answers(evidence: Evidence) -> Iterator[Check]:
    """R16, R17, R21: every sealed answer is the one that came in, and none is missing or new."""
    yield _compare("Answers in time", _of(evidence, "referrals.respond"), evidence.answers)
    yield _compare("Answers too late, kept apart", _of(evidence, "referrals.respond_late"), evidence.late)
    if evidence.issues:
        deadline_at = evidence.issues[-1].deadline_at
        late = sum(is_late(answer.received_at, deadline_at) for answer in evidence.answers)
        yield _tell("Nothing late among them", [f"{late} came after the deadline"] if late else [], "None")


def _compare(name: str, lines: list[Line], stored: tuple[StoredAnswer, ...]) -> Check:
    logged = {(line.details["recipient_id"], line.details["checksum"]) for line in lines}
    kept = {(answer.recipient_id, answer.checksum) for answer in stored}
    changed = sum(answer.checksum != answer.present_checksum for answer in stored)
    faults = [
        f"{count} {words}"
        for count, words in (
            (len(logged - kept), "of the log are not stored"),
            (len(kept - logged), "are stored and not in the log"),
            (changed, "give another checksum now"),
        )
        if count
    ]
    return _tell(name, faults, f"{len(stored)}, each with the checksum of its receipt")


def _unseals(evidence: Evidence) -> Iterator[Check]:
    """R22: the people of the log have unsealed, after the deadline."""
    lines = _of(evidence, "referrals.unseal")
    logged = {(evidence.same.get(line.actor, line.actor), line.at) for line in lines}
    kept = {(evidence.same.get(each, each), at) for each, at in evidence.unsealers.items()}
    faults = ["the log names others or other times"] if logged != kept else []
    if evidence.issues:
        deadline_at = evidence.issues[-1].deadline_at
        faults += ["somebody unsealed before the deadline"] * any(not is_late(line.at, deadline_at) for line in lines)
    yield _tell("Unsealing", faults, f"{len(lines)} people, after the deadline" if lines else "Not yet")
