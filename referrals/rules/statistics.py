"""V10 for statistics that councils read who know their own share: nothing tells of fewer than 5 of anybody else's.

A figure counts learners (one referral is one), and comes with each council's share in it. It is small where it is 1 to
4, or where one council's own share leaves 1 to 4 for the others: that council could subtract. Small figures are hidden,
and others beside them, up to a bar that is raised until what is hidden together is not small either; equal figures are
treated alike. A breakdown is hidden by the same places for how many had a reason, how many had not, and how many there
were, and left out where that is not safe. Each quarter is published once and no two tables of it overlap by time, so
that nothing can be had by comparing them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from referrals.model.answers import DeclineCode
from referrals.model.statistics import Asked, Gap, LotReach, Quarter, SettingReach, Shares, Side, Won

LEAST = 5
Cells = Mapping[str, Shares]


def quarter_of(day: date) -> Quarter:
    """Return the quarter in which a day lies."""
    return Quarter(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1))


def last_quarter(today: date) -> Quarter:
    """Return the quarter that ended last."""
    first = quarter_of(today).first
    year, month = divmod(first.year * 12 + first.month - 4, 12)
    return Quarter(date(year, month + 1, 1))


def is_small(shares: Shares) -> bool:
    """Tell whether a figure would say something of fewer than 5 learners, to anybody or to a council that subtracts."""
    total = sum(shares.values())
    return 0 < total < LEAST or any(0 < total - own < LEAST for own in shares.values())


def shown(shares: Shares) -> int | None:
    """Return a figure that stands alone, None where it is small."""
    return None if is_small(shares) else sum(shares.values())


def hidden_places(cells: Cells) -> frozenset[str]:
    """Return which figures of a row must be hidden, where their sum is shown as well."""
    small = {place for place, shares in cells.items() if is_small(shares)}
    if not small:
        return frozenset()
    totals = {place: sum(shares.values()) for place, shares in cells.items()}
    hidden = small
    for bar in sorted({total for total in totals.values() if total >= LEAST} | {LEAST}):
        hidden = small | {place for place, total in totals.items() if 0 < total <= bar}
        together = _together(cells, hidden)
        if not is_small(together) and sum(together.values()) != len(hidden):
            break
    return frozenset(hidden)


def breakdown(having: Cells, lacking: Cells) -> Mapping[str, int | None] | None:
    """Return how many of each group have something, None for a hidden one; nothing where that would tell too much.

    Of the same groups, `having` and `lacking` count those who have it and those who have it not.
    """
    whole = {place: _sum([having.get(place, {}), lacking.get(place, {})]) for place in {*having, *lacking}}
    rows = (having, lacking, whole)
    hidden = frozenset[str]().union(*(hidden_places(cells) for cells in rows))
    if not all(_is_safe(cells, hidden) for cells in rows) or hidden >= set(whole):
        return None
    return {place: None if place in hidden else sum(having.get(place, {}).values()) for place in sorted(whole)}


def gaps(asked: Sequence[Asked]) -> tuple[int | None, list[Gap]]:
    """Return how many referrals there were, and for how many of them settings gave each reason, by need, lot and place.

    No reason is shown where the referrals are too few.
    """
    base = shown(_shares(asked))
    if not base:
        return None, []
    return base, [_gap(code, asked) for code in DeclineCode]


def _gap(code: DeclineCode, asked: Sequence[Asked]) -> Gap:
    having = [each for each in asked if code in each.declined]
    lacking = [each for each in asked if code not in each.declined]
    if is_small(_shares(having)) or is_small(_shares(lacking)):
        return Gap(code, None)
    sides = {side: breakdown(_by(side, having), _by(side, lacking)) for side in Side} if having else {}
    return Gap(code, len(having), {side: found for side, found in sides.items() if found is not None})


def reach_of_settings(setting_ids: Iterable[str], asked: Sequence[Asked], won: Sequence[Won]) -> list[SettingReach]:
    """Return for each setting in how many referrals it was asked, answered and won (R39), small figures hidden."""
    invited, answered, awarded = _counted(asked, won)
    return [_reach(setting_id, invited, answered, awarded) for setting_id in setting_ids]


def _reach(setting_id: str, invited: Cells, answered: Cells, awarded: Cells) -> SettingReach:
    asked, given = invited.get(setting_id, {}), answered.get(setting_id, {})
    silent = {council: count - given.get(council, 0) for council, count in asked.items()}
    can_tell = not is_small(asked) and not is_small(silent)
    return SettingReach(
        setting_id,
        shown(asked),
        shown(given) if can_tell else None,
        shown(awarded.get(setting_id, {})) if not is_small(asked) else None,
    )


def _counted(asked: Sequence[Asked], won: Sequence[Won]) -> tuple[Cells, Cells, Cells]:
    invited: defaultdict[str, Counter[str]] = defaultdict(Counter)
    answered: defaultdict[str, Counter[str]] = defaultdict(Counter)
    awarded: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in asked:
        for setting_id in each.invited:
            invited[setting_id][each.council_id] += 1
        for setting_id in each.answered:
            answered[setting_id][each.council_id] += 1
    for award in won:
        awarded[award.setting_id][award.council_id] += 1
    return invited, answered, awarded


def reach_of_lot(lot_id: str, active: Collection[str], asked: Sequence[Asked], won: Sequence[Won]) -> LotReach:
    """Return how many settings of a lot were reached; only how many are active where its referrals are too few."""
    own = [each for each in asked if each.lot_id == lot_id]
    base = shown(_shares(own))
    if not base:
        return LotReach(lot_id, len(active))
    winners = {award.setting_id for award in won if award.lot_id == lot_id}
    return LotReach(
        lot_id,
        len(active),
        base,
        len(frozenset[str]().union(*(each.invited for each in own)) & set(active)),
        len(frozenset[str]().union(*(each.answered for each in own)) & set(active)),
        len(winners & set(active)),
    )


def _shares(asked: Iterable[Asked]) -> Shares:
    return Counter(each.council_id for each in asked)


def _by(side: Side, asked: Iterable[Asked]) -> Cells:
    cells: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in asked:
        cells[each.group(side)][each.council_id] += 1
    return cells


def _together(cells: Cells, places: Collection[str]) -> Shares:
    return _sum(cells[place] for place in places if place in cells)


def _sum(parts: Iterable[Shares]) -> Shares:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total


def _is_safe(cells: Cells, hidden: Collection[str]) -> bool:
    """Tell whether a row can be shown with its sum and just these places hidden."""
    apart = [shares for place, shares in cells.items() if place not in hidden]
    return not any(map(is_small, apart)) and not is_small(_together(cells, hidden))
