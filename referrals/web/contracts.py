"""The council's block contracts and existing contracts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from fps.queries import frameworks_of, lots, lots_by_id
from fps.queries.register import Wanted, settings_wanted
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.contracts.record_contract import (
    RecordContract,
    WrittenContract,
    change_contract,
    record_contract,
)
from referrals.model.contracts import ContractKind
from referrals.queries.contracts import contract, contracts_of, count_contracts
from referrals.web.placement_forms import ChangeContractForm, ContractForm

pages = Blueprint("contracts", __name__)

Page = str | Response | tuple[str, int]
_LONGEST, _NAMED = 60, 5


@pages.get("/commissioning/contracts")
@requires(Permission.PLACEMENTS_MANAGE)
def index() -> str:
    """Show the contracts of one's council with the places that are left."""
    actor, words = current_actor(), request.args.get("words", "")[:_LONGEST]
    asked = request.args.get("kind", "")
    kind = ContractKind(asked) if asked in set(ContractKind) else None
    with ground().read() as session:
        page = page_of(count_contracts(session, actor, kind, words))
        cards = contracts_of(session, actor, kind, words, offset=page.offset, limit=page.size)
        titles = {
            lot_id: card.title
            for lot_id, card in lots_by_id(session, {card.lot_id for card in cards if card.lot_id}).items()
        }
    return render_template(
        "referrals/contracts/index.html",
        cards=cards,
        page=page,
        titles=titles,
        kind=kind,
        words=words,
        kinds=[("", "Any kind"), *((each.value, each.words) for each in ContractKind)],
        today=london_date(ground().clock.now()),
    )


@pages.route("/commissioning/contracts/new", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def new() -> Page:
    """Record a contract."""
    form = ContractForm()
    council_id = organisations_with(current_actor(), Permission.PLACEMENTS_MANAGE)[0]
    today = london_date(ground().clock.now())
    with ground().read() as session:
        ours = [framework.id for framework in frameworks_of(session, council_id, today)]
        form.lot.choices = [
            SelectChoice("", "Every lot"),
            *(SelectChoice(lot.id, lot.title) for lot in lots(session, ours, today)),
        ]
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                setting_id = _setting_named(work.session, str(form.setting.data))
                record_contract(work, current_actor(), _recorded(form, council_id, setting_id))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The contract is recorded.")
            return redirect(url_for(".index"), code=303)
    page = render_template("referrals/contracts/new.html", form=form)
    return page, 422 if form.is_submitted() else 200


@pages.route("/commissioning/contracts/<contract_id>", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def edit(contract_id: str) -> Page:
    """Change reference, last day and places of a contract."""
    form = ChangeContractForm()
    with ground().read() as session:
        card, _ = contract(session, current_actor(), contract_id)
    if not form.is_submitted():
        form.reference.data, form.until.data, form.places.data = card.reference, card.until, card.places
    elif form.validate():
        try:
            with ground().work() as work:
                change_contract(work, current_actor(), contract_id, _written(form))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The contract is changed.")
            return redirect(url_for(".index"), code=303)
    page = render_template("referrals/contracts/edit.html", form=form, card=card)
    return page, 422 if form.is_submitted() else 200


def _written(form: ContractForm | ChangeContractForm) -> WrittenContract:
    return WrittenContract(str(form.reference.data or ""), form.until.data, form.places.data)


def _recorded(form: ContractForm, council_id: str, setting_id: str) -> RecordContract:
    return RecordContract(
        council_id,
        ContractKind(str(form.kind.data)),
        setting_id,
        str(form.lot.data or "") or None,
        form.since.data,
        _written(form),
    )


def _setting_named(session: Session, words: str) -> str:
    """Return the setting of a name or a URN; raises InvalidInputError where there is none or more than one."""
    wanted = Wanted(on=london_date(ground().clock.now()), words=words.strip())
    found, total = settings_wanted(session, wanted, limit=_NAMED)
    exact = [entry.setting for entry in found if entry.setting.name.casefold() == words.strip().casefold()]
    if len(exact) == 1 or total == 1:
        return (exact or [found[0].setting])[0].id
    if not found:
        raise InvalidInputError("setting", "No setting on the register has this name or URN. Look it up there first.")
    names = ", ".join(entry.setting.name for entry in found)
    raise InvalidInputError("setting", "{count} settings fit: {names}. Enter the URN.", count=total, names=names)
