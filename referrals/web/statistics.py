"""Reach and gaps of each quarter, as they were published: for the Understand and Plan stages of commissioning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from fps.model import FrameworkCard
from fps.queries import frameworks_of, lots_by_id
from fps.queries.reading import frameworks_after
from fps.rules.round_tables import as_csv
from kernel.calendar import london_date
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisations_by_id
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.model import DeclineCode, NeedArea
from referrals.model.statistics import Published, Side
from referrals.queries.statistics import Table, published, reads_statistics

pages = Blueprint("statistics", __name__)

_MOST = 1000
_FEW = "Too few to show"
_NEVER, _ASKED, _UNANSWERED = "never", "asked", "unanswered"
_REACHED = (
    ("", "Every setting"),
    (_NEVER, "Never asked"),
    (_ASKED, "Asked"),
    (_UNANSWERED, "Asked and never answered"),
)


@dataclass(frozen=True)
class _Shown:
    """The table that the address asks for, among those that there are; None where nothing was published."""

    table: Table | None
    frameworks: list[tuple[str, str]]
    quarters: list[tuple[str, str]]
    is_narrowed: bool


def _own_frameworks(session: Session) -> list[FrameworkCard]:
    """Return the frameworks through which the reader's councils buy, and those that they lead, by name."""
    own = reads_statistics(current_actor())
    today = london_date(ground().clock.now())
    found = {card.id: card for council_id in own for card in frameworks_of(session, council_id, today)}
    found |= {card.id: card for card in frameworks_after(session, None, _MOST) if card.lead_id in own}
    return sorted(found.values(), key=lambda card: card.name)


def _shown(session: Session, kind: Published) -> _Shown:
    frameworks = _own_frameworks(session)
    tables = published(session, [card.id for card in frameworks], kind)
    framework_id, quarter = request.args.get("framework", ""), request.args.get("quarter", "")
    fitting = [each for each in tables if framework_id in {"", each.framework_id}]
    found = [each for each in fitting if quarter in {"", each.quarter.first.isoformat()}]
    quarters = {each.quarter.first.isoformat(): each.quarter.words for each in tables}
    return _Shown(
        next(iter(found), None),
        [(card.id, card.name) for card in frameworks],
        list(quarters.items()),
        bool(framework_id or quarter or request.args.get("reached")),
    )


@pages.get("/commissioning/statistics/reach")
@requires(Permission.REFERRALS_STATISTICS)
def reach() -> str:
    """Show how fairly mini-competitions reach the settings of a framework (R39)."""
    reached = request.args.get("reached", "")
    with ground().read() as session:
        shown = _shown(session, Published.REACH)
        figures: Mapping[str, Any] = shown.table.figures if shown.table else {"lots": [], "settings": []}
        lots = lots_by_id(session, [each["lot_id"] for each in figures["lots"]])
    settings = sorted((each for each in figures["settings"] if _is_reached(each, reached)), key=_by_reach)
    page = page_of(len(settings))
    return render_template(
        "referrals/statistics/reach.html",
        shown=shown,
        lots=[(lots[each["lot_id"]], each) for each in figures["lots"]],
        settings=settings[page.offset : page.offset + page.size],
        never=sum(each["invited"] == 0 for each in figures["settings"]),
        page=page,
        reached=reached,
        choices=_REACHED,
        few=_FEW,
    )


def _is_reached(each: Mapping[str, Any], reached: str) -> bool:
    wanted = {
        _NEVER: each["invited"] == 0,
        _ASKED: each["invited"] != 0,
        _UNANSWERED: each["invited"] != 0 and each["answered"] == 0,
    }
    return bool(wanted.get(reached, True))


def _by_reach(each: Mapping[str, Any]) -> tuple[int, str]:
    """Put those never asked first, then those of whom little can be shown, then the rest by how rarely they were."""
    invited = each["invited"]
    return (1 if invited is None else invited + 1 if invited else 0, str(each["name"]))


@pages.get("/commissioning/statistics/reach.csv")
@requires(Permission.REFERRALS_STATISTICS)
def export_reach() -> Response:
    """Hand out the settings of the table as CSV: what the page hides is not in it either (V10)."""
    with ground().read() as session:
        shown = _shown(session, Published.REACH)
    figures: Mapping[str, Any] = shown.table.figures if shown.table else {"settings": []}
    head = ("Setting", "Asked", "Answered", "Won")
    rows = [
        (str(each["name"]), *(_cell(each[name]) for name in ("invited", "answered", "won")))
        for each in sorted(figures["settings"], key=_by_reach)
    ]
    return _sheet("reach.csv", [head, *rows])


@pages.get("/commissioning/statistics/gaps")
@requires(Permission.REFERRALS_STATISTICS)
def gaps() -> str:
    """Show why settings declined, by need, lot and placing council: where the market has gaps (R23)."""
    with ground().read() as session:
        shown = _shown(session, Published.GAPS)
        figures: Mapping[str, Any] = shown.table.figures if shown.table else {"referrals": None, "reasons": []}
        names = _names(session, figures["reasons"])
    return render_template(
        "referrals/statistics/gaps.html",
        shown=shown,
        base=figures["referrals"],
        reasons=[(DeclineCode(each["code"]), each["referrals"]) for each in figures["reasons"]],
        sides=[(side, _charts(side, figures["reasons"], names)) for side in Side],
        few=_FEW,
    )


@pages.get("/commissioning/statistics/gaps.csv")
@requires(Permission.REFERRALS_STATISTICS)
def export_gaps() -> Response:
    """Hand out the same figures as CSV (V10: exports obey the same)."""
    with ground().read() as session:
        shown = _shown(session, Published.GAPS)
        figures: Mapping[str, Any] = shown.table.figures if shown.table else {"reasons": []}
        reasons = figures["reasons"]
        names = _names(session, reasons)
    rows = [("Reason", "By", "Group", "Referrals")]
    for each in reasons:
        words = DeclineCode(each["code"]).words
        rows.append((words, "All", "All", _cell(each["referrals"])))
        rows += [
            (words, Side(side).words, names[key], _cell(count))
            for side, groups in each["sides"].items()
            for key, count in groups.items()
        ]
    return _sheet("gaps.csv", rows)


def _names(session: Session, reasons: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    keys = {key for each in reasons for groups in each["sides"].values() for key in groups}
    lots = {key: lot.title for key, lot in lots_by_id(session, keys).items()}
    councils = {key: card.name for key, card in organisations_by_id(session, keys).items()}
    needs = {need.value: need.words[0].upper() + need.words[1:] for need in NeedArea}
    return {**needs, **lots, **councils}


def _charts(
    side: Side, reasons: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[tuple[DeclineCode, list[tuple[str, int | None]]]]:
    """Return for each reason with groups of this side their names and figures, the highest first."""
    found = []
    for each in reasons:
        groups: Mapping[str, int | None] = each["sides"].get(side.value, {})
        if any(groups.values()):
            ordered = sorted(groups.items(), key=lambda pair: (-(pair[1] or 0), names[pair[0]]))
            found.append((DeclineCode(each["code"]), [(names[key], count) for key, count in ordered]))
    return found


def _cell(count: int | None) -> str:
    return _FEW if count is None else str(count)


def _sheet(name: str, rows: Sequence[Sequence[str]]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(as_csv(rows), mimetype="text/csv", headers=headers)
