from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from channels.model import Status as MessageStatus
from channels.model import Subject
from channels.queries import messages_about
from channels.tables import MessageRow
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.model import Intake, Status
from kernel.audit import verify
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.tables import AuditRow, EventRow
from referrals.actions.confirm_findings import confirm_findings
from referrals.actions.draft_referral import Draft, draft_referral, edit_draft
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.messages import ALERT
from referrals.model import AgeBand, Gender, Phase
from referrals.queries.councils import referral
from referrals.queries.drafts import draft
from referrals.queries.lists import referrals_of
from referrals.queries.previews import alert_channels, draft_preview
from referrals.rules.issuing import issue_hash
from referrals.tables import ExclusionRow, IssueRow, RecipientRow
from tests.referrals.sample import need
from tests.referrals.world import DEADLINE_ON, World

LATER = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_every_eligible_setting_is_alerted_at_the_release_and_nobody_else(world: World) -> None:
    """R2, R3, R9: each by its contact's own channel, all held until the same moment."""
    referral_id = world.issued(release_at=LATER)
    with world.ground.read() as session:
        asked = session.scalars(select(RecipientRow.setting_id)).all()
        assert set(asked) == set(world.settings[:3])
        told = messages_about(session, Subject("referral", referral_id))
    alerts = [message for message in told if message.key == ALERT.key]
    assert {alert.person_id for alert in alerts} == {world.user(number).id for number in range(3)}
    assert [alert.channel for alert in alerts] == ["email", "sms", "email"]
    assert {alert.due_at for alert in alerts} == {LATER}
    assert {alert.status for alert in alerts} == {MessageStatus.HELD}
    assert {alert.urgency for alert in alerts} == {0}


def test_the_alert_holds_reference_council_lot_deadline_and_link_and_no_more(world: World) -> None:
    """R30: not one word of what the commissioner wrote; R9: the same values for all; R33: this learner is rare."""
    referral_id = world.issued(need(outcomes="learns to swim", risk_wording="runs away", travel_zone="near water"))
    with world.ground.read() as session:
        values = session.scalars(select(MessageRow.values).where(MessageRow.key == "referrals.alert")).all()
        page = referral(session, world.commissioner, referral_id, world.ground.clock.now())
    assert (
        values
        == [
            {
                "reference": page.text.reference,
                "council": "A North West council",
                "lot": "Lot 1: day, 0 to 16",
                "lot_number": 1,
                "deadline": "2026-12-01T12:00:00+00:00",
                "link": f"/referrals/{referral_id}",
            }
        ]
        * 3
    )


def test_the_page_says_who_was_left_out_and_why(world: World) -> None:
    """R3"""
    referral_id = world.issued()
    with world.ground.read() as session:
        page = referral(session, world.commissioner, referral_id, world.ground.clock.now())
    assert [line.setting_name for line in page.recipients] == ["School 0", "School 1", "School 2"]
    assert [(line.setting_name, line.reasons) for line in page.exclusions] == [
        ("School 3", ("It is suspended.",)),
        ("School 4", ("It has paused new referrals itself.",)),
    ]
    assert (page.counts.asked, page.counts.answered, page.phase) == (3, 0, Phase.OPEN)
    assert all(line.alert is not None for line in page.recipients)


def test_one_contact_of_two_settings_gets_one_alert(world: World) -> None:
    with world.ground.work() as work:
        second = replace(world.register.new_setting(0), name="Second school", urn="999900")
        world.register.active_setting(work, 0, new=second)
    world.issued()
    with world.ground.read() as session:
        assert len(session.scalars(select(RecipientRow)).all()) == 4
        assert len(session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).all()) == 3


def test_an_issue_is_frozen_and_its_hash_proves_it(world: World) -> None:
    """R9"""
    referral_id = world.issued()
    with world.ground.read() as session:
        issue = session.scalars(select(IssueRow)).one()
        asked = session.scalars(select(RecipientRow.setting_id)).all()
        changed = {**issue.text, "outcomes": "x"}
        assert issue.hash == issue_hash(issue.text, issue.release_at, issue.deadline_at, asked)
        assert issue.hash != issue_hash(changed, issue.release_at, issue.deadline_at, asked)
        assert (issue.version, issue.zone) == (1, "Europe/London")
    change = Draft(world.register.council_id, world.register.lots[0].id, need(AgeBand.FROM_12))
    with pytest.raises(NotFoundError):
        world.issue(referral_id)
    with pytest.raises(ConflictError):
        _edit(world, referral_id, change)
    with pytest.raises(ConflictError), world.ground.work() as work:
        confirm_findings(work, world.commissioner, referral_id, [])
    with world.ground.read() as session:
        assert len(session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).all()) == 3


def _edit(world: World, referral_id: str, change: Draft) -> None:
    with world.ground.work() as work:
        edit_draft(work, world.commissioner, referral_id, change)


def test_what_happens_to_a_setting_after_the_issue_changes_neither_lists_nor_hash(world: World) -> None:
    """R9"""
    referral_id = world.issued()
    with world.ground.work() as work:
        change_status(
            work,
            world.register.lead,
            ChangeStatus(world.settings[0], world.register.lots[0].id, Status.SUSPENDED, "Later."),
        )
    with world.ground.read() as session:
        page = referral(session, world.commissioner, referral_id, world.ground.clock.now())
    assert len(page.recipients) == 3
    assert len(page.exclusions) == 2


def test_the_decision_is_on_record_and_announced(world: World) -> None:
    """R34"""
    referral_id = world.issued()
    with world.ground.read() as session:
        lines = session.scalars(select(AuditRow).where(AuditRow.subject_id == referral_id).order_by(AuditRow.seq)).all()
        assert [line.action for line in lines] == [
            "referrals.draft",
            "referrals.confirm_wording",
            "referrals.ask_approval",
            "referrals.decide_approval",
            "referrals.issue",
        ]
        assert all(setting_id in lines[-1].details for setting_id in world.settings)
        assert "suspended" not in lines[-1].details
        assert "not_active" in lines[-1].details
        assert verify(session).broken_at is None
        event = session.scalars(select(EventRow).where(EventRow.name == "referrals.issued")).one()
        assert event.payload["recipients"] == 3


def test_nothing_is_issued_while_a_finding_waits_for_a_person(world: World) -> None:
    """R31"""
    wanted = need(outcomes="Lives with Amina Khan in Bolton")
    referral_id = world.drafted()
    _edit(world, referral_id, Draft(world.register.council_id, world.register.lots[0].id, wanted))
    with pytest.raises(ConflictError, match="wording"):
        world.issue(referral_id)
    with world.ground.work() as work:
        waiting = draft(work.session, world.commissioner, referral_id).unconfirmed
        confirm_findings(work, world.colleague, referral_id, [waiting[0].key, "of nothing"])
    with pytest.raises(ConflictError, match="wording"):
        world.issue(referral_id)
    with world.ground.work() as work:
        confirm_findings(work, world.colleague, referral_id, [one.key for one in waiting])
        assert draft(work.session, world.commissioner, referral_id).unconfirmed == ()
    world.issue(referral_id)


def test_what_is_issued_is_what_was_previewed(world: World) -> None:
    """R9: when the list changes between the look and the press, the press is refused."""
    referral_id = world.drafted()
    with world.ground.read() as session:
        seen = draft_preview(session, world.commissioner, referral_id, world.ground.clock.now())
    assert len(seen.selection.recipients) == 3
    with world.ground.work() as work:
        world.register.step(work, world.settings[0], Status.SELF_PAUSED)
    with pytest.raises(ConflictError, match="changed since"), world.ground.work() as work:
        issue_referral(work, world.commissioner, IssueReferral(referral_id, DEADLINE_ON, None, seen.fingerprint))
    with world.ground.read() as session:
        assert session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).all() == []
        assert session.scalars(select(ExclusionRow)).all() == []


def test_release_and_deadline_are_checked(world: World, clock: FixedClock) -> None:
    """R14, R15"""
    referral_id = world.drafted()
    for release_at, deadline_on in (
        (clock.now() - timedelta(seconds=1), DEADLINE_ON),
        (None, date(2026, 11, 27)),
        (None, date(2026, 12, 5)),
        (datetime(2026, 11, 26, 9, tzinfo=UTC), DEADLINE_ON),
    ):
        with pytest.raises(InvalidInputError):
            world.issue(referral_id, release_at, deadline_on)


def test_a_referral_that_nobody_can_be_asked_about_is_not_issued(world: World) -> None:
    referral_id = world.drafted(need(AgeBand.FROM_20))
    with pytest.raises(ConflictError, match="nobody"):
        world.issue(referral_id)


def test_gender_goes_into_the_text_only_where_a_registration_asks_for_it(world: World) -> None:
    """R31, R3"""
    mixed = world.drafted(need(gender=Gender.FEMALE))
    now = world.ground.clock.now()
    with world.ground.read() as session:
        assert draft_preview(session, world.commissioner, mixed, now).text["gender"] is None
    with world.ground.work() as work:
        boys = replace(world.register.new_setting(1), name="Boys only", urn="999901", intake=Intake.BOYS)
        world.register.active_setting(work, 1, new=boys)
    with world.ground.read() as session:
        shown = draft_preview(session, world.commissioner, mixed, now)
    assert shown.text["gender"] == "female"
    assert shown.selection.excluded[0].candidate.setting.name == "Boys only"


def test_the_preview_tells_by_which_channel_each_alert_would_go(world: World) -> None:
    people = [world.user(number).id for number in range(3)]
    with world.ground.read() as session:
        found = alert_channels(session, [*people, world.commissioner.id])
    assert found == dict(zip([*people, world.commissioner.id], ["email", "sms", "email", None], strict=True))


def test_a_council_sees_and_changes_only_its_own_referrals(world: World) -> None:
    """A3"""
    mine, draft_id = world.issued(), world.drafted()
    now = world.ground.clock.now()
    with world.ground.read() as session:
        assert referrals_of(session, world.stranger, now) == []
        assert len(referrals_of(session, world.colleague, now)) == 2
        for outsider in (world.stranger, world.user(0), world.register.lead):
            with pytest.raises(NotFoundError):
                referral(session, outsider, mine, now)
            with pytest.raises(NotFoundError):
                draft(session, outsider, draft_id)
            with pytest.raises(NotFoundError):
                draft_preview(session, outsider, draft_id, now)
    change = Draft(world.register.council_id, world.register.lots[0].id, need())
    for outsider in (world.stranger, world.user(0)):
        with pytest.raises(NotFoundError), world.ground.work() as work:
            edit_draft(work, outsider, draft_id, change)
        with pytest.raises(NotFoundError), world.ground.work() as work:
            confirm_findings(work, outsider, draft_id, [])
        with pytest.raises(NotFoundError), world.ground.work() as work:
            issue_referral(work, outsider, IssueReferral(draft_id, DEADLINE_ON, None, ""))
        with pytest.raises(ForbiddenError), world.ground.work() as work:
            draft_referral(work, outsider, change)


def test_a_council_drafts_only_on_lots_through_which_it_buys(world: World) -> None:
    lead_id = world.register.lead.roles[0].organisation_id
    with pytest.raises(ForbiddenError), world.ground.work() as work:
        draft_referral(work, world.register.lead, Draft(lead_id, world.register.lots[0].id, need()))
    wrong = Draft(world.register.council_id, world.register.lots[0].id, replace(need(), starts_until=date(2026, 1, 1)))
    with pytest.raises(InvalidInputError), world.ground.work() as work:
        draft_referral(work, world.commissioner, wrong)


def test_two_who_press_at_once_issue_once(world: World) -> None:
    """R9"""
    referral_id = world.drafted()

    def press(_: int) -> bool:
        try:
            world.issue(referral_id)
        except (ConflictError, NotFoundError):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]
    with world.ground.read() as session:
        assert len(session.scalars(select(IssueRow)).all()) == 1
        assert len(session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).all()) == 3
