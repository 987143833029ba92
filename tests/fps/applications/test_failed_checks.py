"""What an evaluator has failed is admitted only where the lead authority says why, in words of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from fps.actions.applications.decide_application import DecideApplication, decide_application, write_moderation
from fps.actions.applications.evaluate import SaveMarks, declare_interest, save_marks
from fps.model.applications import CRITERIA, MARKS, ORGANISATION, Criterion, Evaluation, Mark, Outcome, Scale
from fps.queries.applications import decisions_of
from fps.rules.applications import check_override, failed_checks
from kernel.clock import FixedClock
from kernel.errors import InvalidInputError
from kernel.work import Work
from people.model import Actor
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import REASON, Evaluated, closed, decisions_for, evaluate, marks_for, name_both
from tests.fps.applications.pages import browser, words

_PASSES = [each.key for each in CRITERIA if each.scale is Scale.PASS]


@given(st.lists(st.tuples(st.sampled_from(CRITERIA), st.integers(0, 5), st.booleans(), st.booleans())))
def test_R25_a_fail_of_somebody_free_of_conflict_always_asks_for_a_reason(
    given_marks: list[tuple[Criterion, int, bool, bool]],
) -> None:
    evaluations, fails = [], set()
    for criterion, chosen, is_own, has_conflict in given_marks:
        scale = MARKS[criterion.scale]
        mark = scale[chosen % len(scale)][0]
        subject = "entry" if is_own else "another"
        evaluations.append(_evaluation(Mark(subject, criterion.key, mark, REASON), has_conflict))
        if mark == "fail" and is_own and not has_conflict:
            fails.add(criterion.title)
    failed = failed_checks(evaluations, "entry")
    assert set(failed) == fails
    if failed:
        with pytest.raises(InvalidInputError):
            check_override("field", "  ", failed)
        check_override("field", REASON, failed)
    else:
        check_override("field", "", failed)


def _evaluation(mark: Mark, has_conflict: bool) -> Evaluation:
    return Evaluation("p", "c", has_conflict, None, None, (mark,))


def test_a_fail_of_the_organisation_counts_for_each_of_its_settings() -> None:
    evaluations = [_evaluation(Mark(ORGANISATION, _PASSES[0], "fail", REASON), has_conflict=False)]
    assert failed_checks(evaluations, "one") == failed_checks(evaluations, "two") != ()


def _fail(work: Work, here: Evaluated, person: Actor) -> None:
    declare_interest(work, person, here.application_id, has_conflict=False)
    marks = [
        replace(mark, mark="fail") if mark.criterion == "finance" else mark
        for mark in marks_for(work, here.application_id)
    ]
    save_marks(work, person, SaveMarks(here.application_id, tuple(marks), is_finished=True))


def _evaluated(scene: Scene, clock: FixedClock) -> Evaluated:
    here = closed(scene, clock)
    with scene.ground.work() as work:
        name_both(work, here)
        evaluate(work, here, here.evaluators[0])
        _fail(work, here, here.evaluators[1])
        write_moderation(work, scene.world.lead, here.application_id, REASON)
    return here


def test_a_failed_check_stops_admission_unless_the_lead_authority_says_why(scene: Scene, clock: FixedClock) -> None:
    here, lead = _evaluated(scene, clock), scene.world.lead
    with scene.ground.work() as work:
        admitted = decisions_for(work, here, Outcome.ADMIT)
        for override in ("", " ", "Fine."):
            wrong = DecideApplication(here.application_id, tuple(replace(one, override=override) for one in admitted))
            with pytest.raises(InvalidInputError) as refused:
                decide_application(work, lead, wrong)
            assert str(refused.value.field).startswith("override-")
        refusals = decisions_for(work, here, Outcome.REFUSE)
        decide_application(work, lead, DecideApplication(here.application_id, refusals))
        right = tuple(replace(one, override=REASON) for one in admitted)
        decide_application(work, lead, DecideApplication(here.application_id, right))
        assert [one.override for one in decisions_of(work.session, here.application_id)] == [REASON]


def test_the_page_of_the_decision_names_the_failed_check(scene: Scene, app: Flask, clock: FixedClock) -> None:
    here = _evaluated(scene, clock)
    lead, one = browser(app, scene.world.lead), f"/register/applications/{here.application_id}"
    page = lead.get(f"{one}/decision")
    assert "An evaluator has failed it: Financial check." in words(page)
    names = re.findall(r'name="((?:outcome|reasons|override)-[^"]+)"', page.text)
    decided = {name: "admit" if name.startswith("outcome") else REASON for name in names}
    silent = {name: "" if name.startswith("override") else value for name, value in decided.items()}
    refused = lead.post(f"{one}/decision", data=silent)
    assert refused.status_code == 422
    assert "say why it is admitted all the same" in words(refused)
    assert lead.post(f"{one}/decision", data=decided).location == one
    assert "Admitted in spite of a failed check" in words(lead.get(one))
