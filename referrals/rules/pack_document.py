"""The pack as a document of sections, whatever the format (R35)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.calendar import LONDON
from referrals.model.packs import Pack, PackAnswer, PackDecision
from referrals.rules.agreement import Section

ASKED = "Who was asked"
LEFT_OUT = "Who was left out"
ANSWERED = "Who answered"
"""The sections that are long where many were asked."""


@dataclass(frozen=True)
class PackDocument:
    """A whole document: its title, what stands under it, what it says of itself, and its sections."""

    title: str
    subtitle: str
    sentences: Sequence[str]
    sections: Sequence[Section]


def pack_document(pack: Pack) -> PackDocument:
    """Return the pack in the order in which a reader asks: what was needed, who was asked, who answered, why this."""
    return PackDocument(
        "Why this placement",
        f"{pack.council}, referral {pack.reference}",
        (
            f"Made {_moment(pack.drafted_at)} from the records of the hub. {pack.phase}.",
            "For the placing council: it holds prices and reasons that are not for providers.",
        ),
        tuple(_sections(pack)),
    )


def _sections(pack: Pack) -> Iterator[Section]:
    if pack.decision:
        yield _decision(pack.decision)
    elif pack.closed_reason:
        yield Section("Closed", sentences=(pack.closed_reason,))
    if pack.judging.preference:
        yield Section("What law puts first", rows=pack.judging.preference)
    yield Section("What was needed", rows=pack.need)
    yield Section("Route", rows=pack.particulars)
    yield Section("Under which terms", rows=(("Framework", pack.framework), ("Lot", pack.lot), ("Law", pack.law)))
    yield _versions(pack)
    if pack.approvals:
        yield _approvals(pack)
    yield _asked(pack)
    yield _left_out(pack)
    if pack.questions:
        yield _questions(pack)
    yield from _answers(pack)
    yield from _evaluation(pack)
    yield Section(
        "What the family and the learner say",
        rows=pack.judging.family_view,
        sentences=_unless(pack.judging.family_view),
    )


def _decision(decision: PackDecision) -> Section:
    rows = [
        ("Decision", f"{decision.outcome}: {decision.supplier}" if decision.supplier else decision.outcome),
        ("Reasons", decision.reasons),
        ("Decided by", f"{decision.decided_by}, {_moment(decision.decided_at)}"),
    ]
    optional = (
        ("Approved by", decision.approved_by),
        ("Next step", decision.next_step),
        ("All were told", _moment(decision.told_at) if decision.told_at else None),
        ("Standstill until", _moment(decision.standstill_until) if decision.standstill_until else None),
        ("Placement", decision.placement),
    )
    return Section("What was decided", rows=(*rows, *((name, words) for name, words in optional if words)))


def _versions(pack: Pack) -> Section:
    table = [
        (
            str(one.number),
            _moment(one.issued_at),
            one.issued_by,
            _moment(one.deadline_at),
            one.reason or "First issue",
            f"{one.hash[:16]}, {'matches' if one.is_intact else 'DOES NOT MATCH'}",
        )
        for one in pack.versions
    ]
    return Section("Issues", head=("Version", "Issued", "By", "Deadline", "Why", "Checksum"), table=table)


def _approvals(pack: Pack) -> Section:
    table = [
        (
            one.what,
            f"{one.asked_by}, {_moment(one.asked_at)}",
            one.reasons,
            f"{one.outcome or 'Not decided'}{f' by {one.decided_by}' if one.decided_by else ''}",
            one.words,
        )
        for one in pack.approvals
    ]
    return Section("Second looks", head=("What", "Asked", "Reasons", "Outcome", "Words"), table=table)


def _asked(pack: Pack) -> Section:
    table = [
        (one.setting, one.provider, one.channel or "", _moment(one.handed_at) if one.handed_at else "")
        for one in pack.asked
    ]
    said = f"{len(pack.asked)} settings were asked, {pack.answered} answered in time, {pack.late} answered too late."
    return Section(ASKED, head=("Setting", "Provider", "Alert by", "Left at"), table=table, sentences=(said,))


def _left_out(pack: Pack) -> Section:
    if not pack.left_out:
        return Section(LEFT_OUT, sentences=("Nobody.",))
    table = [(one.setting, " ".join(one.reasons)) for one in pack.left_out]
    return Section(LEFT_OUT, head=("Setting", "Why"), table=table)


def _questions(pack: Pack) -> Section:
    table = [(str(one.number), one.question, one.answer, _moment(one.answered_at)) for one in pack.questions]
    return Section("Questions, answered to all alike", head=("No.", "Question", "Answer", "When"), table=table)


def _answers(pack: Pack) -> Iterator[Section]:
    if not pack.judging.answers:
        sealed = "Nobody answered in time." if not pack.answered else "The answers are sealed still."
        yield Section(ANSWERED, sentences=(sealed,))
        return
    opened = "; ".join(f"{name}, {_moment(at)}" for name, at in pack.unsealed_by)
    table = [
        (
            one.setting,
            _moment(one.received_at),
            f"{one.answer}{f': {one.reason}' if one.reason else ''}",
            f"£{one.yearly_cost:,}" if one.yearly_cost is not None else "",
            one.checksum[:16],
        )
        for one in pack.judging.answers
    ]
    head = ("Setting", "Received", "Answer", "Cost a year", "Checksum")
    yield Section(ANSWERED, head=head, table=table, sentences=(f"Unsealed by {opened}.",) if opened else ())
    yield from (Section(one.setting, rows=_said(one)) for one in pack.judging.answers if _said(one))


def _said(one: PackAnswer) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Can start", f"{one.starts_on:%d/%m/%Y}" if one.starts_on else ""),
        ("Costs", "; ".join(f"{words} £{pounds:,}" for words, pounds in one.costs)),
        ("Conditions", one.conditions),
        ("Wants to know", one.information_wanted),
        ("Adds", one.words),
    )
    return tuple((name, words) for name, words in rows if words)


def _evaluation(pack: Pack) -> Iterator[Section]:
    weights = tuple((words, f"{points} of 100") for words, points in pack.judging.weights)
    yield Section("What offers were judged by", rows=weights)
    if pack.judging.evaluators:
        yield Section("Who judged", rows=pack.judging.evaluators)
    if pack.judging.scores:
        table = [(one.setting, one.criterion, f"{one.score} of 5", one.reason) for one in pack.judging.scores]
        yield Section("Agreed scores", head=("Setting", "Criterion", "Score", "Reason"), table=table)
    if pack.judging.moderation:
        yield Section("How the evaluators agreed", sentences=(pack.judging.moderation,))
    if pack.judging.ranking:
        ranked = [
            (str(one.place), one.setting, one.points, "Law puts it first" if one.is_by_law else "")
            for one in pack.judging.ranking
        ]
        yield Section("Ranking", head=("Place", "Setting", "Points of 100", "Note"), table=ranked)


def _unless(facts: Sequence[Any]) -> tuple[str, ...]:
    return () if facts else ("Their view is not recorded yet.",)


def _moment(at: datetime) -> str:
    return at.astimezone(LONDON).strftime("%d/%m/%Y %H:%M")
