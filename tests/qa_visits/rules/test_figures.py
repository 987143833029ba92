from __future__ import annotations

import pytest

from kernel.errors import InvalidInputError, NotFoundError
from qa_visits.model import VisitSettings, VisitType
from qa_visits.rules.figures import FIGURES, figure_called, read_value, value_of, with_figures


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
        ("visit.reuse_d", -1),
        ("visit.reuse_d", "60"),
        ("visit.offered_days", True),
        ("plan.chaser_offsets_wd", []),
        ("plan.chaser_offsets_wd", "1"),
        ("visit.notice_wd.annual", 1000),
    ],
)
def test_value_out_of_bounds_is_refused(name: str, value: object) -> None:
    with pytest.raises(InvalidInputError):
        with_figures(VisitSettings(), {name: value})


def test_unknown_figure_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        with_figures(VisitSettings(), {"visit.unknown": 1})


def test_every_figure_reads_back_as_it_is_written() -> None:
    for figure in FIGURES:
        written = value_of(VisitSettings(), figure)
        changed = with_figures(VisitSettings(), {figure.name: read_value(figure, written)})
        assert changed == VisitSettings(), figure.name


@pytest.mark.parametrize(
    ("name", "text"), [("visit.reuse_d", ""), ("visit.reuse_d", "1, 2"), ("visit.reuse_d", "two months")]
)
def test_text_that_is_no_figure_is_refused(name: str, text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_value(figure_called(name), text)


def test_every_visit_type_has_a_figure_for_its_notice() -> None:
    names = {figure.name for figure in FIGURES}
    assert {f"visit.notice_wd.{each.value}" for each in VisitType} <= names
    assert set(VisitSettings().notice_wd) == set(VisitType)
