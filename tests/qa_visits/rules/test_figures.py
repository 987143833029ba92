from __future__ import annotations

import pytest

from kernel.errors import InvalidInputError
from qa_visits.model import VisitSettings, VisitType
from qa_visits.rules.figures import FIGURES, with_figures


def test_changed_figures_replace_the_defaults_and_leave_the_rest() -> None:
    changed = with_figures(
        VisitSettings(),
        {
            "visit.notice_wd.annual": 15,
            "visit.notice_wd.follow_up": None,
            "plan.chaser_offsets_wd": [3, -5, -5],
            "visit.avoid_first_last_days": 1,
        },
    )

    assert changed.notice_wd[VisitType.ANNUAL] == 15
    assert changed.notice_wd[VisitType.FOLLOW_UP] is None
    assert changed.notice_wd[VisitType.TERMLY] == 5
    assert changed.chaser_offsets_wd == (-5, 3)
    assert changed.avoid_first_last_days == 1
    assert changed.reuse_d == 60


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("visit.unknown", 1),
        ("visit.reuse_d", -1),
        ("visit.reuse_d", "60"),
        ("visit.offered_days", True),
        ("plan.chaser_offsets_wd", []),
        ("plan.chaser_offsets_wd", "1"),
        ("visit.notice_wd.annual", 1000),
    ],
)
def test_wrong_figure_is_refused(name: str, value: object) -> None:
    with pytest.raises(InvalidInputError):
        with_figures(VisitSettings(), {name: value})


def test_every_visit_type_has_a_figure_for_its_notice() -> None:
    assert {f"visit.notice_wd.{each.value}" for each in VisitType} <= set(FIGURES)
    assert set(VisitSettings().notice_wd) == set(VisitType)
