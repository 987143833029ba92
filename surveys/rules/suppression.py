"""V10: no group under five is shown, and none can be worked out from what is shown.

Where a question has an answer given by one to four people, that count is hidden, and others with it, so that

* the hidden counts together are five or more, and never all ones;
* equal counts are treated alike: whoever knows these rules learns nothing about which hidden count is which;
* counts of five are hidden beside small ones, so that four and five cannot be told apart;
* where nothing but zeros would be left to show, nothing is shown but how many answered.

Then every hidden count could have been another one: swap two hidden counts, or move one answer between them, and
the same table is published. tests/surveys/test_suppression.py proves it by trying every table of a size.

A breakdown by group is shown only where it needs nothing hidden beyond what the overall figures hide; groups under
five are shown together. So adding and subtracting shown figures gives none, or five or more, again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST_SHOWN = 5
LEAST_FOR_PERCENTAGES = 10
_LEAST_GROUPS = 2


@dataclass(frozen=True)
class Shown:
    """Counts that may be shown: None for a hidden one, and how many answers the hidden ones hold together."""

    base: int
    cells: tuple[int | None, ...]
    hidden_together: int

    @property
    def hidden(self) -> frozenset[int]:
        """The places of the hidden counts."""
        return frozenset(at for at, cell in enumerate(self.cells) if cell is None)

    @property
    def percentages(self) -> tuple[int | None, ...]:
        """Whole per cents of the base (V10: only from ten answers); None where not to be shown."""
        if self.base < LEAST_FOR_PERCENTAGES:
            return tuple(None for _ in self.cells)
        return tuple(None if cell is None else round(100 * cell / self.base) for cell in self.cells)


@dataclass(frozen=True)
class Group:
    """One group of the breakdown, or several small ones together, by their place in the list that was given."""

    members: tuple[int, ...]
    shown: Shown


def protect(counts: Sequence[int]) -> Shown | None:
    """The counts of one question, small ones hidden; None where fewer than five answered at all."""
    if sum(counts) < LEAST_SHOWN:
        return None
    return _shown(counts, _hidden(counts))


def protect_groups(rows: Sequence[Sequence[int]], overall: Shown) -> tuple[Group, ...]:
    """The same question broken down by group, one row of counts a group, safe beside its overall figures.

    Empty where it cannot be shown. Groups without an answer are left out, small ones put together.
    """
    members = _groups_apart([sum(row) for row in rows])
    merged = [_sum(rows[at] for at in group) for group in members]
    if len(merged) < _LEAST_GROUPS or not all(_is_safe(row, overall.hidden) for row in merged):
        return ()
    return tuple(Group(group, _shown(row, overall.hidden)) for group, row in zip(members, merged, strict=True))


def _shown(counts: Sequence[int], hidden: frozenset[int]) -> Shown:
    return Shown(
        base=sum(counts),
        cells=tuple(None if at in hidden else count for at, count in enumerate(counts)),
        hidden_together=sum(counts[at] for at in hidden),
    )


def _sum(rows: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))


def _is_small(count: int) -> bool:
    return 0 < count < LEAST_SHOWN


def _is_safe(row: Sequence[int], hidden: frozenset[int]) -> bool:
    """Whether a group can be shown with just these places hidden."""
    apart = [count for at, count in enumerate(row) if at not in hidden]
    return not any(map(_is_small, apart)) and not _is_small(sum(row) - sum(apart))


def _hidden(counts: Sequence[int]) -> frozenset[int]:
    """The places to hide: all counts below a bar that is raised until the rules above hold."""
    if not any(map(_is_small, counts)):
        return frozenset()
    hidden: list[int] = []
    for bar in sorted({count for count in counts if count >= LEAST_SHOWN} | {LEAST_SHOWN}):
        hidden = [at for at, count in enumerate(counts) if 0 < count <= bar]
        together = sum(counts[at] for at in hidden)
        if together >= LEAST_SHOWN and together != len(hidden):
            break
    is_all = len(hidden) == sum(1 for count in counts if count)
    return frozenset(range(len(counts)) if is_all else hidden)


def _groups_apart(bases: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Which groups are shown alone and which together, last; empty where all would be shown together."""
    present = [at for at, base in enumerate(bases) if base]
    hidden = _hidden([bases[at] for at in present])
    together = tuple(present[place] for place in sorted(hidden))
    alone = tuple((at,) for at in present if at not in together)
    return alone + ((together,) if together else ())
