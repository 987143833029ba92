"""The harness must be able to fail: here it is seen to catch workers that trust that nothing ever stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from channels.inbound import FIRST
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel
from kernel.database import Database
from kernel.doorbell import NoDoorbell
from tests.crash.account import AUTH_TOKEN
from tests.crash.evidence import Promised, gather
from tests.crash.fleet import Part
from tests.crash.judge import Fault, judge
from tests.crash.naive import NaiveWorker, naive_part
from tests.crash.storm import Blow, kill, leave_alone
from tests.crash.town import ground_over, settle_phones
from tests.crash.trial import Report, Scale, Stage, run_trial
from tests.services.vendor import VendorStub, running_vendor

SCALE = Scale(readers=20, per_s=60, phones=0, longest_pause_s=1.5, calm_s=20)
NOWHERE = "http://127.0.0.1:1"


def storm_over(database: Database, vendor: VendorStub, part: Part, blows: Sequence[Blow], folder: Path) -> Report:
    vendor.be_slow(20)
    stage = Stage(database, vendor, NoDoorbell(), NOWHERE, [part], blows)
    return run_trial(stage, SCALE, 1, folder / "kept")


@pytest.fixture
def vendor() -> Iterator[VendorStub]:
    with running_vendor(AUTH_TOKEN) as vendor:
        yield vendor


@pytest.mark.parametrize(("record", "fault"), [("after", Fault.TWICE), ("before", Fault.LOST)])
def test_worker_that_trusts_its_luck_is_caught(
    sqlite_database: Database, vendor: VendorStub, tmp_path: Path, record: str, fault: Fault
) -> None:
    part = naive_part(sqlite_database, vendor, record, tmp_path)
    report = storm_over(sqlite_database, vendor, part, [kill(part)] * 3, tmp_path)
    assert report.struck == {"kill naive": 3}
    assert {finding.fault for finding in report.findings} - {Fault.AFTER} == {fault}
    assert (tmp_path / "kept" / "messages.json").exists()


def test_same_worker_is_not_blamed_when_nothing_stops_it(
    sqlite_database: Database, vendor: VendorStub, tmp_path: Path
) -> None:
    part = naive_part(sqlite_database, vendor, "after", tmp_path)
    report = storm_over(sqlite_database, vendor, part, [leave_alone()] * 2, tmp_path)
    assert (report.findings, report.taken) == ([], report.messages)
    assert report.messages > 0


def test_worker_that_answers_the_newest_first_is_caught(sqlite_database: Database, vendor: VendorStub) -> None:
    ground = ground_over(sqlite_database, NoDoorbell(), NOWHERE)
    (number,) = settle_phones(ground, 1)
    inbox = Inbox(ground)
    for text in ("SM1", "SM2"):
        inbox.accept(Arrival(Channel.SMS, text, number, "HELP"))
    inbox.close()
    assert Processor(ground, FIRST).drain() == 2
    worker = NaiveWorker(sqlite_database, vendor.url)
    while worker.newest_first():
        pass
    worker.close()
    found = judge(gather(sqlite_database, vendor, Promised([], {number: ["SM1", "SM2"]}), {}))
    # nobody hears events here
    assert {finding.fault for finding in found} - {Fault.UNFINISHED} == {Fault.DISORDER}
