from __future__ import annotations

from flask import Blueprint, render_template, url_for

from fps.actions.frameworks.change_lots import Lots, Terms, add_lot, change_lot, end_lot, replace_lot
from fps.model import DOCUMENT_WORDS, STATUS_WORDS, DocumentKind, LotCard, NewLot, SettingKind
from fps.model.frameworks import KIND_WORDS
from fps.queries import framework, lot
from fps.queries.framework_pages import requirements_of, standing_counts
from fps.queries.frameworks import all_lots
from fps.web.framework_editing import Answer, form_page, framework_led
from fps.web.framework_forms import AddLotForm, ChangeLotForm, EndLotForm, ReplaceLotForm
from fps.web.frameworks import leads, today_here
from kernel.errors import NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.options import options

pages = Blueprint("framework_lots", __name__)


@pages.get("/register/frameworks/<framework_id>/lots/<lot_id>")
@requires(Permission.REGISTER_READ)
def one(framework_id: str, lot_id: str) -> str:
    """Show a lot: its days, what it has taken and asked for over time, who stands on it, what it replaced."""
    today = today_here()
    with ground().read() as session:
        card = framework(session, framework_id)
        shown = {each.id: each for each in all_lots(session, card.id, today)}
        if lot_id not in shown:
            raise NotFoundError
        kinds, documents = requirements_of(session, lot_id)
        standing = standing_counts(session, card.id).get(lot_id, {})
    found = shown[lot_id]
    return render_template(
        "fps/frameworks/lot.html",
        card=card,
        lot=found,
        today=today,
        is_live=found.is_live(today),
        kinds=kinds,
        documents=documents,
        kind_words=KIND_WORDS,
        document_words=DOCUMENT_WORDS,
        standing=[(STATUS_WORDS[status], count) for status, count in standing.items()],
        replaced=shown.get(found.replaces_id or ""),
        replaced_by=[each for each in shown.values() if each.replaces_id == found.id],
        leads=leads(card),
    )


@pages.route("/register/frameworks/<framework_id>/lots/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def new(framework_id: str) -> Answer:
    """Add a lot."""
    card = framework_led(framework_id)
    form = AddLotForm()
    with ground().read() as session:
        ended = [each for each in all_lots(session, card.id) if each.until is not None]
    form.replaces.choices = options(((each.id, each.title) for each in ended), first="No")

    def do(work: Work) -> None:
        added = NewLot(
            form.number.data, form.name.data, _documents(form.documents.data), _kinds(form.kinds.data), form.since.data
        )
        of = Lots(card.id, form.seen, form.reason.data)
        add_lot(work, current_actor(), of, added, replaces_id=form.replaces.data or None)

    return form_page(card, form, do, heading="Add a lot", done="The lot is added.")


@pages.route("/register/frameworks/<framework_id>/lots/<lot_id>/change", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def change(framework_id: str, lot_id: str) -> Answer:
    """Change from a day on what a lot takes and asks for."""
    card = framework_led(framework_id)
    found = _lot_of(card.id, lot_id)
    form = ChangeLotForm(
        kinds=[str(kind) for kind in found.kinds],
        documents=[str(kind) for kind in found.required_documents],
        price_band=found.price_band,
    )

    def do(work: Work) -> None:
        terms = Terms(_kinds(form.kinds.data), _documents(form.documents.data), form.price_band.data or "")
        of = Lots(card.id, form.seen, form.reason.data)
        change_lot(work, current_actor(), of, lot_id, terms, form.since.data)

    return form_page(
        card,
        form,
        do,
        heading=f"Change what {found.title} takes and asks for",
        done="The change is recorded.",
        back=url_for("fps.framework_lots.one", framework_id=card.id, lot_id=lot_id),
    )


@pages.route("/register/frameworks/<framework_id>/lots/<lot_id>/end", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def last_day(framework_id: str, lot_id: str) -> Answer:
    """Set the last day of a lot."""
    card = framework_led(framework_id)
    found = _lot_of(card.id, lot_id)
    form = EndLotForm()

    def do(work: Work) -> None:
        of = Lots(card.id, form.seen, form.reason.data)
        end_lot(work, current_actor(), of, lot_id, form.until.data)

    return form_page(
        card,
        form,
        do,
        heading=f"End {found.title}",
        done="The last day of the lot is set.",
        back=url_for("fps.framework_lots.one", framework_id=card.id, lot_id=lot_id),
        button="End the lot",
        text="A lot ends only when no setting stands on it. To move its settings to a new lot, replace it instead.",
    )


@pages.route("/register/frameworks/<framework_id>/lots/<lot_id>/replace", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def replace(framework_id: str, lot_id: str) -> Answer:
    """Put a new lot in the place of another, and move to it who stands there."""
    card = framework_led(framework_id)
    found = _lot_of(card.id, lot_id)
    form = ReplaceLotForm(
        number=found.number,
        name=found.name,
        kinds=[str(kind) for kind in found.kinds],
        documents=[str(kind) for kind in found.required_documents],
    )

    def do(work: Work) -> None:
        new_lot = NewLot(form.number.data, form.name.data, _documents(form.documents.data), _kinds(form.kinds.data))
        of = Lots(card.id, form.seen, form.reason.data)
        replace_lot(work, current_actor(), of, lot_id, new_lot)

    return form_page(
        card,
        form,
        do,
        heading=f"Replace {found.title}",
        done="The new lot is open. The settings of the old one stand on it as they stood there.",
        button="Replace the lot",
        text="The new lot begins today, and the old one ended yesterday. Every setting moves as it stands.",
    )


def _lot_of(framework_id: str, lot_id: str) -> LotCard:
    """Return a lot with the latest that has been decided of it; raises NotFoundError for another framework's."""
    with ground().read() as session:
        found = lot(session, lot_id)
    if found.framework_id != framework_id:
        raise NotFoundError
    return found


def _kinds(ticked: list[str] | None) -> tuple[SettingKind, ...]:
    return tuple(SettingKind(kind) for kind in ticked or [])


def _documents(ticked: list[str] | None) -> tuple[DocumentKind, ...]:
    return tuple(DocumentKind(kind) for kind in ticked or [])
