"""V10, attacked: an attacker knows the rules and all that is published, and tries every table that fits."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.release import released
from surveys.rules.suppression import LEAST_FOR_PERCENTAGES, LEAST_SHOWN, Group, Shown, protect, protect_groups

Table = tuple[tuple[int, ...], ...]


def every_count(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in every_count(total - first, cells - 1):
            yield (first, *rest)


def is_small(count: int) -> bool:
    return 0 < count < LEAST_SHOWN


@pytest.mark.parametrize(("cells", "most"), [(2, 40), (3, 36), (4, 22), (5, 16), (6, 12)])
def test_V10_no_small_count_can_be_told_from_what_is_published(cells: int, most: int) -> None:
    """Of all tables that lead to the same publication, each hidden small count differs in at least two."""
    for total in range(LEAST_SHOWN, most + 1):
        published: dict[Shown | None, list[tuple[int, ...]]] = defaultdict(list)
        for counts in every_count(total, cells):
            published[protect(counts)].append(counts)
        for shown, tables in published.items():
            assert shown is not None
            for at, cell in enumerate(shown.cells):
                possible = {counts[at] for counts in tables}
                assert cell is None or possible == {cell}
                assert len(possible) > 1 or not any(map(is_small, possible)), (shown, tables)


def published_tables(groups: int, cells: int, most: int) -> dict[tuple[Shown, tuple[Group, ...]], list[Table]]:
    published: dict[tuple[Shown, tuple[Group, ...]], list[Table]] = defaultdict(list)
    for flat in product(range(most + 1), repeat=groups * cells):
        table = tuple(flat[start : start + cells] for start in range(0, len(flat), cells))
        overall = protect([sum(column) for column in zip(*table, strict=True)])
        if overall is not None:
            published[overall, protect_groups(table, overall)].append(table)
    return published


@pytest.mark.parametrize(("groups", "cells", "most"), [(2, 2, 14), (2, 3, 6), (3, 2, 6)])
def test_V10_a_breakdown_reveals_no_small_count_either(groups: int, cells: int, most: int) -> None:
    """Tables at the edge of what is tried are left out: there some that fit were not tried."""
    for (overall, shown_groups), tables in published_tables(groups, cells, most).items():
        if any(max(map(max, table)) == most for table in tables):
            continue
        for row, column in product(range(groups), range(cells)):
            possible = {table[row][column] for table in tables}
            assert len(possible) > 1 or not any(map(is_small, possible)), (overall, shown_groups, tables)


COUNT = st.one_of(st.integers(0, 6), st.integers(0, 40))
COUNTS = st.lists(COUNT, min_size=2, max_size=11)


@given(COUNTS)
def test_V10_sums_and_differences_of_shown_counts_are_none_or_five(counts: list[int]) -> None:
    shown = protect(counts)
    if shown is None:
        assert sum(counts) < LEAST_SHOWN
        return
    parts = [cell for cell in shown.cells if cell is not None]
    parts += [shown.hidden_together] if shown.hidden else []
    assert sum(parts) == shown.base == sum(counts)
    assert not any(is_small(part) for part in parts)


@given(st.integers(2, 4), st.integers(2, 6), st.data())
def test_V10_groups_shown_beside_the_overall_figures_leave_no_small_difference(
    groups: int, cells: int, data: st.DataObject
) -> None:
    """Whatever groups are added up and taken from the overall figures, in any cell, is none or five or more."""
    row = st.lists(COUNT, min_size=cells, max_size=cells)
    table = data.draw(st.lists(row, min_size=groups, max_size=groups))
    overall = protect([sum(column) for column in zip(*table, strict=True)])
    if overall is None:
        return
    found = protect_groups(table, overall)
    assert sum(group.shown.base for group in found) in {0, overall.base}
    for group in found:
        assert group.shown.hidden == overall.hidden
        assert not is_small(group.shown.base)
    for taken in range(len(found) + 1):
        for some in combinations(found, taken):
            for at, cell in enumerate(overall.cells):
                if cell is not None:
                    assert not is_small(cell - sum(group.shown.cells[at] or 0 for group in some))


def test_V10_nothing_is_shown_for_fewer_than_five() -> None:
    assert protect([4, 0]) is None
    assert protect([5, 0]) == Shown(5, (5, 0), 0)


def test_V10_one_small_count_takes_others_with_it() -> None:
    assert protect([9, 3, 6, 0]) == Shown(18, (9, None, None, 0), 9)


def test_V10_five_is_hidden_beside_four_so_that_they_look_alike() -> None:
    assert protect([5, 4, 9]) == Shown(18, (None, None, 9), 9)


def test_V10_where_only_zeros_would_be_left_nothing_is_shown() -> None:
    assert protect([2, 3, 0]) == Shown(5, (None, None, None), 5)


def test_V10_percentages_need_ten_answers() -> None:
    few, enough = protect([5, 0]), protect([5, 5])
    assert few is not None
    assert enough is not None
    assert few.percentages == (None, None)
    assert enough.base == LEAST_FOR_PERCENTAGES
    assert enough.percentages == (50, 50)


def test_groups_under_five_are_shown_together() -> None:
    table = [[9, 6], [0, 3], [6, 0], [0, 3]]
    overall = protect([15, 12])
    assert overall is not None
    assert [(group.members, group.shown.cells) for group in protect_groups(table, overall)] == [
        ((0,), (9, 6)),
        ((2,), (6, 0)),
        ((1, 3), (0, 6)),
    ]


def test_one_group_alone_is_no_breakdown() -> None:
    overall = protect([9, 6])
    assert overall is not None
    assert protect_groups([[9, 6], [0, 0]], overall) == ()


@given(st.integers(0, 60), st.integers(0, 30))
def test_V10_two_looks_never_differ_by_fewer_than_five(finished: int, more: int) -> None:
    first = released(finished, is_closed=False)
    for is_closed in (False, True):
        second = released(finished + more, is_closed=is_closed)
        assert second >= first
        assert not is_small(second - first) or first == 0
