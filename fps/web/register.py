"""The register's list of settings for staff, as it stands or stood on a day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from flask import Blueprint, Response, render_template, request, stream_with_context

from fps.model import SettingKind, Status
from fps.queries import lots
from fps.queries.register import (
    Entry,
    Wanted,
    counts_by_status,
    districts,
    every_setting_wanted,
    framework_names,
    settings_wanted,
)
from fps.web.fields import parsed_day
from fps.web.standing_words import INTAKES, KINDS, STATUSES
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.model import OrganisationKind
from people.permissions import Permission, may, organisations_with
from people.queries import organisations, organisations_by_id
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("register", __name__)

_LONGEST = 100
_HEAD = ("Setting", "Provider", "URN", "Kind", "From age", "To age", "Registered for", "Council district")
_STANDING_HEAD = ("Framework", "Lot", "Status", "Since")
# what a spreadsheet would read as a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pages.get("/register")
@requires(Permission.REGISTER_READ)
def index() -> str | tuple[str, int]:
    """Show the settings on the register, filtered and paged, with how many stand where."""
    today = london_date(ground().clock.now())
    (wanted, refused), number = _asked(today), page_asked()
    with ground().read() as session:
        found, total = settings_wanted(session, wanted, offset=(number - 1) * SIZE, limit=SIZE)
        page = Page(number, SIZE, total)
        if not found and total:
            found, total = settings_wanted(session, wanted, offset=page.offset, limit=SIZE)
        counts = counts_by_status(session, wanted)
        frameworks = framework_names(session)
        of_lots = lots(session, [wanted.framework_id], wanted.on) if wanted.framework_id else []
        places = districts(session)
        providers = organisations_by_id(session, {entry.setting.provider_id for entry in found})
    shown = render_template(
        "fps/standing/register.html",
        refused=refused,
        found=found,
        page=page,
        wanted=wanted,
        today=today,
        counts=[(*STATUSES[status], count) for status, count in sorted_counts(counts)],
        providers={key: card.name for key, card in providers.items()},
        tags=STATUSES,
        kinds=KINDS,
        frameworks=frameworks,
        choices={
            "framework": [("", "Any framework"), *frameworks.items()],
            "lot": [("", "Any lot"), *((each.id, each.title) for each in of_lots)],
            "status": [("", "Any status"), *((each.value, STATUSES[each][0]) for each in Status)],
            "kind": [("", "Any kind"), *((each.value, KINDS[each]) for each in SettingKind)],
            "district": [("", "Anywhere"), *((place, place) for place in places)],
        },
        may_manage=may(current_actor(), Permission.REGISTER_MANAGE),
        may_pause=may(current_actor(), Permission.PLACEMENTS_PAUSE),
    )
    return (shown, 422) if refused else shown


@pages.get("/register/settings.csv")
@requires(Permission.REGISTER_READ)
def export() -> Response:
    """Send the settings that the filters leave as CSV, a line for each lot on which one stands."""
    wanted = wanted_of(request.args, london_date(ground().clock.now()))
    name = f"register-{wanted.on.isoformat()}.csv"
    answer = Response(stream_with_context(_lines(wanted)), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked(today: date) -> tuple[Wanted, str]:
    """Return the filters of the address, and what is wrong with its day; then they are those of today."""
    try:
        return wanted_of(request.args, today), ""
    except InvalidInputError as error:
        return wanted_of({**request.args, "on": ""}, today), str(error)


def wanted_of(asked: Mapping[str, str], today: date) -> Wanted:
    """Read the filters of an address; what is no such thing is left out.

    Raises InvalidInputError for a day that cannot be read or is yet to come: no other day is shown in its place.
    """
    written = asked.get("on", "").strip()
    day = parsed_day(written) if written else today
    if day is None or day > today:
        raise InvalidInputError("on", "Enter a day such as 5/1/2026, not after today.")
    status, kind = asked.get("status"), asked.get("kind")
    framework_id = asked.get("framework") or None
    return Wanted(
        on=day,
        framework_id=framework_id,
        lot_id=(asked.get("lot") or None) if framework_id else None,
        status=Status(status) if status in set(Status) else None,
        kind=SettingKind(kind) if kind in set(SettingKind) else None,
        district=asked.get("district") or None,
        words=asked.get("name", "")[:_LONGEST],
        on_list=day < today,
        paused_by=organisations_with(current_actor(), Permission.PLACEMENTS_PAUSE) if asked.get("pause") else None,
    )


def sorted_counts(counts: Mapping[Status, int]) -> Iterator[tuple[Status, int]]:
    """Yield the counts in the order of a setting's life; what nobody stands at is left out."""
    return ((status, counts[status]) for status in Status if counts.get(status))


def _lines(wanted: Wanted) -> Iterator[str]:
    yield "\ufeff" + _line([*_HEAD, *_STANDING_HEAD])
    with ground().read() as session:
        frameworks = framework_names(session)
        names = {card.id: card.name for card in organisations(session, OrganisationKind.PROVIDER)}
        for entry in every_setting_wanted(session, wanted):
            yield from _rows(entry, names, frameworks)


def _rows(entry: Entry, names: Mapping[str, str], frameworks: Mapping[str, str]) -> Iterator[str]:
    card = entry.setting
    facts = [
        *(card.name, names.get(card.provider_id, ""), card.urn or "", KINDS[card.kind]),
        *(str(card.age_from), str(card.age_to), INTAKES[card.intake], card.district),
    ]
    for each in entry.standings:
        told = (frameworks.get(each.framework_id, ""), each.title, STATUSES[each.status][0], each.since.isoformat())
        yield _line([*facts, *told])
    if not entry.standings:
        yield _line([*facts, *("" for _ in _STANDING_HEAD)])


def _line(values: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([f"'{value}" if value.startswith(_FORMULA) else value for value in values])
    return written.getvalue()
