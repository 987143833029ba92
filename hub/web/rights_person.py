from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from hub.web.rights import read_request
from hub.web.rights_forms import CorrectForm, FindForm
from hub.web.rights_words import KINDS
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.actions.move_request import name_person
from people.actions.rectify_person import Correction, rectify_person
from people.model import PersonCard
from people.permissions import Permission
from people.queries import organisations, person, persons_by_address
from people.rights.model import RequestCard, RequestKind
from people.rights.queries import is_within, persons_named
from people.rules import normalise_address
from people.web.guard import current_actor, requires
from people.web.words import ROLES

pages = Blueprint("rights_person", __name__)


@dataclass(frozen=True)
class Found:
    """Somebody whom a request may be about; the role tells namesakes apart."""

    id: str
    name: str
    roles: str


@pages.route("/rights/<request_id>/person", methods=["GET", "POST"])
@requires(Permission.RIGHTS_HANDLE)
def find(request_id: str) -> str | Response | tuple[str, int]:
    """Find whom a request is about: by number, address or name, which never stand in a URL."""
    form = FindForm()
    with ground().read() as session:
        card = read_request(session, request_id)
    chosen = request.form.get("person_id", "")
    if chosen:
        with ground().work() as work:
            name_person(work, current_actor(), request_id, chosen)
        flash("The request is linked to the person.")
        return redirect(url_for("rights.one", request_id=request_id), code=303)
    shown = {"form": form, "card": card, "kind": KINDS[card.kind]}
    if not form.validate_on_submit():
        return render_template("rights/person.html", **shown, found=None), 422 if form.errors else 200
    with ground().read() as session:
        found = _found(session, card, str(form.who.data))
    with ground().work() as work:
        audit.record(work, actor=current_actor().id, action="rights.find_person", subject=("rights_request", card.id))
    return render_template("rights/person.html", **shown, found=found)


def _found(session: Session, card: RequestCard, who: str) -> list[Found]:
    places = {place.id: place.name for place in organisations(session)}
    cards = {each.id: each for each in [*_by_address(session, who), *persons_named(session, who)]}
    return [
        Found(each.id, each.name or "No name", _roles(each, places))
        for each in cards.values()
        if is_within(session, each.id, (card.council_id,))
    ]


def _by_address(session: Session, who: str) -> list[PersonCard]:
    found: list[PersonCard] = []
    for channel in ("sms", "email"):
        try:
            found += persons_by_address(session, channel, normalise_address(channel, who))
        except InvalidInputError:
            continue
    return found


def _roles(card: PersonCard, places: dict[str, str]) -> str:
    held = [f"{ROLES[role.role]}, {places.get(role.organisation_id, '')}" for role in card.roles]
    return "; ".join(held) or "No role"


@pages.route("/rights/<request_id>/correct", methods=["GET", "POST"])
@requires(Permission.RIGHTS_HANDLE)
def correct(request_id: str) -> str | Response | tuple[str, int]:
    """Correct what a request for rectification says is wrong."""
    with ground().read() as session:
        card = read_request(session, request_id)
        if card.kind is not RequestKind.RECTIFICATION or card.person_id is None:
            raise NotFoundError
        who = person(session, card.person_id)
    form = CorrectForm(data={"name": who.name, "language": who.language})
    if not form.validate_on_submit():
        page = render_template("rights/correct.html", form=form, card=card, who=who)
        return page, 422 if form.errors else 200
    try:
        with ground().work() as work:
            changed = rectify_person(
                work, current_actor(), request_id, Correction(str(form.name.data), str(form.language.data))
            )
    except (InvalidInputError, ConflictError) as error:
        form.show(error if isinstance(error, InvalidInputError) else InvalidInputError("name", str(error)))
        return render_template("rights/correct.html", form=form, card=card, who=who), error.status
    flash("Corrected." if changed else "Nothing was different.")
    return redirect(url_for("rights.one", request_id=request_id), code=303)
