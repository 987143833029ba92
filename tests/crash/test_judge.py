"""Each fault that the judge knows, from evidence made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crash.evidence import Evidence, Promised, Stored, Written
from tests.crash.judge import Fault, judge
from tests.services.vendor import Taken

PHONE = "+447700900500"


def message(name: str, status: str = "sent", *, like: str = "", answers: str | None = None) -> Written:
    return Written(name, like or name, status, None, answers)


def taken(*marks: str) -> list[Taken]:
    return [Taken(number, 100.0 + number, PHONE, mark) for number, mark in enumerate(marks, start=1)]


GOOD = Evidence(
    promised=Promised(["m1"], {PHONE: ["SM1", "SM2"]}),
    messages=[message("m1"), message("r1", answers="i1"), message("r2", "delivered", answers="i2")],
    inbound=[Stored("i1", "SM1", PHONE, "answered"), Stored("i2", "SM2", PHONE, "answered")],
    taken=taken("m1-1", "r1-2", "r2-1"),
    seen_sent={"m1": 101.5},
    unheard_events=0,
    parked=0,
    audit_fault="",
)


def faults(evidence: Evidence) -> list[Fault]:
    return [finding.fault for finding in judge(evidence)]


def test_kept_promises_leave_nothing_to_say() -> None:
    assert faults(GOOD) == []


def test_message_that_was_queued_and_is_gone_is_lost() -> None:
    assert faults(replace(GOOD, promised=Promised(["m1", "m9"], {}))) == [Fault.LOST]


def test_message_recorded_sent_that_the_vendor_never_took_is_lost() -> None:
    assert faults(replace(GOOD, taken=taken("r1-2", "r2-1"), seen_sent={})) == [Fault.LOST]


def test_message_taken_twice_is_found_though_its_attempts_differ() -> None:
    assert faults(replace(GOOD, taken=taken("m1-1", "m1-2", "r1-2", "r2-1"), seen_sent={})) == [Fault.TWICE]


def test_message_taken_after_it_was_seen_as_sent_is_told_apart() -> None:
    twice = replace(GOOD, taken=taken("m1-1", "r1-2", "r2-1", "m1-2"))
    assert faults(twice) == [Fault.TWICE, Fault.AFTER]


def test_of_twins_it_is_all_the_same_which_was_taken_for_which() -> None:
    twins = [message("m1", like="same"), message("m2", like="same")]
    evidence = replace(GOOD, messages=[*GOOD.messages[1:], *twins], seen_sent={})
    assert faults(replace(evidence, taken=taken("m1-1", "m1-2", "r1-2", "r2-1"))) == []
    assert faults(replace(evidence, taken=taken("m1-1", "r1-2", "r2-1"))) == [Fault.LOST]
    assert faults(replace(evidence, taken=taken("m1-1", "m2-1", "m1-2", "r1-2", "r2-1"))) == [Fault.TWICE]


@pytest.mark.parametrize("status", ["queued", "held", "handing_over", "unknown", "failed", "cancelled", "expired"])
def test_message_that_is_not_sent_is_unfinished(status: str) -> None:
    assert faults(replace(GOOD, messages=[*GOOD.messages, message("m2", status)])) == [Fault.UNFINISHED]


def test_message_that_stop_has_cancelled_is_no_fault() -> None:
    stopped = Written("m2", "m2", "cancelled", "opted_out", None)
    assert faults(replace(GOOD, messages=[*GOOD.messages, stopped])) == []
    sent_all_the_same = replace(GOOD, taken=[*GOOD.taken, Taken(4, 104, PHONE, "m2-1")])
    assert faults(replace(sent_all_the_same, messages=[*GOOD.messages, stopped])) == [Fault.TWICE]


@pytest.mark.parametrize("mark", ["m9-1", None])
def test_post_that_belongs_to_no_message_is_a_stray(mark: str | None) -> None:
    assert faults(replace(GOOD, taken=[*GOOD.taken, Taken(4, 104, PHONE, mark)])) == [Fault.STRAY]


def test_accepted_text_that_is_not_stored_is_found() -> None:
    evidence = replace(GOOD, promised=Promised(["m1"], {PHONE: ["SM1", "SM2", "SM3"]}))
    assert faults(evidence) == [Fault.UNHEARD]


@pytest.mark.parametrize("state", ["waiting", "parked"])
def test_text_that_did_not_end_is_found(state: str) -> None:
    inbound = [GOOD.inbound[0], replace(GOOD.inbound[1], state=state)]
    assert faults(replace(GOOD, inbound=inbound)) == [Fault.UNHEARD]


def test_text_stored_twice_is_found() -> None:
    inbound = [*GOOD.inbound, replace(GOOD.inbound[1], id="i3")]
    assert Fault.DOUBLED in faults(replace(GOOD, inbound=inbound))


def test_text_that_ended_as_answered_without_an_answer_is_found() -> None:
    evidence = replace(GOOD, messages=GOOD.messages[:2], taken=GOOD.taken[:2])
    assert faults(evidence) == [Fault.UNANSWERED]


def test_answers_in_another_order_than_the_texts_are_found() -> None:
    assert faults(replace(GOOD, taken=taken("m1-1", "r2-1", "r1-2"))) == [Fault.DISORDER]


def test_texts_stored_in_another_order_than_sent_are_found() -> None:
    evidence = replace(GOOD, inbound=GOOD.inbound[::-1])
    assert faults(evidence) == [Fault.DISORDER]


def test_event_that_not_every_reaction_heard_is_unfinished() -> None:
    assert faults(replace(GOOD, unheard_events=1)) == [Fault.UNFINISHED]


def test_parked_work_and_a_broken_audit_log_are_found() -> None:
    assert faults(replace(GOOD, parked=2)) == [Fault.PARKED]
    assert faults(replace(GOOD, audit_fault="line 7: its content was changed")) == [Fault.AUDIT]
