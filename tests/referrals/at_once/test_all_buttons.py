"""Every action of referrals that somebody can press, or that a job does, is tried by two at once."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.conftest import ROOT
from tests.referrals.at_once import test_asking, test_deciding, test_drafts, test_offices, test_placing

ACTIONS = ROOT / "referrals" / "actions"
TRIED = {"open_calendar"} | {
    button.action
    for module in (test_asking, test_deciding, test_drafts, test_offices, test_placing)
    for button in module.BUTTONS
}
NO_BUTTON = {
    "add_part and begin_package do": {"new_part", "write_first_part"},
    "answer_question, change_issue and watch_deliveries do": {"post_version", "tell_all", "move_deadline"},
    "award_referral, close_referral and withdraw_referral do": {
        "begin_placement",
        "end_without_award",
        "follow_up",
        "tell_outcome",
    },
    "ask_approval, decide_approval and those who name evaluators do": {
        "tell_evaluators",
        "tell_of_decision",
        "tell_of_question",
    },
    "decide_admission does": {"reopen_scores"},
    "end_placement, add_part and their kind do; many at once in placements/test_block_places.py": {
        "call_off_reviews",
        "give_back_place",
        "take_block_place",
    },
    "issue_referral, edit_draft and their kind do": {"note_writer", "withdraw_looks"},
    "publish_statistics does": {"publish_tables"},
    "record_response does": {"keep_files", "receive_files"},
    "whatever happened does, once for each fact (kernel.events)": {"keep_event", "queue_delivery", "tell_systems"},
    "reads, or locks for those who change": {
        "check_edition",
        "find_asked",
        "find_draft",
        "find_endpoint",
        "find_evaluated",
        "find_open",
        "find_placement",
        "find_referral",
        "find_running",
        "find_unsigned",
        "findings_of",
        "free_reference",
        "lock_placement",
        "lock_referral",
        "new_secret",
        "standing_of",
    },
    "each taking of a file is noted, and nothing else changes": {"open_file"},
    "goes placement by placement through what is tried": {"keep_placements"},
    "a program's key makes two one (tests/hub/api/test_referrals.py)": {"draft_for_program"},
    "an operator's command, which locks what it changes": {"keep_response_keys"},
}


def _public(path: Path) -> set[str]:
    found = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))
    return {node.name for node in found if not node.name.startswith("_")}


def test_every_action_is_tried_by_two_at_once() -> None:
    there = {name for path in ACTIONS.rglob("*.py") for name in _public(path)}
    excused = {name for names in NO_BUTTON.values() for name in names}
    assert there == TRIED | excused
    assert not TRIED & excused
