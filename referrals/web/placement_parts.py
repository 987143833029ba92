"""The parts of a placement: what each supplier does, for how many hours and at what fees."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.actions.placements.write_parts import WrittenPart, add_part, remove_part, write_part
from referrals.queries.placements import placement
from referrals.web.placement_forms import NewPartForm, PartForm, SeenForm
from referrals.web.placements import offer_contracts, supply_of

pages = Blueprint("placement_parts", __name__)

Page = str | Response | tuple[str, int]


@pages.route("/commissioning/placements/<placement_id>/parts/new", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def new(placement_id: str) -> Page:
    """Add another supplier's part."""
    form = NewPartForm()
    with ground().read() as session:
        card = placement(session, current_actor(), placement_id)
    offer_contracts(form, card.council_id)
    if not form.is_submitted():
        form.edition.data = str(card.edition)
    elif form.validate():
        try:
            with ground().work() as work:
                add_part(work, current_actor(), placement_id, form.seen(), supply_of(form), _written(form))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The supplier is added.")
            return _back(placement_id)
    page = render_template("referrals/placements/part.html", form=form, card=card, part=None)
    return page, 422 if form.is_submitted() else 200


@pages.route("/commissioning/placements/<placement_id>/parts/<part_id>", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def edit(placement_id: str, part_id: str) -> Page:
    """Write hours, weeks and fees of a part."""
    form = PartForm()
    with ground().read() as session:
        card = placement(session, current_actor(), placement_id)
    part = next((each for each in card.parts if each.id == part_id), None)
    if part is None:
        raise NotFoundError
    if not form.is_submitted():
        form.fill(part)
        form.edition.data = str(card.edition)
    elif form.validate():
        try:
            with ground().work() as work:
                write_part(work, current_actor(), placement_id, form.seen(), part_id, _written(form))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Hours and fees are saved.")
            return _back(placement_id)
    page = render_template("referrals/placements/part.html", form=form, card=card, part=part)
    return page, 422 if form.is_submitted() else 200


@pages.post("/commissioning/placements/<placement_id>/parts/<part_id>/remove")
@requires(Permission.PLACEMENTS_MANAGE)
def remove(placement_id: str, part_id: str) -> Response:
    """Take a part out of a package."""
    with ground().work() as work:
        remove_part(work, current_actor(), placement_id, SeenForm().seen(), part_id)
    flash("The supplier is taken out of the package.")
    return _back(placement_id)


def _written(form: PartForm) -> WrittenPart:
    return WrittenPart(
        str(form.service.data or ""), form.hours.data, form.weeks.data, form.fees(), bool(form.is_confirmed.data)
    )


def _back(placement_id: str) -> Response:
    return redirect(url_for("referrals.placements.one", placement_id=placement_id), code=303)
