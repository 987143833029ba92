from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.frameworks.change_members import Membership, add_member, add_user, end_member, end_user
from fps.actions.frameworks.change_term import NewEnd, add_option, correct_end, remove_option, take_extension
from fps.actions.frameworks.edit_framework import Facts, edit_framework
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from fps.model import FrameworkCard, Regime
from fps.queries import framework
from fps.queries.framework_pages import members_of, options_of, users_of
from fps.ready_made import ready_made_lots
from fps.web.fields import lines
from fps.web.framework_forms import (
    EditionForm,
    FactsForm,
    LastDayForm,
    MemberForm,
    OpenForm,
    OptionForm,
    TermForm,
    UserForm,
)
from fps.web.frameworks import leads
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.model import OrganisationKind
from people.permissions import Permission, organisations_with
from people.queries import organisation, organisations
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options

pages = Blueprint("framework_editing", __name__)

Answer = Reply | tuple[str, int]
_RECORDED_WRONGLY = "correct"


@pages.route("/register/frameworks/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def new() -> Answer:
    """Open a framework."""
    form = OpenForm()
    with ground().read() as session:
        places = [organisation(session, id_) for id_ in organisations_with(current_actor(), Permission.REGISTER_MANAGE)]
    form.lead.choices = options((place.id, place.name) for place in places)
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                framework_id = open_framework(work, current_actor(), _opened(form))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The framework is open. Add its member councils next, and the lots that it lacks.")
            return redirect(url_for("fps.frameworks.one", framework_id=framework_id), code=303)
    page = render_template(
        "fps/frameworks/form.html",
        form=form,
        heading="Open a framework",
        back=url_for("fps.frameworks.index"),
        button="Open the framework",
        text="Member councils, extension options and further lots are added afterwards, on the framework's page.",
    )
    return page, 422 if form.is_submitted() else 200


@pages.route("/register/frameworks/<framework_id>/edit", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def edit(framework_id: str) -> Answer:
    """Change what is said of a framework."""
    card = framework_led(framework_id)
    form = FactsForm(
        name=card.name,
        contract=card.contract,
        ocid=card.ocid,
        notices="\n".join(card.notices),
        approval_panel=card.approval_panel,
    )

    def do(work: Work) -> None:
        edit_framework(work, current_actor(), card.id, form.seen, _facts(form))

    return form_page(card, form, do, heading="Change the facts", done="The facts are changed.")


@pages.route("/register/frameworks/<framework_id>/term", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def term(framework_id: str) -> Answer:
    """Take an extension, or correct the last day (C7)."""
    card = framework_led(framework_id)
    form = TermForm()
    with ground().read() as session:
        open_options = [option for option in options_of(session, card.id) if option.taken_on is None]
    form.by.choices = options(
        [
            *((option.id, f"{option.title}{f' ({option.note})' if option.note else ''}") for option in open_options),
            (_RECORDED_WRONGLY, "It was recorded wrongly"),
        ]
    )

    def do(work: Work) -> None:
        end = NewEnd(card.id, form.seen, form.ends_on.data, form.reason.data)
        if form.by.data == _RECORDED_WRONGLY:
            correct_end(work, current_actor(), end)
        else:
            take_extension(work, current_actor(), form.by.data, end)

    return form_page(card, form, do, heading="Change the last day", done="The last day is changed.", shows_end=True)


@pages.route("/register/frameworks/<framework_id>/options/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def new_option(framework_id: str) -> Answer:
    """Add an extension option of the contract."""
    card = framework_led(framework_id)
    form = OptionForm()

    def do(work: Work) -> None:
        add_option(work, current_actor(), card.id, form.seen, form.months.data, form.note.data or "")

    return form_page(card, form, do, heading="Add an extension option", done="The option is added.")


@pages.route("/register/frameworks/<framework_id>/options/<option_id>/remove", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def drop_option(framework_id: str, option_id: str) -> Answer:
    """Remove an extension option that was recorded wrongly."""
    card = framework_led(framework_id)
    form = EditionForm()
    with ground().read() as session:
        option = next((one for one in options_of(session, card.id) if one.id == option_id), None)
    if option is None or option.taken_on is not None:
        raise NotFoundError

    def do(work: Work) -> None:
        remove_option(work, current_actor(), card.id, form.seen, option_id)

    return form_page(
        card,
        form,
        do,
        heading=f"Remove {option.title}",
        done="The option is removed.",
        button="Remove the option",
        text="Remove it only if it was recorded wrongly. It stays in the framework's history.",
    )


@pages.route("/register/frameworks/<framework_id>/members/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def new_member(framework_id: str) -> Answer:
    """Let a council buy through the framework."""
    card = framework_led(framework_id)
    form = MemberForm()
    with ground().read() as session:
        councils = organisations(session, OrganisationKind.COUNCIL)
    form.council.choices = options(((place.id, place.name) for place in councils), first="Choose a council")

    def do(work: Work) -> None:
        joining = Membership(card.id, form.seen, form.council.data, form.since.data, form.until.data)
        add_member(work, current_actor(), joining)

    return form_page(card, form, do, heading="Add a member council", done="The council is a member.")


@pages.route("/register/frameworks/<framework_id>/members/<council_id>/end", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def last_day_of_member(framework_id: str, council_id: str) -> Answer:
    """Set the last day of a council's membership."""
    card = framework_led(framework_id)
    form = LastDayForm()
    with ground().read() as session:
        members = [one for one in members_of(session, card.id) if one.council_id == council_id]
        member = next((one for one in members if one.days.until is None), None)
        if member is None:
            raise NotFoundError
        name = organisation(session, council_id).name
    since = member.days.since

    def do(work: Work) -> None:
        end_member(work, current_actor(), Membership(card.id, form.seen, council_id, since, form.until.data))

    return form_page(card, form, do, heading=f"End the membership of {name}", done="The last day is set.")


@pages.route("/register/frameworks/<framework_id>/users/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def new_user(framework_id: str) -> Answer:
    """Let somebody besides the councils use the framework."""
    card = framework_led(framework_id)
    form = UserForm()

    def do(work: Work) -> None:
        add_user(work, current_actor(), card.id, form.seen, form.name.data, form.since.data)

    return form_page(card, form, do, heading="Add who else may use it", done="They may use the framework.")


@pages.route("/register/frameworks/<framework_id>/users/<user_id>/end", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def last_day_of_user(framework_id: str, user_id: str) -> Answer:
    """Set the last day on which somebody besides the councils may use the framework."""
    card = framework_led(framework_id)
    form = LastDayForm()
    with ground().read() as session:
        user = next((one for one in users_of(session, card.id) if one.id == user_id), None)
    if user is None or user.days.until is not None:
        raise NotFoundError

    def do(work: Work) -> None:
        end_user(work, current_actor(), card.id, form.seen, user_id, form.until.data)

    return form_page(card, form, do, heading=f"End the use by {user.name}", done="The last day is set.")


def framework_led(framework_id: str) -> FrameworkCard:
    """Return a framework that whoever is signed in leads; raises NotFoundError for any other."""
    with ground().read() as session:
        card = framework(session, framework_id)
    if not leads(card):
        raise NotFoundError
    return card


def form_page(
    card: FrameworkCard, form: EditionForm, do: Callable[[Work], object], *, heading: str, done: str, **shown: object
) -> Answer:
    """Show a form of a framework, or do what it asks for and go back to the framework.

    Where somebody else has changed the framework meanwhile, nothing is done and the framework's page says so.
    """
    back = str(shown.pop("back", "") or url_for("fps.frameworks.one", framework_id=card.id))
    if not form.is_submitted():
        form.edition.data = str(card.edition)
    if form.validate_on_submit() and (answer := _done(form, do, back, done)) is not None:
        return answer
    page = render_template("fps/frameworks/form.html", form=form, card=card, heading=heading, back=back, **shown)
    return page, 422 if form.is_submitted() else 200


def _done(form: PageForm, do: Callable[[Work], object], back: str, done: str) -> Reply | None:
    """Do it and go back, or show at the form what it lacks."""
    try:
        with ground().work() as work:
            do(work)
    except InvalidInputError as error:
        form.show(error)
        return None
    except ConflictError as error:
        flash(str(error), "refused")
    else:
        flash(done)
    return redirect(back, code=303)


def _facts(form: FactsForm | OpenForm) -> Facts:
    return Facts(
        form.name.data,
        form.contract.data or "",
        form.ocid.data or "",
        lines(form.notices.data),
        form.approval_panel.data or "",
    )


def _opened(form: OpenForm) -> OpenFramework:
    facts = _facts(form)
    return OpenFramework(
        name=facts.name,
        regime=Regime(form.regime.data),
        lead_id=form.lead.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        lots=ready_made_lots(form.lots.data or ""),
        members=(),
        contract=facts.contract,
        ocid=facts.ocid,
        notices=facts.notices,
        approval_panel=facts.approval_panel,
        users=lines(form.users.data),
    )
