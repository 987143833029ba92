from __future__ import annotations

from datetime import timedelta

import pytest

from fps.actions.applications.add_file import AddFile, add_file
from fps.actions.applications.change_settings import add_setting, remove_setting
from fps.actions.applications.save_section import SavedMeanwhileError, SaveSection, save_section
from fps.actions.applications.start_application import start_application
from fps.actions.applications.withdraw_application import withdraw_application
from fps.actions.standing.register_setting import register_setting
from fps.model import DocumentKind, Status
from fps.model.applications import ORGANISATION, Answers, ApplicationState
from fps.queries import settings_of, status_on
from fps.queries.applications import draft_of, own_application, own_applications, submissions
from fps.rules.application_tasks import all_tasks
from fps.rules.applications import checksum
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TooLateError
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import open_all
from tests.fps.applications.filled import (
    CLOSES,
    NOW,
    OF_ORGANISATION,
    PLACE,
    add_one,
    filled,
    pdf,
    send,
    started,
    told,
)


def _open_tasks(scene: Scene, application_id: str) -> list[str]:
    with scene.ground.read() as session:
        draft = draft_of(session, own_application(session, scene.world.providers[0][1], application_id))
        return [task.title for task in all_tasks(draft, london_date(NOW)) if not task.is_done]


def test_the_task_list_names_all_that_is_missing_until_nothing_is(scene: Scene) -> None:
    with scene.ground.work() as work:
        application_id = started(work, scene.joined, scene.world.providers[0])
    missing = _open_tasks(scene, application_id)
    assert missing[:4] == ["Your organisation", "Declarations", "Finance and insurance", "Policies, services and costs"]
    assert "Insurance certificate" in missing
    assert missing[-1] == "Settings"
    with scene.ground.work() as work:
        filled(work, scene.world, scene.joined)
    assert _open_tasks(scene, application_id) == []


def test_a_section_is_saved_as_far_as_it_has_got(scene: Scene) -> None:
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        application_id = started(work, scene.joined, scene.world.providers[0])
        half = SaveSection(application_id, ORGANISATION, "details", {"legal_name": " Half ", "company_number": ""}, 0)
        assert save_section(work, user, half, NOW) == 1
    with scene.ground.read() as session:
        draft = draft_of(session, own_application(session, user, application_id))
    assert draft.answers(ORGANISATION, "details") == {"legal_name": "Half"}
    assert "Your organisation" in _open_tasks(scene, application_id)


def test_two_colleagues_at_once_see_a_conflict_and_overwrite_nothing(scene: Scene) -> None:
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        application_id = started(work, scene.joined, scene.world.providers[0])
        first = SaveSection(application_id, ORGANISATION, "finance", {"accounts": "Ours"}, 0)
        save_section(work, user, first, NOW)
    other = SaveSection(application_id, ORGANISATION, "finance", {"accounts": "Mine"}, 0)
    with pytest.raises(SavedMeanwhileError), scene.ground.work() as work:
        save_section(work, user, other, NOW)
    with scene.ground.work() as work:
        assert save_section(work, user, first, NOW) == 1  # the same press twice
        draft = draft_of(work.session, own_application(work.session, user, application_id))
        assert draft.answers(ORGANISATION, "finance") == {"accounts": "Ours"}


@pytest.mark.parametrize(
    ("section", "answers", "field"),
    [
        ("details", {"company_number": "12"}, "company_number"),
        ("details", {"ukprn": "20000000"}, "ukprn"),
        ("details", {"contact_email": "nobody"}, "contact_email"),
        ("declarations", {"unpaid": "perhaps"}, "unpaid"),
        ("finance", {"public_liability": "a lot"}, "public_liability"),
        ("finance", {"accounts": "x" * 4001}, "accounts"),
    ],
)
def test_what_can_never_be_an_answer_is_refused_at_its_field(
    scene: Scene, section: str, answers: dict[str, str], field: str
) -> None:
    with scene.ground.work() as work:
        application_id = started(work, scene.joined, scene.world.providers[0])
        with pytest.raises(InvalidInputError) as refused:
            save_section(
                work,
                scene.world.providers[0][1],
                SaveSection(application_id, ORGANISATION, section, answers, 0),
                NOW,
            )
    assert refused.value.field == field


def test_a_yes_to_an_exclusion_ground_must_be_explained(scene: Scene) -> None:
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        answers = {**OF_ORGANISATION["declarations"], "unpaid": "yes"}
        command = SaveSection(application_id, ORGANISATION, "declarations", answers, 1)
        save_section(work, scene.world.providers[0][1], command, NOW)
    assert _open_tasks(scene, application_id) == ["Declarations"]


def test_sending_freezes_what_is_said_and_puts_nothing_on_the_register(scene: Scene) -> None:
    """R21"""
    provider_id, user = scene.world.providers[0]
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        sent = send(work, user, application_id)
    assert sent.checksum == checksum(sent.content)
    with scene.ground.work() as work:
        assert send(work, user, application_id) == sent, "sent twice unchanged, it is sent once"
    with scene.ground.read() as session:
        assert settings_of(session, [provider_id]) == []
        assert [one.number for one in submissions(session, application_id)] == [1]
        receipts = told(session, "fps.application_receipt", user.id)
        assert [values["checksum"] for values in receipts] == [sent.checksum]


def test_what_was_sent_last_applies_on_its_lots_when_the_round_is_opened(scene: Scene, clock: FixedClock) -> None:
    provider_id, user = scene.world.providers[0]
    first, second = scene.joined.lot_ids[:2]
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        send(work, user, application_id)
        (entry,) = draft_of(work.session, own_application(work.session, user, application_id)).entries
        answers: Answers = {"lots": [second], "places": "40", "lodges_52": "no"}
        save_section(work, user, SaveSection(application_id, entry.id, "lots", answers, 1), NOW)
        send(work, user, application_id)
    open_all(scene, clock)
    with scene.ground.read() as session:
        (made,) = settings_of(session, [provider_id])
        today = london_date(clock.now())
        assert [status_on(session, made.id, lot, today) for lot in (first, second)] == [None, Status.APPLIED]
        assert (made.name, made.urn) == (PLACE["name"], None), "its URN stands there once it is admitted"


def test_what_was_withdrawn_can_be_taken_up_again_until_the_round_closes(scene: Scene) -> None:
    provider = scene.world.providers[0]
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        send(work, provider[1], application_id)
        withdraw_application(work, provider[1], application_id)
        withdraw_application(work, provider[1], application_id)
        with pytest.raises(ConflictError):
            add_setting(work, provider[1], application_id, None, NOW)
        assert started(work, scene.joined, provider) == application_id
        send(work, provider[1], application_id)
        assert own_application(work.session, provider[1], application_id).state is ApplicationState.SUBMITTED


def test_withdrawing_an_opened_application_leaves_its_lots(scene: Scene, clock: FixedClock) -> None:
    provider_id, user = scene.world.providers[0]
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        send(work, user, application_id)
    open_all(scene, clock)
    with scene.ground.work() as work:
        withdraw_application(work, user, application_id)
        (made,) = settings_of(work.session, [provider_id])
        assert status_on(work.session, made.id, scene.joined.lot_ids[0], london_date(work.now)) is Status.EXITED


def test_R16_equal_to_the_closing_second_is_in_time_and_one_second_later_is_late(
    scene: Scene, clock: FixedClock
) -> None:
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
    clock.set(CLOSES + timedelta(seconds=1))
    with pytest.raises(TooLateError), scene.ground.work() as work:
        send(work, user, application_id)
    with scene.ground.work() as work:
        assert send(work, user, application_id, at=CLOSES + timedelta(milliseconds=900)).number == 1
        with pytest.raises(TooLateError):
            start_application(work, user, scene.joined.id, scene.world.providers[0][0], work.now)
        with pytest.raises(TooLateError):
            add_one(work, user, application_id, ORGANISATION, DocumentKind.INSURANCE)


def test_rivals_and_strangers_find_nothing(scene: Scene) -> None:
    rival, stranger = scene.world.providers[1][1], scene.world.lead
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        for other in (rival, stranger):
            with pytest.raises(NotFoundError):
                own_application(work.session, other, application_id)
            with pytest.raises(NotFoundError):
                send(work, other, application_id)
            assert own_applications(work.session, other) == ([], 0)
        with pytest.raises(ForbiddenError):
            start_application(work, rival, scene.joined.id, scene.world.providers[0][0], NOW)
        theirs = register_setting(work, rival, scene.world.new_setting(1))
        with pytest.raises(NotFoundError):
            add_setting(work, scene.world.providers[0][1], application_id, theirs, NOW)


def test_a_setting_on_the_lot_already_and_a_kind_that_is_not_taken_are_told_in_the_task_list(scene: Scene) -> None:
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        active = scene.world.active_setting(work, 0)
        application_id = filled(work, scene.world, scene.joined, setting_id=active)
        draft = draft_of(work.session, own_application(work.session, user, application_id))
        (task,) = [task for task in all_tasks(draft, london_date(NOW)) if not task.is_done]
        assert "already" in task.note
        with pytest.raises(InvalidInputError):
            send(work, user, application_id)
        remove_setting(work, user, application_id, draft.entries[0].id, NOW)
        entry_id = add_setting(work, user, application_id, None, NOW)
        place = {**PLACE, "kind": "ap_unregistered", "urn": ""}
        save_section(work, user, SaveSection(application_id, entry_id, "place", place, 0), NOW)
        lots: Answers = {"lots": [scene.joined.lot_ids[0]], "places": "10", "lodges_52": "no"}
        save_section(work, user, SaveSection(application_id, entry_id, "lots", lots, 0), NOW)
        draft = draft_of(work.session, own_application(work.session, user, application_id))
        notes = [task.note for task in all_tasks(draft, london_date(NOW)) if task.key == "lots"]
        assert "does not take" in notes[0]


def test_52_weeks_ask_for_the_childrens_home_registration(scene: Scene) -> None:
    """P17"""
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        (entry,) = draft_of(work.session, own_application(work.session, user, application_id)).entries
        lots: Answers = {"lots": [scene.joined.lot_ids[0]], "places": "10", "lodges_52": "yes"}
        save_section(work, user, SaveSection(application_id, entry.id, "lots", lots, 1), NOW)
    assert _open_tasks(scene, application_id) == ["Children's home registration"]


def test_evidence_that_has_run_out_is_not_taken(scene: Scene) -> None:
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        application_id = started(work, scene.joined, scene.world.providers[0])
        late = london_date(NOW) - timedelta(days=1)
        command = AddFile(application_id, ORGANISATION, DocumentKind.INSURANCE, pdf(), None, late)
        with pytest.raises(InvalidInputError):
            add_file(work, user, command, NOW)
        with pytest.raises(NotFoundError):
            add_one(work, user, application_id, ORGANISATION, DocumentKind.DFE_REGISTRATION)
