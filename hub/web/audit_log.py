from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fps.queries.evaluations import opened_ids
from hub.jobs import alarm
from kernel import audit
from kernel.audit_lines import Seen, Wanted, all_lines, lines
from kernel.calendar import start_of_day
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.actions.check_audit import check_audit
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from people.queries import persons
from people.rights.queries import last_audit_check, persons_in
from people.web.guard import current_actor, requires
from surveys.rules.export import safe_cell

pages = Blueprint("audit_log", __name__)

_ON_A_PAGE = 50
_FILTERS = ("actor", "action", "subject_kind", "subject_id", "since", "until")
_HEAD = ("line", "at", "actor", "action", "subject_kind", "subject_id", "details", "hash")
_REGISTER_OF_LEAD = ("fps.", "people.register_organisation")
"""Actions on the register of providers, which the lead authority answers for."""


def seen_by(actor: Actor) -> Seen:
    """Return which lines somebody may see.

    Data-protection officers and auditors: what people of their council and its forum did, families among them, and
    what anybody did about these people (DOMAIN.md 1.3; A3: no other council's). The lead authority: what was done to
    the register, and by its own people, of an application from its opening on (R21). Administrators: what people of
    their own organisations did.
    """
    own, opened = organisations_with(actor, Permission.AUDIT_READ), {"application": opened_ids()}
    if actor.has(Role.AUDITOR):
        area = persons_in(own, with_forums=True)
        return Seen(area, _register_of(actor), area, opened)
    return Seen(persons_in(own), _register_of(actor), opened=opened)


def _register_of(actor: Actor) -> tuple[str, ...]:
    return _REGISTER_OF_LEAD if actor.has(Role.LEAD_AUTHORITY) else ()


def _names(session: Session, seen: Seen, actors: set[str]) -> dict[str, str]:
    """Return the names of those of the actors who are of one's own area; the others stay ids."""
    (person_id,) = seen.actors.selected_columns
    ours = session.scalars(seen.actors.where(person_id.in_(actors))).all()
    return {person.id: person.name for person in persons(session, ours).values()}


def _wanted(actor: Actor) -> Wanted:
    told = {name: request.args.get(name, "").strip()[:80] for name in _FILTERS}
    since, until = _day("since", told["since"]), _day("until", told["until"])
    return Wanted(
        told["actor"],
        told["action"],
        told["subject_kind"],
        told["subject_id"],
        start_of_day(since) if since else None,
        start_of_day(until + timedelta(days=1)) if until else None,
        seen_by(actor),
    )


def _day(name: str, written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise InvalidInputError(name, "Write days like 2026-11-23.") from error


def _note_reading(actor: Actor, action: str) -> None:
    """Write that the log was read, and by which filters, but not what was filtered for."""
    used = [name for name in _FILTERS if request.args.get(name)]
    with ground().work() as work:
        audit.record(work, actor=actor.id, action=action, subject=("audit", "log"), details={"filters": used})


@pages.get("/audit")
@requires(Permission.AUDIT_READ)
def show() -> str:
    """Show the log, the latest first; the address says what is looked for and below which line."""
    actor = current_actor()
    wanted = _wanted(actor)
    below = request.args.get("below", type=int)
    with ground().read() as session:
        found = lines(session, wanted, below=below, limit=_ON_A_PAGE + 1)
        names = _names(session, seen_by(actor), {line.actor for line in found})
        checked = last_audit_check(session)
    _note_reading(actor, "hub.read_audit")
    told = {name: request.args.get(name, "") for name in _FILTERS}
    shown = found[:_ON_A_PAGE]
    return render_template(
        "audit_log/show.html",
        lines=shown,
        names=names,
        told=told,
        is_filtered=any(told.values()),
        checked=checked,
        newest=_address(told) if below else None,
        older=_address({**told, "below": str(shown[-1].seq)}) if len(found) > _ON_A_PAGE else None,
    )


def _address(told: Mapping[str, str]) -> str:
    return f"{url_for('.show')}?{urlencode({name: value for name, value in told.items() if value})}"


@pages.get("/audit.csv")
@requires(Permission.AUDIT_READ)
def export() -> Response:
    """Send what the page shows, all pages of it, as CSV in which no cell is a formula."""
    actor = current_actor()
    wanted, held = _wanted(actor), ground()
    _note_reading(actor, "hub.export_audit")

    def rows() -> Iterator[str]:
        with held.read() as session:
            yield from _csv(session, wanted)

    answer = Response(rows(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _csv(session: Session, wanted: Wanted) -> Iterator[str]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    for line in all_lines(session, wanted):
        at: datetime = line.at
        cells = (line.seq, at.isoformat(), line.actor, line.action, line.subject_kind, line.subject_id, line.details)
        writer.writerow([safe_cell(cell) for cell in (*cells, line.hash)])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


@pages.post("/audit/verify")
@requires(Permission.AUDIT_READ)
def verify() -> Response:
    """Walk the whole chain now, against the head of the last good walk."""
    found = check_audit(ground(), current_actor().id)
    if found.broken_at is not None:
        alarm(ground(), found, ground().clock.now().isoformat())
        flash(f"The log does not hold at line {found.broken_at}: {found.reason}. Administrators have been told.")
    else:
        flash(f"The log holds: {found.entries} lines.")
    return redirect(url_for(".show"), code=303)
