"""The letters go after a second look, and after them there is nothing left to answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fps.actions.applications.clarify import ask_applicant
from fps.model.applications import Outcome
from kernel.calendar import london_date
from kernel.clock import FixedClock
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import closed, decide, evaluate, name_both
from tests.fps.applications.pages import browser, words


@pytest.mark.parametrize("outcome", Outcome)
def test_the_lead_authority_sees_what_all_letters_say_before_they_go(
    scene: Scene, app: Flask, clock: FixedClock, outcome: Outcome
) -> None:
    here = closed(scene, clock)
    lead, provider = browser(app, scene.world.lead), browser(app, scene.world.providers[0][1])
    round_page = f"/register/applications/rounds/{scene.joined.id}"
    assert lead.get(f"{round_page}/letters").status_code == 404
    with scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            evaluate(work, here, person)
        due = london_date(work.now) + timedelta(days=7)
        ask_applicant(work, scene.world.lead, here.application_id, "Who insures you?", due)
    home = f"/my-applications/{here.application_id}"
    assert "answer by" in words(provider.get(home))
    assert f'href="{round_page}/letters"' in lead.get(round_page).text
    early = words(lead.get(f"{round_page}/letters"))
    assert "not decided yet: 1 of 1" in early
    assert "Send all letters now" not in early
    with scene.ground.work() as work:
        decide(work, here, outcome)
    counts = "1 0" if outcome is Outcome.ADMIT else "0 1"
    assert f"Provider 0 {counts} Decided" in words(lead.get(f"{round_page}/letters"))
    assert browser(app, here.evaluators[0]).get(f"{round_page}/letters").status_code == 403
    assert lead.post(f"{round_page}/letters").location == round_page
    assert lead.get(f"{round_page}/letters").status_code == 404
    after = words(provider.get(home))
    assert "answer by" not in after
    assert "not answered in time" in after
