"""Ofsted's files: report cards, old grades and standards side by side, and what they change."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from fps.model.open_data import Judgement, JudgementKind, Source
from fps.model.open_data_imports import Change, ImportState
from fps.queries.open_data import judgements
from fps.queries.open_data_imports import changes_of
from fps.rules.open_data.headings import AREAS, NEEDED
from kernel.tables import EventRow
from kernel.work import Ground
from tests.fps.open_data import files
from tests.fps.open_data.files import OFSTED_NAME, OLD, REPORT_CARD, STANDARDS, independent, take_in, written
from tests.fps.world import build_world

A, B = "100001", "999000"


def _by_kind(ground: Ground, urn: str) -> dict[JudgementKind, Judgement]:
    with ground.read() as session:
        return {found.kind: found for found in judgements(session, urn)}


def test_both_grade_systems_stand_side_by_side_and_no_overall_is_made_up(ground: Ground) -> None:
    """DOMAIN.md 4: never map new to old or invent an overall grade."""
    card = take_in(ground, independent({"URN": A, **REPORT_CARD, **OLD, **STANDARDS}), OFSTED_NAME)
    assert (card.state, card.source, card.as_at) == (ImportState.APPLIED, Source.INDEPENDENT, date(2026, 10, 31))
    found = _by_kind(ground, A)
    assert set(found) == {JudgementKind.REPORT_CARD, JudgementKind.OEIF, JudgementKind.STANDARDS}
    new, old = found[JudgementKind.REPORT_CARD], found[JudgementKind.OEIF]
    assert new.grades == {
        "Safeguarding standards": "Met",
        "Inclusion": "Expected standard",
        "Achievement": "Strong standard",
        "Leadership and governance": "Needs attention",
    }
    assert old.grades == {
        "overall effectiveness": "2",
        "quality of education": "3",
        "safeguarding is effective?": "Yes",
    }
    assert (new.inspection, new.inspected_on, new.published_on) == ("10400001", date(2026, 2, 3), date(2026, 3, 10))
    assert old.inspected_on == date(2023, 5, 14)
    assert found[JudgementKind.STANDARDS].grades["Part 3 overall"] == "Not met"


def test_null_9_and_0_say_nothing(ground: Ground) -> None:
    blank = {"Latest OEIF overall effectiveness": "NULL", "Inclusion": "9", "Achievement": "0"}
    take_in(ground, independent({"URN": A, **blank}, {"URN": B, **OLD, "Inclusion": "null"}), OFSTED_NAME)
    assert _by_kind(ground, A) == {}
    assert set(_by_kind(ground, B)) == {JudgementKind.OEIF}


def test_a_changed_judgement_of_a_setting_is_an_event_and_a_line(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
    rows = [{"URN": A, **REPORT_CARD}, {"URN": B, **REPORT_CARD}]
    take_in(ground, independent(*rows), OFSTED_NAME)
    worse = {**REPORT_CARD, "Safeguarding standards": "Not met", "Inclusion": "Urgent improvement"}
    card = take_in(ground, independent({"URN": A, **worse}, {"URN": B, **worse}), "as at 20 November 2026.csv")
    with ground.read() as session:
        lines, _ = changes_of(session, card.id)
        events = session.scalars(select(EventRow).where(EventRow.name == "fps.judgement_changed")).all()
    assert card.counts == {"judgement": 2, "unchanged": 0}
    assert (lines[0].urn, lines[0].what) == (B, Change.JUDGEMENT)
    assert ("Safeguarding standards", "Met", "Not met") in lines[0].details
    assert [event.payload for event in events] == [{"setting_id": setting_id, "urn": B, "what": "report_card"}]


def test_a_judgement_that_is_gone_is_an_event_too(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
    take_in(ground, independent({"URN": A, **REPORT_CARD}, {"URN": B, **REPORT_CARD}), OFSTED_NAME)
    card = take_in(ground, independent({"URN": A, **REPORT_CARD}), "as at 20 November 2026.csv")
    with ground.read() as session:
        events = session.scalars(select(EventRow).where(EventRow.name == "fps.judgement_changed")).all()
    assert card.counts == {"gone": 1, "unchanged": 1}
    assert [event.payload for event in events] == [{"setting_id": setting_id, "urn": B, "what": "report_card"}]


def test_a_file_that_lacks_many_inspections_is_refused_unless_forced(ground: Ground) -> None:
    rows = [{"URN": f"{100000 + n}", **REPORT_CARD} for n in range(200)]
    take_in(ground, independent(*rows), OFSTED_NAME)
    few = independent(*rows[:100])
    card = take_in(ground, few, "as at 20 November 2026.csv")
    assert card.state is ImportState.FAILED
    assert "lacks 100 of the 200 inspections of the last one" in card.faults[0]
    assert _by_kind(ground, "100150")
    assert take_in(ground, few, "as at 20 November 2026.csv", is_forced=True).counts["gone"] == 100


def test_the_same_file_twice_is_no_event(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        world.active_setting(work, 0)
    content = independent({"URN": B, **REPORT_CARD})
    for _ in range(2):
        card = take_in(ground, content, OFSTED_NAME)
    assert card.counts == {"unchanged": 1}
    with ground.read() as session:
        assert session.scalars(select(EventRow).where(EventRow.name == "fps.judgement_changed")).all() == []


def test_a_file_speaks_for_its_own_kind_alone(ground: Ground) -> None:
    take_in(ground, independent({"URN": A, **REPORT_CARD}), OFSTED_NAME)
    headings = (*NEEDED[Source.ADDITIONAL], "Inspection start date", "Inspection type")
    rows = [
        {"URN": A, "Inspection number": number, "Overall outcome": "Not met", "Inspection start date": "01/06/2026"}
        for number in ("10500001", "10500002")
    ]
    card = take_in(ground, written(headings, rows), "additional as at 31 October 2026.csv")
    assert (card.source, card.counts) == (Source.ADDITIONAL, {"new": 2})
    with ground.read() as session:
        found = judgements(session, A)
    assert [each.kind for each in found] == ["additional", "additional", "report_card"]
    take_in(ground, written(headings, rows[:1]), "additional as at 20 November 2026.csv")
    assert set(_by_kind(ground, A)) == {JudgementKind.ADDITIONAL, JudgementKind.REPORT_CARD}


def test_the_state_file_holds_non_maintained_special_schools(ground: Ground) -> None:
    dated = "Inclusion - date of grade"
    headings = (*NEEDED[Source.STATE], dated, "Latest OEIF  safeguarding is effective?")
    row = {
        "URN": A,
        "Inspection number of latest full inspection": "10600001",
        "Inspection start date": "12/01/2026",
        "Category of concern": "NULL",
        "Inclusion": "Exceptional",
        dated: "12/01/2026",
        "Latest OEIF  safeguarding is effective?": "Yes",
    }
    card = take_in(ground, written(headings, [row]), OFSTED_NAME)
    found = _by_kind(ground, A)
    assert card.source is Source.STATE
    assert found[JudgementKind.REPORT_CARD].grades == {"Inclusion": "Exceptional", dated: "12/01/2026"}
    assert found[JudgementKind.REPORT_CARD].inspection == "10600001"
    assert found[JudgementKind.OEIF].grades == {"safeguarding is effective?": "Yes"}


def test_a_missing_area_is_named_with_what_is_nearest(ground: Ground) -> None:
    headings = ["Inclusive practice" if name == "Inclusion" else name for name in NEEDED[Source.INDEPENDENT]]
    card = take_in(ground, written(headings, [files.REPORT_CARD]), OFSTED_NAME)
    assert card.state is ImportState.FAILED
    assert card.faults[0].startswith("Line 1, column “Inclusion”: The column is missing.")
    assert "Inclusive practice" in card.faults[0]
    assert len(AREAS) == 9


def test_a_title_may_stand_above_the_headings(ground: Ground) -> None:
    content = b"Most recent inspections data as at 30 September 2026,,\r\n" + independent({"URN": A, **OLD})
    card = take_in(ground, content, "ofsted.csv")
    assert (card.state, card.as_at) == (ImportState.APPLIED, date(2026, 9, 30))
