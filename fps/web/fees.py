"""What settings charge: commissioners read prices, the lead authority and they read benchmarks (DOMAIN.md 1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy.orm import Session

from fps.model import LotCard
from fps.model.fees import FeeKind, FeeLine, Unit
from fps.queries import benchmarks as published
from fps.queries import fees as prices
from fps.queries import setting
from fps.queries.fees import WantedFees
from fps.rules.benchmarks import benchmark_day
from fps.rules.fees import uplifts
from fps.rules.round_tables import as_csv
from fps.web.fee_words import FIGURES, KINDS, UNITS, change, charts, pounds, state
from fps.web.fields import parsed_day
from kernel import audit
from kernel.calendar import london_date
from kernel.web import ground
from people.permissions import Permission, may, organisations_with
from people.web.guard import current_actor, requires
from people.web.paging import page_of

pages = Blueprint("fees", __name__)

_HEAD = ("Setting", "Provider", "District", "Lot", "For", "Band", "Pounds", "Unit", "From", "Until")


@dataclass(frozen=True)
class _Asked:
    """What the address asks for; `unread_day` is a day that could not be read."""

    wanted: WantedFees
    is_on: bool
    unread_day: str


def _today() -> date:
    return london_date(ground().clock.now())


def _bought(session: Session) -> list[LotCard]:
    return prices.lots_bought(session, organisations_with(current_actor(), Permission.FEES_READ), _today())


def _asked(today: date) -> _Asked:
    told = {name: request.args.get(name, "").strip()[:100] for name in ("lot", "kind", "unit", "district", "on")}
    on = parsed_day(told["on"])
    wanted = WantedFees(
        on=on or today,
        lot_id=told["lot"] or None,
        kind=FeeKind(told["kind"]) if told["kind"] in set(FeeKind) else None,
        unit=Unit(told["unit"]) if told["unit"] in set(Unit) else None,
        district=told["district"] or None,
    )
    return _Asked(wanted, any(told.values()), told["on"] if told["on"] and on is None else "")


@pages.get("/register/fees")
@requires(Permission.FEES_READ)
def index() -> str:
    """List what settings charge on a day, on the lots through which one's council may buy."""
    asked = _asked(_today())
    with ground().read() as session:
        lots = _bought(session)
        ids = [lot.id for lot in lots]
        _, total = prices.fee_lines(session, ids, asked.wanted, limit=0)
        page = page_of(total)
        found, _ = prices.fee_lines(session, ids, asked.wanted, offset=page.offset, limit=page.size)
        places = prices.districts(session, ids)
    return render_template(
        "fps/fees/index.html",
        found=found,
        page=page,
        asked=asked,
        export=f"{url_for('.export')}?{urlencode(request.args.to_dict())}",
        lots=[("", "Any lot"), *((lot.id, lot.title) for lot in lots)],
        kinds=[("", "Anything"), *((kind.value, words) for kind, words in KINDS.items())],
        units=[("", "Any unit"), *((unit.value, words) for unit, words in UNITS.items())],
        districts=[("", "Any district"), *((place, place) for place in places)],
        kind_words=KINDS,
        unit_words=UNITS,
        pounds=pounds,
    )


@pages.get("/register/fees/export")
@requires(Permission.FEES_READ)
def export() -> Response:
    """Hand out the list as it is narrowed, as CSV; the log says that it was taken."""
    asked = _asked(_today())
    with ground().work() as work:
        lots = [lot.id for lot in _bought(work.session)]
        lines = prices.every_fee_line(work.session, lots, asked.wanted)
        facts = {"rows": len(lines), "on": asked.wanted.on.isoformat()}
        actor = current_actor()
        audit.record(work, actor=actor.id, action="fps.export_fees", subject=("person", actor.id), details=facts)
    headers = {"Content-Disposition": 'attachment; filename="fees.csv"', "Cache-Control": "no-store"}
    return Response(as_csv([_HEAD, *map(_cells, lines)]), mimetype="text/csv", headers=headers)


def _cells(line: FeeLine) -> tuple[str, ...]:
    fee = line.fee
    until = fee.valid_until.isoformat() if fee.valid_until else ""
    names = (line.setting, line.provider, line.district, line.lot, KINDS[fee.kind], fee.band)
    return (*names, f"{fee.pence / 100:.2f}", fee.unit, fee.valid_from.isoformat(), until)


@pages.get("/register/fees/benchmarks")
@requires(Permission.FEES_STATISTICS)
def benchmarks() -> str:
    """Show how prices lie on each lot, with nobody's own price in it."""
    today, asked = _today(), request.args.get("lot", "")
    with ground().read() as session:
        own = organisations_with(current_actor(), Permission.FEES_STATISTICS)
        lots = prices.lots_compared(session, own, today)
        shown = [lot for lot in lots if asked in ("", lot.id)]
        found = published.benchmarks(session, [lot.id for lot in shown], today)
    by_lot = [(lot, charts([each for each in found if each.lot_id == lot.id])) for lot in shown]
    return render_template(
        "fps/fees/benchmarks.html",
        shown=[(lot, drawn) for lot, drawn in by_lot if drawn],
        lots=[("", "Every lot"), *((lot.id, lot.title) for lot in lots)],
        asked=asked,
        day=benchmark_day(today),
        figures=list(FIGURES.values()),
        may_read=may(current_actor(), Permission.FEES_READ),
    )


@pages.get("/register/settings/<setting_id>/fees")
@requires(Permission.FEES_READ)
def of_setting(setting_id: str) -> str:
    """Show what one setting charges, has charged and will, on the lots through which one's council may buy."""
    with ground().read() as session:
        card = setting(session, setting_id)
        lots = {lot.id: lot.title for lot in _bought(session)}
        found = prices.fees_of(session, card.id, lots)
    return render_template(
        "fps/fees/of_setting.html",
        card=card,
        found=found,
        lots=lots,
        kinds=KINDS,
        units=UNITS,
        pounds=pounds,
        change=change,
        uplifts=uplifts(found),
        state=lambda fee: state(fee, _today()),
    )
