from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import text

from channels.queries import messages_to
from fps.model import Regime
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from referrals.actions.notices.record_notice import RecordNotice, record_notice, set_prefix
from referrals.actions.notices.remind_of_notices import remind_of_notices
from referrals.actions.placements.write_parts import add_part, remove_part
from referrals.model.contracts import ContractKind
from referrals.model.notices import AwardToTell, Named, NoticeAward, NoticeState
from referrals.model.routes import Route
from referrals.queries.notice_drafts import Desk, awards_to_tell, drafted
from referrals.queries.notices import count_sent, duties_of, duty, sent_notices, sent_package, to_send
from referrals.rules.notices import check_prefix, duties, note, package_hash
from referrals.rules.open_contracting import Publisher, release_package
from tests.referrals.clocks.conftest import Browse
from tests.referrals.evaluation import world as evaluated
from tests.referrals.notices.ocds import PACKAGE
from tests.referrals.placements import world as placed
from tests.referrals.world import World

URL = "https://hub.example.org"
VALIDATOR = Draft202012Validator(PACKAGE, format_checker=FormatChecker())
AWARD = AwardToTell(
    award_id="01award",
    reference="ABC234",
    route=Route.MINI_COMPETITION,
    lot="Lot 1: day places",
    framework="North West FPS",
    framework_ocid="ocds-h6vhtk-0547f9",
    buyer=Named("Sefton", "01council", "XI-GSS", "E08000014"),
    supplier=Named("Hill Trust", "01provider"),
    setting=Named("Hill School", "01setting", "GB-EDU", "123456"),
    released_at=datetime(2026, 11, 2, 10, tzinfo=UTC),
    deadline_at=datetime(2026, 11, 9, 12, tzinfo=UTC),
    tenders=3,
    weights=(("Quality record", 60), ("Price", 40)),
    decided_at=datetime(2026, 11, 20, 15, tzinfo=UTC),
    placement="PL2345",
    starts_on=date(2027, 1, 11),
    ends_on=date(2028, 1, 10),
    signed_on=date(2026, 12, 1),
    ended_on=None,
    yearly=50_000,
)


def owed(regime: Regime, decided_on: date, entered_on: date | None = None, award_id: str = "a") -> NoticeAward:
    return NoticeAward(award_id, "c", "f", regime, Route.MINI_COMPETITION, decided_on, entered_on or decided_on)


def packed(*awards: AwardToTell) -> dict[str, Any]:
    publisher = Publisher(AWARD.buyer, f"{URL}/commissioning/notices/x/draft.json", "ocds-ab12cd")
    return release_package(publisher, awards, datetime(2026, 11, 23, 10, tzinfo=UTC))


def sign_in_december(world: World) -> str:
    """Award a mini-competition on 2 December; return the referral."""
    referral_id = evaluated.settled(world)
    evaluated.award(world, referral_id)
    return referral_id


@pytest.mark.parametrize("regime", [Regime.PCR_LIGHT_TOUCH, Regime.PCR_DPS])
def test_R38_awards_under_the_2015_regulations_are_grouped_by_quarter_and_due_30_days_after_it(regime: Regime) -> None:
    found = duties(
        [
            owed(regime, date(2026, 10, 1), award_id="a"),
            owed(regime, date(2026, 12, 31), award_id="b"),
            owed(regime, date(2027, 1, 1), award_id="c"),
        ]
    )
    assert [(each.award_ids, each.due_on) for each in found] == [
        (("a", "b"), date(2027, 1, 30)),
        (("c",), date(2027, 4, 30)),
    ]
    assert found[0].state(date(2026, 12, 31)) is NoticeState.COLLECTING
    assert found[0].state(date(2027, 1, 30)) is NoticeState.TO_SEND
    assert found[0].state(date(2027, 1, 31)) is NoticeState.LATE


def test_notices_of_two_councils_for_one_quarter_and_framework_have_names_of_their_own() -> None:
    own = owed(Regime.PCR_LIGHT_TOUCH, date(2026, 10, 1))
    found = duties([own, replace(own, council_id="d", award_id="b")])
    assert len({each.key for each in found}) == 2
    assert {each.council_id for each in found} == {"c", "d"}


def test_R38_under_the_2023_act_each_contract_has_its_notice_within_120_days_of_being_entered_into() -> None:
    entered = date(2026, 12, 1)
    found = duties([owed(Regime.PA23, date(2026, 11, 20), entered, each) for each in ("a", "b")])
    assert [(each.award_ids, each.due_on) for each in found] == [
        (("a",), date(2027, 3, 31)),
        (("b",), date(2027, 3, 31)),
    ]


def test_R37_the_note_names_the_law_of_the_parent() -> None:
    assert "2015" in note(Regime.PCR_LIGHT_TOUCH)
    assert "23 February 2029" in note(Regime.PCR_DPS)
    assert "2023" in note(Regime.PA23)


@pytest.mark.parametrize(
    "award",
    [
        AWARD,
        replace(AWARD, placement=None, starts_on=None, ends_on=None, signed_on=None, yearly=None),
        replace(AWARD, route=Route.OFF_FRAMEWORK_SPOT, lot=None, framework=None, framework_ocid=None, setting=None),
        replace(AWARD, route=Route.DIRECT_AWARD, framework_ocid=None),
        replace(AWARD, route=Route.BLOCK_CALLDOWN, signed_on=None, ends_on=None, weights=()),
        replace(AWARD, ended_on=date(2027, 6, 1), yearly=0, setting=Named("Hill School", "01setting", "GB-EDU", None)),
        replace(AWARD, tenders=0, weights=(), released_at=None),
    ],
)
def test_R38_every_draft_is_a_valid_release_package_of_ocds_1_1(award: AwardToTell) -> None:
    faults = [f"{list(fault.path)}: {fault.message}" for fault in VALIDATOR.iter_errors(packed(award))]
    assert not faults


def test_the_description_of_the_standard_finds_faults() -> None:
    broken = packed(AWARD)
    broken["releases"][0]["tender"]["title"] = ""
    broken["releases"][0]["tag"] = ["awarded"]
    del broken["publishedDate"]
    assert len(list(VALIDATOR.iter_errors(broken))) == 3


def test_a_release_tells_whom_what_and_under_which_framework_and_nothing_of_the_learner() -> None:
    release = packed(AWARD)["releases"][0]
    assert release["ocid"] == "ocds-ab12cd-ABC234"
    assert release["relatedProcesses"][0]["identifier"] == "ocds-h6vhtk-0547f9"
    assert release["awards"][0]["value"] == {"amount": 50_000.0, "currency": "GBP"}
    assert release["tender"]["numberOfTenderers"] == 3
    assert release["contracts"][0]["status"] == "active"
    assert {role for party in release["parties"] for role in party["roles"]} == {
        "buyer",
        "procuringEntity",
        "supplier",
    }
    fields = set(AwardToTell.__dataclass_fields__)
    assert not fields & {"need_area", "age_band", "year_group", "gender", "learner_code", "outcomes"}


def test_two_drafts_of_one_award_are_the_same_but_for_their_time() -> None:
    assert package_hash(packed(AWARD)) == package_hash(packed(AWARD))
    assert [release["id"] for release in packed(replace(AWARD, reference="ZZZ"), AWARD)["releases"]] == [
        "ABC234-20261120",
        "ZZZ-20261120",
    ]


@pytest.mark.parametrize("written", ["", "ocds-", "ocds-ab12c", "ab12cd", "ocds-ab12cd-1", "ocds-ab12cé"])
def test_a_prefix_has_its_form(written: str) -> None:
    with pytest.raises(InvalidInputError):
        check_prefix(written)
    assert check_prefix(" OCDS-AB12CD ") == "ocds-ab12cd"


COMMAND = RecordNotice("", "2027/S 000-1", date(2027, 1, 4), URL)


def in_january(world: World, clock: FixedClock) -> RecordNotice:
    """Award in December, and wait until the quarter is over; return how its notice is recorded."""
    sign_in_december(world)
    clock.set(datetime(2027, 1, 5, 10, tzinfo=UTC))
    with world.ground.work() as work:
        (found,) = duties_of(work.session, [world.register.council_id], date(2027, 1, 5))
        set_prefix(work, world.commissioner, world.register.council_id, "ocds-ab12cd")
    return replace(COMMAND, key=found.key)


def test_R38_while_a_quarter_runs_its_notice_is_not_to_be_sent(world: World, clock: FixedClock) -> None:
    sign_in_december(world)
    with world.ground.read() as session:
        (found,) = duties_of(session, [world.register.council_id], date(2026, 12, 2))
        assert found.state(date(2026, 12, 2)) is NoticeState.COLLECTING
        assert to_send(session, world.commissioner, clock.now()).count == 0
    with pytest.raises(ConflictError), world.ground.work() as work:
        record_notice(work, world.commissioner, replace(COMMAND, key=found.key))


def test_R38_the_draft_of_a_quarter_is_built_from_its_awards(world: World, clock: FixedClock) -> None:
    key = in_january(world, clock).key
    with world.ground.read() as session:
        assert to_send(session, world.commissioner, clock.now()).due.first == date(2027, 1, 30)
        found = duty(session, world.commissioner, key, date(2027, 1, 5))
        package = drafted(session, found, Desk(world.ground.keys, URL, clock.now()))
    assert not list(VALIDATOR.iter_errors(package))
    (release,) = package["releases"]
    assert release["ocid"].startswith("ocds-ab12cd-")
    assert release["tender"]["numberOfTenderers"] == 2


def test_a_notice_is_kept_as_it_was_sent_and_sealed_at_rest(world: World, clock: FixedClock) -> None:
    command, me = in_january(world, clock), world.commissioner
    for wrong in (
        replace(command, number=" "),
        replace(command, sent_on=date(2027, 1, 6)),
        replace(command, sent_on=date(2026, 12, 31)),
    ):
        with pytest.raises(InvalidInputError), world.ground.work() as work:
            record_notice(work, me, wrong)
    with world.ground.work() as work:
        notice_id = record_notice(work, me, command)
    with pytest.raises(ConflictError, match="recorded already"), world.ground.work() as work:
        record_notice(work, me, command)
    with world.ground.read() as session:
        assert duties_of(session, [world.register.council_id], date(2027, 1, 5)) == []
        (kept,) = sent_notices(session, me)
        assert kept.hash == package_hash(sent_package(session, me, notice_id))
        raw = session.execute(text("SELECT package FROM procurement_notices")).scalar_one()
        with pytest.raises(NotFoundError):
            sent_package(session, world.stranger, notice_id)
        assert count_sent(session, world.stranger) == 0
    assert "ocds" not in raw


def test_another_council_finds_no_notice_of_this_one(world: World) -> None:
    sign_in_december(world)
    with world.ground.read() as session:
        (found,) = duties_of(session, [world.register.council_id], date(2026, 12, 2))
        with pytest.raises(NotFoundError):
            duty(session, world.stranger, found.key, date(2026, 12, 2))


def test_commissioners_are_reminded_14_and_3_days_before_once_each(world: World, clock: FixedClock) -> None:
    sign_in_december(world)
    sent: dict[date, int] = {}
    clock.set(datetime(2026, 12, 20, 10, tzinfo=UTC))
    for _ in range(50):
        for _again in range(2):
            with world.ground.work() as work:
                sent[clock.now().date()] = sent.get(clock.now().date(), 0) + remind_of_notices(work)
        clock.move(timedelta(days=1))
    assert {day: count for day, count in sent.items() if count} == {date(2027, 1, 16): 2, date(2027, 1, 27): 2}
    with world.ground.read() as session:
        assert [one.key for one in messages_to(session, world.stranger.id)] == []


def test_the_pages_lead_from_the_duty_to_the_draft_and_keep_what_was_sent(
    world: World, clock: FixedClock, browse: Browse
) -> None:
    assert "No notice is owed" in browse(world.commissioner).get("/commissioning/notices").text
    sign_in_december(world)
    clock.set(datetime(2027, 1, 5, 10, tzinfo=UTC))
    client = browse(world.commissioner)
    assert "October to December 2026" in client.get("/commissioning/notices").text
    with world.ground.read() as session:
        (found,) = duties_of(session, [world.register.council_id], date(2027, 1, 5))
    page = client.get(f"/commissioning/notices/{found.key}").text
    assert "ocds-000000" in page
    assert "Public Contracts Regulations 2015" in page
    draft = client.get(f"/commissioning/notices/{found.key}/draft.json")
    assert not list(VALIDATOR.iter_errors(json.loads(draft.text)))
    assert draft.headers["Cache-Control"] == "no-store"
    refused = client.post("/commissioning/notices/prefix", data={"ocid_prefix": "mine"})
    assert "Enter a prefix like" in refused.text
    client.post("/commissioning/notices/prefix", data={"ocid_prefix": "ocds-ab12cd"})
    data = {"number": "2027/S 000-1", "sent_on": ["5", "1", "2027"]}
    said = client.post(f"/commissioning/notices/{found.key}/sent", data=data, follow_redirects=True).text
    assert "The notice is recorded as sent." in said
    assert "2027/S 000-1" in said
    assert client.get(f"/commissioning/notices/{found.key}").status_code == 404
    assert browse(world.stranger).get(f"/commissioning/notices/{found.key}").status_code == 404


@pytest.mark.parametrize("route", [Route.OFF_FRAMEWORK_SPOT, Route.EXISTING_CONTRACT])
def test_R7_R8_what_was_not_called_off_the_framework_has_a_notice_of_its_own_and_names_none(
    world: World, route: Route
) -> None:
    is_contracted = route is Route.EXISTING_CONTRACT
    contract_id = placed.contract(world, None, ContractKind.EXISTING) if is_contracted else None
    placed.begun(world, route=route, contract_id=contract_id)
    with world.ground.read() as session:
        (found,) = duties_of(session, [world.register.council_id], date(2026, 11, 23))
        desk = Desk(world.ground.keys, URL, world.ground.clock.now())
        package = drafted(session, found, desk)
    assert (found.regime, found.framework_id, found.quarter) == (Regime.PA23, None, None)
    assert not list(VALIDATOR.iter_errors(package))
    assert "relatedProcesses" not in package["releases"][0]
    assert world.register.lots[0].title not in package["releases"][0]["tender"]["title"]


def test_R38_the_value_of_an_award_is_what_was_awarded_without_what_was_bought_besides(world: World) -> None:
    placement_id, me = placed.begun(world), world.commissioner
    placed.write(world, placement_id)
    for stays in (False, True):
        with world.ground.work() as work:
            edition = placed.card(world, placement_id).edition
            part_id = add_part(work, me, placement_id, edition, placed.SPOT, replace(placed.PART, service="Tutoring"))
            if not stays:
                remove_part(work, me, placement_id, edition + 1, part_id)
    award_id = placed.card(world, placement_id).award_id
    assert award_id is not None
    with world.ground.read() as session:
        (found,) = awards_to_tell(session, [award_id], world.ground.keys)
    assert found.yearly == placed.PART.fees.total
