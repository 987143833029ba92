from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor
from people.waiting import Look, Tally, Waiting
from qa_visits import waiting
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.submit_evidence import SubmitEvidence, submit_evidence
from qa_visits.model import ActionState, VisitType
from qa_visits.queries import action, figures, visit
from tests.qa_visits.web.conftest import Browse
from tests.qa_visits.world import World, open_action, propose

NOW = datetime(2026, 12, 9, 16, tzinfo=UTC)


@pytest.fixture
def action_id(ground: Ground, world: World, clock: FixedClock) -> str:
    visit_id = propose(ground, world)
    with ground.work() as work:
        accept_visit(work, world.officer, visit_id)
    clock.set(NOW)
    return open_action(ground, world, visit_id)


def state(ground: Ground, world: World, action_id: str) -> ActionState:
    with ground.read() as session:
        return action(session, action_id, today=date(2026, 12, 9), council_ids=[world.council]).state


def send(ground: Ground, world: World, action_id: str) -> None:
    with ground.work() as work:
        submit_evidence(work, world.owner, SubmitEvidence(action_id, "The visitors' book is kept and signed."))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 12, 10, 10, tzinfo=UTC), "Green: on track"),
        (datetime(2026, 12, 17, 10, tzinfo=UTC), "Amber: due soon"),
        (datetime(2027, 1, 5, 10, tzinfo=UTC), "Red: overdue"),
    ],
)
def test_colour_is_told_in_words_to_both_sides(
    world: World, browse: Browse, clock: FixedClock, action_id: str, at: datetime, words: str
) -> None:
    clock.set(at)
    for person, path in ((world.officer, "/improvement-actions"), (world.owner, "/my-improvement-actions")):
        client = browse(person)
        assert words in client.get(path).text
        assert words in client.get(f"{path}/{action_id}").text


def test_provider_sends_evidence_and_officer_verifies(world: World, browse: Browse, action_id: str) -> None:
    provider, officer = browse(world.owner), browse(world.officer)
    assert "Verify" not in officer.get(f"/improvement-actions/{action_id}").text
    short = provider.post(f"/my-improvement-actions/{action_id}", data={"text": "Done."})
    assert (short.status_code, "in 10 to 4000 characters" in short.text) == (422, True)

    sent = provider.post(
        f"/my-improvement-actions/{action_id}", data={"text": "The visitors' book is kept."}, follow_redirects=True
    )

    assert "Your evidence is sent." in sent.text
    page = officer.get(f"/improvement-actions/{action_id}").text
    assert "The visitors&#39; book is kept." in page
    assert "Green: evidence to check" in page
    verified = officer.post(f"/improvement-actions/{action_id}/verify", follow_redirects=True)
    assert "Blue: verified" in verified.text
    assert "Nothing more is needed." in provider.get(f"/my-improvement-actions/{action_id}").text
    assert "Check every visitor" in officer.get("/improvement-actions?which=ended").text
    assert "Check every visitor" in provider.get("/my-improvement-actions?which=ended").text


def test_officer_sends_evidence_back_with_a_reason(
    ground: Ground, world: World, browse: Browse, action_id: str
) -> None:
    send(ground, world, action_id)
    officer = browse(world.officer)
    assert officer.post(f"/improvement-actions/{action_id}/send-back", data={"reason": ""}).status_code == 422

    back = officer.post(
        f"/improvement-actions/{action_id}/send-back", data={"reason": "Show December."}, follow_redirects=True
    )

    assert "Red: more evidence needed" in back.text
    assert "Show December." in browse(world.owner).get(f"/my-improvement-actions/{action_id}").text


def test_provider_is_not_shown_who_watches(ground: Ground, world: World, browse: Browse, action_id: str) -> None:
    send(ground, world, action_id)

    page = browse(world.owner).get(f"/my-improvement-actions/{action_id}").text

    assert "Sefton Council" in page
    assert world.officer.name not in page


def test_commissioner_reads_and_cannot_check(ground: Ground, world: World, browse: Browse, action_id: str) -> None:
    send(ground, world, action_id)
    client = browse(world.commissioner)

    assert "Verify: the action is done" not in client.get(f"/improvement-actions/{action_id}").text
    assert client.post(f"/improvement-actions/{action_id}/verify").status_code == 403
    assert state(ground, world, action_id) is ActionState.EVIDENCE_IN


def test_no_other_council_or_provider_reaches_the_action(
    ground: Ground, world: World, browse: Browse, action_id: str
) -> None:
    send(ground, world, action_id)
    other_provider, other_council = browse(world.other_owner), browse(world.stranger)

    assert other_provider.get(f"/my-improvement-actions/{action_id}").status_code == 404
    evidence = {"text": "We did it, honestly."}
    assert other_provider.post(f"/my-improvement-actions/{action_id}", data=evidence).status_code == 404
    assert "Check every visitor" not in other_provider.get("/my-improvement-actions").text
    assert other_council.get(f"/improvement-actions/{action_id}").status_code == 404
    assert other_council.post(f"/improvement-actions/{action_id}/verify").status_code == 404
    assert other_council.post(f"/improvement-actions/{action_id}/send-back", data={"reason": "x"}).status_code == 404
    assert "Check every visitor" not in other_council.get("/improvement-actions").text
    for path in ("", "/verify", "/send-back"):
        assert browse(world.owner).post(f"/improvement-actions/{action_id}{path}").status_code in (403, 405)
    assert browse(world.officer).get(f"/my-improvement-actions/{action_id}").status_code == 403
    assert state(ground, world, action_id) is ActionState.EVIDENCE_IN


def test_words_of_a_provider_are_shown_as_words(ground: Ground, world: World, browse: Browse, action_id: str) -> None:
    with ground.work() as work:
        submit_evidence(work, world.owner, SubmitEvidence(action_id, "<script>alert(1)</script> {braces} %s"))

    page = browse(world.officer).get(f"/improvement-actions/{action_id}").text

    assert "<script>alert" not in page
    assert "{braces} %s" in page


def test_administrator_changes_a_figure(ground: Ground, world: World, browse: Browse) -> None:
    client = browse(world.administrator)
    assert "-10, -3, 0, 1, 5" in client.get("/visits/figures").text
    url = "/visits/figures/visit.notice_wd.annual"
    assert 'value="10"' in client.get(url).text
    wrong = client.post(url, data={"value": "soon"})
    assert (wrong.status_code, "Enter whole numbers only." in wrong.text) == (422, True)

    assert "The figure is changed." in client.post(url, data={"value": "12"}, follow_redirects=True).text

    with ground.read() as session:
        assert figures(session).notice_wd[VisitType.ANNUAL] == 12
    assert client.get("/visits/figures/visit.unknown").status_code == 404
    assert browse(world.officer).get("/visits/figures").status_code == 403
    assert browse(world.officer).post(url, data={"value": "1"}).status_code == 403


def test_start_page_can_count_what_waits(ground: Ground, world: World, action_id: str) -> None:
    """Each count is that of one person: what waits for them and nobody else."""

    def read(look: Look, person: Actor, now: datetime = NOW) -> Waiting:
        with ground.read() as session:
            return look(session, person, now)

    propose(ground, world, day=date(2027, 1, 20))
    for person, visits, evidence, own in ((world.officer, 1, 0, 0), (world.owner, 0, 0, 1), (world.stranger, 0, 0, 0)):
        assert read(waiting.proposed, person).count == visits
        assert read(waiting.evidence_to_check, person).count == evidence
        assert read(waiting.own_actions, person).count == own
    due_on = read(waiting.own_actions, world.owner).due.first
    assert isinstance(due_on, date)
    late = datetime.combine(due_on + timedelta(days=1), time(9), UTC)
    assert read(waiting.own_actions, world.owner, late) == Waiting(late=Tally(1, due_on))
    assert read(waiting.owed_to_councils, world.officer, late) == Waiting(late=Tally(1, due_on))
    assert read(waiting.owed_to_councils, world.stranger, late) == Waiting()
    send(ground, world, action_id)
    assert read(waiting.evidence_to_check, world.officer).due == Tally(1, NOW)
    assert read(waiting.own_actions, world.owner) == Waiting()
    assert read(waiting.own_actions, world.other_owner) == Waiting()


def test_a_visit_waits_for_its_record_once_its_day_is_over(ground: Ground, world: World, clock: FixedClock) -> None:
    visit_id = propose(ground, world)
    with ground.work() as work:
        accept_visit(work, world.officer, visit_id)
    with ground.read() as session:
        day = visit(session, visit_id, [world.council]).day
        before = waiting.to_record(session, world.officer, clock.now())
        after = waiting.to_record(session, world.officer, datetime.combine(day + timedelta(days=1), time(9), UTC))
    assert before.coming == Tally(1, day)
    assert after.due == Tally(1, day)
