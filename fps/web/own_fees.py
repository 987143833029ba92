"""A provider enters what its setting charges; its rivals never see it."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from fps.actions.fees.offer_fee import offer_fee
from fps.actions.fees.withdraw_fee import withdraw_fee
from fps.model import SettingCard
from fps.model.fees import LONGEST_BAND, FeeKind, NewFee, Unit
from fps.queries import fees as prices
from fps.rules.fees import pence_of, uplifts
from fps.web.fee_words import KINDS, UNITS, change, pounds, state
from fps.web.fields import day_field, line_field
from fps.web.own_profile import own_setting
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options

pages = Blueprint("own_fees", __name__)


class FeeForm(PageForm):
    """What is charged, for what, from when."""

    lot = SelectField("Lot", widget=GovSelect(), validators=[InputRequired("Choose a lot")])
    kind = SelectField(
        "What it is for", widget=GovSelect(), choices=options((kind.value, words) for kind, words in KINDS.items())
    )
    band = line_field("Band", LONGEST_BAND, hint="Such as: complex needs. Leave it empty for your standard price.")
    amount = StringField(
        "Price in pounds",
        description="For example, 1,250 or 95.50",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the price"), Length(max=20)],
    )
    unit = SelectField("For", widget=GovSelect(), choices=options((unit.value, words) for unit, words in UNITS.items()))
    valid_from = day_field(
        "First day",
        hint="A price that is in its place now ends the day before. For example, 1 4 2027",
        missing="Enter the first day",
    )
    valid_until = day_field("Last day", hint="Leave it empty if no end is set", missing=None)

    def told(self, setting_id: str) -> NewFee:
        """Return what was entered; raises InvalidInputError for an amount that cannot be read."""
        first: date = self.valid_from.data
        return NewFee(
            setting_id,
            str(self.lot.data),
            FeeKind(self.kind.data),
            str(self.band.data or ""),
            Unit(self.unit.data),
            pence_of(str(self.amount.data)),
            first,
            self.valid_until.data,
        )


@pages.get("/my-settings/<setting_id>/fees")
@requires(Permission.SETTINGS_OWN)
def index(setting_id: str) -> str:
    """Show a provider what its setting charges, has charged and will."""
    card = own_setting(setting_id)
    with ground().read() as session:
        lots = {lot.id: lot.title for lot in prices.lots_of_setting(session, card.id)}
        found = prices.fees_of(session, card.id)
    today = london_date(ground().clock.now())
    return render_template(
        "fps/fees/own.html",
        card=card,
        found=found,
        lots=lots,
        kinds=KINDS,
        units=UNITS,
        pounds=pounds,
        change=change,
        uplifts=uplifts(found),
        state=lambda fee: state(fee, today),
        today=today,
    )


@pages.route("/my-settings/<setting_id>/fees/new", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def new(setting_id: str) -> str | Response | tuple[str, int]:
    """Enter a price from a day on."""
    card, form = own_setting(setting_id), FeeForm()
    with ground().read() as session:
        found = prices.lots_of_setting(session, card.id)
    form.lot.choices = [SelectChoice(lot.id, lot.title) for lot in found]
    if not form.validate_on_submit():
        return _page(card, form, has_lot=bool(found)), 422 if form.is_submitted() else 200
    try:
        told = form.told(card.id)
        with ground().work() as work:
            offer_fee(work, current_actor(), told)
    except InvalidInputError as error:
        form.show(error)
        return _page(card, form), error.status
    except ConflictError as error:
        form.show_at(form.valid_from, str(error))
        return _page(card, form), error.status
    flash(f"The price is entered. It holds from {told.valid_from.day} {told.valid_from:%B %Y}.")
    return redirect(url_for(".index", setting_id=card.id), code=303)


def _page(card: SettingCard, form: FeeForm, *, has_lot: bool = True) -> str:
    return render_template("fps/fees/new.html", card=card, form=form, has_lot=has_lot)


@pages.post("/my-settings/<setting_id>/fees/<fee_id>/withdraw")
@requires(Permission.SETTINGS_OWN)
def withdraw(setting_id: str, fee_id: str) -> Response:
    """Take back a price before it holds."""
    card = own_setting(setting_id)
    with ground().work() as work:
        if prices.fee(work.session, fee_id).setting_id != card.id:
            raise NotFoundError
        withdraw_fee(work, current_actor(), fee_id)
    flash("The price is withdrawn. What held before it goes on.")
    return redirect(url_for(".index", setting_id=card.id), code=303)
