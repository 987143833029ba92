from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovTextInput
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from kernel.errors import InvalidInputError
from kernel.web import ground
from people.actions.issue_api_token import IssueApiToken, IssuedToken, issue_api_token
from people.actions.revoke_api_token import revoke_api_token
from people.api_scopes import APPROVAL_WORDS, APPROVED_BY, HELD_BY, SCOPE_WORDS, ApiScope
from people.model import OrganisationCard
from people.permissions import Permission, organisations_with
from people.queries import organisations_by_id, persons
from people.queries.api_tokens import tokens_in
from people.rules.api_tokens import LONGEST_NAME
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.paging import SIZE, Page, page_asked
from people.web.widgets import DayInput

pages = Blueprint("api_tokens", __name__)


class TokenForm(PageForm):
    """For whom, for what and until when."""

    organisation = SelectField("Council", widget=GovSelect(), validators=[InputRequired("Choose a council")])
    name = StringField(
        "What it is for",
        description="The program that will use it, such as: case management system",
        widget=GovTextInput(),
        validators=[
            DataRequired("Enter what the token is for"),
            Length(max=LONGEST_NAME, message=f"Use {LONGEST_NAME} letters or fewer"),
        ],
    )
    scopes = SelectMultipleField(
        "What it may ask for",
        widget=GovCheckboxesInput(),
        choices=options((scope.value, SCOPE_WORDS[scope]) for scope in ApiScope),
        validators=[InputRequired("Choose what the token may ask for")],
    )
    last_day = DateField(
        "Last day",
        format="%d %m %Y",
        description="It can last for a year at most. For example, 31 3 2027",
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        validators=[InputRequired("Enter the last day")],
    )


@pages.get("/administration/api-tokens")
@requires(Permission.ADMINISTER)
def every() -> str:
    """List the tokens of the organisations that one administers."""
    return _list()


@pages.route("/administration/api-tokens/new", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def new() -> str | tuple[str, int]:
    """Make a token, and show it once: in the answer itself, because nothing else may keep it."""
    own = _own()
    form = TokenForm()
    form.organisation.choices = options(((card.id, card.name) for card in own), first="Choose a council")
    if not form.is_submitted():
        return _page(form, own)
    if form.validate():
        try:
            issued = _issue(form)
        except InvalidInputError as error:
            form.show(error)
        else:
            needs = not APPROVED_BY.keys().isdisjoint(form.scopes.data or ())
            return render_template(
                "administration/api_token_made.html", issued=issued, name=form.name.data, needs_approval=needs
            )
    return _page(form, own), 422


@pages.post("/administration/api-tokens/<api_token_id>/revoke")
@requires(Permission.ADMINISTER)
def revoke(api_token_id: str) -> Response:
    """End a token at once."""
    with ground().work() as work:
        revoke_api_token(work, current_actor(), api_token_id)
    flash("The token is revoked. Whoever uses it gets no answer any more.")
    return redirect(url_for(".every"), code=303)


def _own() -> list[OrganisationCard]:
    """Return the organisations for which one may make a token: those of a kind that may have any scope."""
    ids = organisations_with(current_actor(), Permission.ADMINISTER)
    kinds = frozenset().union(*HELD_BY.values())
    with ground().read() as session:
        found = organisations_by_id(session, ids).values()
    return sorted((card for card in found if card.kind in kinds), key=lambda card: card.name)


def _issue(form: TokenForm) -> IssuedToken:
    last_day: date = form.last_day.data
    wanted = IssueApiToken(
        str(form.organisation.data),
        str(form.name.data),
        tuple(ApiScope(scope) for scope in form.scopes.data or ()),
        last_day,
    )
    with ground().work() as work:
        return issue_api_token(work, current_actor(), wanted)


def _page(form: TokenForm, own: list[OrganisationCard]) -> str:
    return render_template("administration/api_token_new.html", form=form, has_council=bool(own))


def _list() -> str:
    own, number = organisations_with(current_actor(), Permission.ADMINISTER), page_asked()
    now = ground().clock.now()
    with ground().read() as session:
        found, total = tokens_in(session, own, offset=(number - 1) * SIZE, limit=SIZE)
        page = Page(number, SIZE, total)
        if not found and total:
            found, total = tokens_in(session, own, offset=page.offset, limit=SIZE)
        who = {token.created_by for token in found} | {token.decided_by for token in found if token.decided_by}
        names = {card.id: card.name for card in persons(session, who).values()}
    return render_template(
        "administration/api_tokens.html",
        found=found,
        page=page,
        now=now,
        names=names,
        words=SCOPE_WORDS,
        approvals=APPROVAL_WORDS,
    )
