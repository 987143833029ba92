from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.sansio.app import App
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply

from kernel import scope
from kernel.errors import ConflictError
from kernel.web import ground
from people.actions.merge_persons import judge, merge_persons, reaches_both, tell_apart, undo_merge
from people.permissions import Permission
from people.personal_data import PersonData
from people.queries import contact_points
from people.queries.directory import managed_profile, organisations_seen
from people.queries.merging import Suggestion, merge_record, merges_of, suggestions
from people.web.contact_forms import PressForm
from people.web.guard import current_actor, requires
from people.web.seeing import place_name, sight
from people.web.words import ROLES

pages = Blueprint("merging", __name__)

_PARTS = "people.personal_data"
_THEMSELVES = "persons"
_WHY = "two records of one person become one, or two again, in every domain at once"


def give_parts(app: App, parts: Sequence[PersonData]) -> None:
    """Let the pages know what each domain holds of people: people itself may not know the domains."""
    app.extensions[_PARTS] = tuple(parts)


def _parts() -> tuple[PersonData, ...]:
    return cast("tuple[PersonData, ...]", current_app.extensions[_PARTS])


@dataclass(frozen=True)
class Side:
    """One kind of thing that one domain holds of the two: how many of each."""

    name: str
    kept: int
    gone: int


@pages.get("/people/duplicates")
@requires(Permission.PEOPLE_MANAGE)
def index() -> str:
    """Show records that may be one person."""
    with ground().read() as session:
        found = [pair for pair in _suggested(session) if _is_ours(session, pair)]
    return render_template("people/duplicates.html", found=found, person=None, merges=[])


@pages.get("/people/<person_id>/duplicates")
@requires(Permission.PEOPLE_MANAGE)
def choose(person_id: str) -> str:
    """Show what may be a second record of one person, and what was merged into theirs."""
    with ground().read() as session:
        person = managed_profile(session, sight(), person_id)
        pairs = [pair for pair in _suggested(session) if person_id in {pair.first_id, pair.second_id}]
        found = [pair for pair in pairs if _is_ours(session, pair)]
        merges = merges_of(session, person_id, ground().clock.now())
    return render_template("people/duplicates.html", found=found, person=person, merges=merges)


def _suggested(session: Session) -> list[Suggestion]:
    return suggestions(session, [id_ for id_, _ in organisations_seen(session, sight())])


def _is_ours(session: Session, pair: Suggestion) -> bool:
    one, other = merge_record(session, pair.first_id), merge_record(session, pair.second_id)
    return reaches_both(session, current_actor(), one, other)


@pages.route("/people/<kept_id>/merge/<gone_id>", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def preview(kept_id: str, gone_id: str) -> str | Reply | tuple[str, int]:
    """Show side by side what would move, domain by domain, and make the two one."""
    with ground().read() as session, scope.system(_WHY, session):
        verdict = judge(session, current_actor(), kept_id, gone_id)
        sides = _sides(session, kept_id, gone_id)
        both = [_shown(session, person_id) for person_id in (kept_id, gone_id)]
    form = PressForm()
    if form.validate_on_submit():
        try:
            with ground().work() as work, scope.system(_WHY, work.session):
                merge_persons(work, current_actor(), kept_id, gone_id, _parts())
        except ConflictError as error:
            flash(str(error), "refused")
            return redirect(url_for(".choose", person_id=kept_id), code=303)
        flash("The two records are one now. You can undo this for 30 days.")
        return redirect(url_for(".choose", person_id=kept_id), code=303)
    return render_template("people/merge.html", form=form, verdict=verdict, sides=sides, kept=both[0], gone=both[1])


def _sides(session: Session, kept_id: str, gone_id: str) -> list[Side]:
    found = []
    for part in _parts():
        kept, gone = part.summarise(session, kept_id), part.summarise(session, gone_id)
        found += [
            Side(f"{part.name}: {kind}".replace("_", " "), kept.get(kind, 0), gone.get(kind, 0))
            for kind in dict.fromkeys((*kept, *gone))
            if kind != _THEMSELVES
        ]
    return found


@dataclass(frozen=True)
class Shown:
    """One of the two records, in words."""

    id: str
    name: str
    roles: tuple[str, ...]
    addresses: tuple[str, ...]


def _shown(session: Session, person_id: str) -> Shown:
    record = merge_record(session, person_id)
    roles = tuple(f"{ROLES[held.role]}, {place_name(session, held.organisation_id)}" for held in record.roles)
    points = contact_points(session, person_id)
    return Shown(record.id, record.name or "No name", roles, tuple(point.address for point in points))


@pages.post("/people/<first_id>/apart/<second_id>")
@requires(Permission.PEOPLE_MANAGE)
def apart(first_id: str, second_id: str) -> Reply:
    """Note that two records are two people."""
    with ground().work() as work:
        judge(work.session, current_actor(), first_id, second_id)
        tell_apart(work, current_actor(), first_id, second_id)
    flash("Noted: these are two people. They are not suggested any more.")
    return redirect(url_for(".index"), code=303)


@pages.post("/people/merges/<merge_id>/undo")
@requires(Permission.PEOPLE_MANAGE)
def undo(merge_id: str) -> Reply:
    """Make two records of one again."""
    try:
        with ground().work() as work, scope.system(_WHY, work.session):
            kept_id, _gone_id = undo_merge(work, current_actor(), merge_id, _parts())
    except ConflictError as error:
        flash(str(error), "refused")
        return redirect(url_for(".index"), code=303)
    flash("The merge is undone. Each of the two has what it had.")
    return redirect(url_for(".choose", person_id=kept_id), code=303)
