"""The council's placements: the list, one with its agreement, its parts and its end."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fps.queries import framework, lot
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.queries import persons
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.placements.begin_package import BeginPackage, begin_package
from referrals.actions.placements.end_placement import EndPlacement, end_placement
from referrals.actions.placements.sign_agreement import reopen_agreement, sign_agreement
from referrals.actions.placements.write_agreement import WriteAgreement, write_agreement
from referrals.actions.placements.write_parts import Supply
from referrals.model.contracts import ContractCard, ContractKind
from referrals.model.placements import EndReason, PlacementCard, PlacementKind, PlacementState
from referrals.queries.contracts import contracts_for
from referrals.queries.placement_contacts import contact_choices
from referrals.queries.placements import WantedPlacements, count_placements, placement, placements_of
from referrals.rules.placements import missing_for_signing
from referrals.web.placement_forms import AgreementForm, EndForm, PackageForm, SeenForm, SignForm, Supplied
from referrals.web.placement_words import STATE_TAGS

pages = Blueprint("placements", __name__)

Page = str | Response | tuple[str, int]
_LONGEST = 60


def wanted_placements() -> WantedPlacements:
    """Return what the address asks for."""
    asked = request.args
    state, kind = asked.get("state", ""), asked.get("kind", "")
    return WantedPlacements(
        words=asked.get("words", "")[:_LONGEST],
        state=PlacementState(state) if state in set(PlacementState) else None,
        kind=PlacementKind(kind) if kind in set(PlacementKind) else None,
    )


def filter_choices() -> dict[str, object]:
    """Return what the filters of a list of placements offer."""
    return {
        "states": [("", "Any status"), *((each.value, each.words) for each in PlacementState)],
        "kinds": [("", "Any kind"), *((each.value, each.words) for each in PlacementKind)],
        "tags": STATE_TAGS,
    }


@pages.get("/commissioning/placements")
@requires(Permission.PLACEMENTS_MANAGE)
def index() -> str:
    """Show the placements of one's council, the newest first; all or those that the address asks for."""
    actor, today, wanted = current_actor(), london_date(ground().clock.now()), wanted_placements()
    with ground().read() as session:
        page = page_of(count_placements(session, actor, today, wanted))
        lines = placements_of(session, actor, today, wanted, offset=page.offset, limit=page.size)
    return render_template(
        "referrals/placements/index.html",
        lines=lines,
        page=page,
        wanted=wanted,
        is_narrowed=wanted != WantedPlacements(),
        today=today,
        **filter_choices(),
    )


@pages.get("/commissioning/placements/<placement_id>")
@requires(Permission.PLACEMENTS_MANAGE)
def one(placement_id: str) -> str:
    """Show a placement: where it stands, what is next, agreement, parts, reviews."""
    today = london_date(ground().clock.now())
    with ground().read() as session:
        card = placement(session, current_actor(), placement_id)
        people = persons(session, filter(None, (card.council_contact_id, card.provider_contact_id)))
        bought = bought_through(session, card)
    return render_template(
        "referrals/placements/one.html",
        card=card,
        state=card.state(today),
        tags=STATE_TAGS,
        today=today,
        people=people,
        bought=bought,
        missing=missing_for_signing(card),
        form=_seen(card),
    )


def bought_through(session: Session, card: PlacementCard) -> str:
    """Name framework and lot of a placement; empty off the framework."""
    if card.lot_id is None:
        return ""
    through = lot(session, card.lot_id)
    return f"{framework(session, through.framework_id).name}, {through.title}"


def _seen(card: PlacementCard) -> SeenForm:
    form = SeenForm()
    form.edition.data = str(card.edition)
    return form


@pages.route("/commissioning/placements/<placement_id>/agreement", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def agreement(placement_id: str) -> Page:
    """Write what the agreement says."""
    form, card = AgreementForm(), _card(placement_id)
    with ground().read() as session:
        form.offer(contact_choices(session, card.council_id, card.provider_id))
    if not form.is_submitted():
        form.fill(card)
    elif form.validate():
        contacts = form.council_contact.data or None, form.provider_contact.data if form.provider_contact else None
        command = WriteAgreement(placement_id, form.seen(), form.terms(), bool(form.is_confirmed.data), *contacts)
        try:
            with ground().work() as work:
                write_agreement(work, current_actor(), command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The agreement is saved.")
            return _to(placement_id)
    return _form_page("agreement", form, card)


@pages.route("/commissioning/placements/<placement_id>/sign", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def sign(placement_id: str) -> Page:
    """Record the day on which the last party signed."""
    form, card = SignForm(), _card(placement_id)
    if not form.is_submitted():
        form.edition.data = str(card.edition)
    elif form.validate():
        try:
            with ground().work() as work:
                sign_agreement(work, current_actor(), placement_id, form.seen(), form.signed_on.data)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The signatures are recorded, and the reviews are planned.")
            return _to(placement_id)
    return _form_page("sign", form, card, missing=missing_for_signing(card))


@pages.post("/commissioning/placements/<placement_id>/reopen")
@requires(Permission.PLACEMENTS_MANAGE)
def reopen(placement_id: str) -> Response:
    """Open a signed agreement for a change that all sign again."""
    with ground().work() as work:
        reopen_agreement(work, current_actor(), placement_id, SeenForm().seen())
    flash("The agreement can be changed now. All must sign it again.")
    return _to(placement_id)


@pages.route("/commissioning/placements/<placement_id>/end", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def end(placement_id: str) -> Page:
    """End a placement with its last day and the reason."""
    form, card = EndForm(), _card(placement_id)
    if form.validate_on_submit():
        command = EndPlacement(
            placement_id,
            form.ended_on.data,
            EndReason(str(form.reason.data)),
            str(form.words.data or ""),
            bool(form.is_confirmed.data),
        )
        try:
            with ground().work() as work:
                end_placement(work, current_actor(), command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The placement is ended. Everybody concerned is told.")
            return _to(placement_id)
    return _form_page("end", form, card)


@pages.route("/commissioning/placements/new-package", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def new_package() -> Page:
    """Begin a package of education support with its first supplier."""
    form = PackageForm()
    council_id = organisations_with(current_actor(), Permission.PLACEMENTS_MANAGE)[0]
    offer_contracts(form, council_id)
    if form.validate_on_submit():
        command = BeginPackage(
            council_id,
            str(form.year_group.data),
            supply_of(form),
            str(form.service.data or ""),
            bool(form.is_confirmed.data),
        )
        try:
            with ground().work() as work:
                placement_id = begin_package(work, current_actor(), command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The package is begun. Add the other suppliers, then write the agreement.")
            return _to(placement_id)
    shown = render_template("referrals/placements/new_package.html", form=form)
    return shown, 422 if form.is_submitted() else 200


def offer_contracts(form: Supplied, council_id: str) -> None:
    """Offer in a form the contracts of a council that hold today."""
    today = london_date(ground().clock.now())
    with ground().read() as session:
        live: list[ContractCard] = [
            card for kind in ContractKind for card in contracts_for(session, council_id, kind, today)
        ]
    form.offer(live)


def supply_of(form: Supplied) -> Supply:
    """Return from whom it is bought."""
    return Supply(
        str(form.contract.data or "") or None, str(form.supplier.data or ""), str(form.bought_under.data or "")
    )


def _card(placement_id: str) -> PlacementCard:
    with ground().read() as session:
        return placement(session, current_actor(), placement_id)


def _form_page(name: str, form: SeenForm | EndForm, card: PlacementCard, **more: object) -> tuple[str, int]:
    page = render_template(f"referrals/placements/{name}.html", form=form, card=card, **more)
    return page, 422 if form.is_submitted() else 200


def _to(placement_id: str) -> Response:
    return redirect(url_for("referrals.placements.one", placement_id=placement_id), code=303)
