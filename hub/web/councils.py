from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from hub.web.branding import DEFAULT_COLOUR, branding, checked_colour
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.actions.brand_council import LONGEST, brand_council
from people.model import OrganisationCard, OrganisationKind, OwnLook
from people.permissions import Permission, organisations_with
from people.queries import organisation, organisations
from people.queries.branding import councils_with_look, look_of
from people.web.forms import PageForm
from people.web.guard import current_actor, requires

pages = Blueprint("councils", __name__)


class LookForm(PageForm):
    """How the hub presents itself to those of a council."""

    name = StringField(
        "Name of the hub",
        description="It stands at the top of every page",
        widget=GovTextInput(),
        validators=[DataRequired("Enter the name that stands at the top of every page"), Length(max=LONGEST)],
    )
    council = StringField(
        "Name of the council",
        description="It stands beside the name of the hub. Leave it empty to show none.",
        widget=GovTextInput(),
        validators=[Length(max=LONGEST)],
    )
    colour = StringField(
        "Colour behind the name",
        description="As # and six letters or digits, like #0b5a55. White text must be easy to read on it.",
        widget=GovTextInput(),
        validators=[DataRequired("Enter a colour")],
    )


@pages.get("/administration/councils")
@requires(Permission.ADMINISTER)
def every() -> str:
    """List the councils: those that one administers can be given a look of their own."""
    with ground().read() as session:
        councils = organisations(session, OrganisationKind.COUNCIL)
        looks = councils_with_look(session)
    own = organisations_with(current_actor(), Permission.ADMINISTER)
    return render_template("administration/councils.html", councils=councils, looks=looks, own=own)


@pages.get("/administration/councils/<council_id>")
@requires(Permission.ADMINISTER)
def one(council_id: str) -> str:
    """Show a council's look, to be changed."""
    council = _own(council_id)
    with ground().read() as session:
        look = look_of(session, council_id) or OwnLook(branding().name, DEFAULT_COLOUR, council.name)
    return _page(council, LookForm(data={"name": look.name, "council": look.council, "colour": look.colour}))


@pages.post("/administration/councils/<council_id>")
@requires(Permission.ADMINISTER)
def change(council_id: str) -> Response | tuple[str, int]:
    """Give the council this look, or take its own look away."""
    council, form = _own(council_id), LookForm()
    if request.form.get("do") == "take_away":
        with ground().work() as work:
            brand_council(work, current_actor(), council_id, None)
        return _done(f"{council.name} looks as the settings say again.")
    if not form.validate():
        return _page(council, form), 422
    try:
        look = OwnLook(str(form.name.data), checked_colour(str(form.colour.data)), str(form.council.data or ""))
        with ground().work() as work:
            brand_council(work, current_actor(), council_id, look)
    except InvalidInputError as error:
        form.show(error)
        return _page(council, form), error.status
    return _done(f"{council.name} has its own look.")


def _done(sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for(".every"), code=303)


def _own(council_id: str) -> OrganisationCard:
    if council_id not in organisations_with(current_actor(), Permission.ADMINISTER):
        raise NotFoundError
    with ground().read() as session:
        found = organisation(session, council_id)
    if found.kind is not OrganisationKind.COUNCIL:
        raise NotFoundError
    return found


def _page(council: OrganisationCard, form: LookForm) -> str:
    with ground().read() as session:
        is_branded = council.id in councils_with_look(session)
    return render_template("administration/council.html", council=council, form=form, is_branded=is_branded)
