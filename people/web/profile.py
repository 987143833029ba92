from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from kernel.errors import HubError, InvalidInputError
from kernel.web import ground
from people.actions.change_roles import end_role, give_role
from people.actions.edit_person import EditPerson, edit_person
from people.actions.invite import Invite, invite_known
from people.model import Role
from people.permissions import Permission, may
from people.queries.consent import consents_of
from people.queries.directory import Profile, managed_profile, profile
from people.queries.history import history_of
from people.web.contact_forms import PressForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.people_forms import EditPersonForm, GiveRoleForm, read_hour, write_hour
from people.web.seeing import parse_role, role_choices, sight
from people.web.words import BASES, CHANNELS, LANGUAGES, ROLES, STATES

pages = Blueprint("profile", __name__)


@pages.get("/people/<person_id>")
@requires(Permission.PEOPLE_READ)
def show(person_id: str) -> str:
    """Show a person: what they do where, and, to whom it is open, how they are reached and what happened."""
    actor = current_actor()
    with ground().read() as session:
        found = profile(session, sight(), person_id)
        sees_all = found.points is not None
        consents = consents_of(session, person_id) if sees_all else []
        lines = history_of(session, person_id) if sees_all and may(actor, Permission.AUDIT_READ) else None
        givable = {value for value, _ in role_choices(session)}
    return render_template(
        "people/profile.html",
        person=found,
        consents=consents,
        lines=lines,
        givable=givable,
        is_own=actor.id == person_id,
        may_merge=may(actor, Permission.PEOPLE_MANAGE),
        role_words=ROLES,
        state=STATES[found.state],
        language=LANGUAGES.get(found.language, found.language),
        channels=CHANNELS,
        bases=BASES,
    )


@pages.route("/people/<person_id>/edit", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def edit(person_id: str) -> str | Reply | tuple[str, int]:
    """Change what a person is called, reads, and when they want quiet."""
    with ground().read() as session:
        found = managed_profile(session, sight(), person_id)
    form = edit_form(found)
    if form.validate_on_submit():
        try:
            save_edit(form, person_id)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The changes are saved.")
            return redirect(url_for(".show", person_id=person_id), code=303)
    page = render_template("people/edit.html", form=form, person=found, back=url_for(".show", person_id=person_id))
    return page, 422 if form.is_submitted() else 200


def edit_form(found: Profile) -> EditPersonForm:
    """Return the form with what is there now."""
    return EditPersonForm(
        name=found.name,
        language=found.language,
        quiet_from=write_hour(found.quiet_from),
        quiet_to=write_hour(found.quiet_to),
    )


def save_edit(form: EditPersonForm, person_id: str) -> None:
    """Write what the form says about a person; raises InvalidInputError."""
    command = EditPerson(
        person_id=person_id,
        name=str(form.name.data),
        language=str(form.language.data),
        quiet_from=read_hour(form.quiet_from.data),
        quiet_to=read_hour(form.quiet_to.data),
    )
    with ground().work() as work:
        edit_person(work, current_actor(), command)


@pages.route("/people/<person_id>/roles", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def give(person_id: str) -> str | Reply | tuple[str, int]:
    """Give a person a role."""
    with ground().read() as session:
        found = profile(session, sight(), person_id)
        held = {f"{tie.role.value}:{tie.organisation_id}" for tie in found.ties}
        choices = [choice for choice in role_choices(session) if choice[0] not in held]
    form = GiveRoleForm()
    form.role.choices = options(choices, first="Choose a role")
    if form.validate_on_submit():
        role, organisation_id = parse_role(form.role.data)
        try:
            said = _give(found, role, organisation_id)
        except HubError as error:
            form.show_at(form.role, str(error))
        else:
            flash(said)
            return redirect(url_for(".show", person_id=person_id), code=303)
    page = render_template("people/give_role.html", form=form, person=found, has_choices=bool(choices))
    return page, 422 if form.is_submitted() else 200


def _give(found: Profile, role: Role, organisation_id: str) -> str:
    """Give the role, or invite to it whoever is somebody elsewhere too; return what to say."""
    with ground().work() as work:
        if found.may_manage or found.id == current_actor().id:
            give_role(work, current_actor(), found.id, role, organisation_id)
            return "The role is given."
        invite_known(work, current_actor(), found.id, Invite(found.name, "", role, organisation_id))
        return "They are known elsewhere too, so an invitation is on its way. They get the role when they accept."


@pages.route("/people/<person_id>/roles/<held>/end", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def end(person_id: str, held: str) -> str | Reply:
    """Ask whether to end a role, and end it."""
    with ground().read() as session:
        found = profile(session, sight(), person_id)
        words = dict(role_choices(session)).get(held)
    if words is None:
        flash("You cannot end that role.", "refused")
        return redirect(url_for(".show", person_id=person_id), code=303)
    form = PressForm()
    if not form.validate_on_submit():
        return render_template("people/end_role.html", form=form, person=found, words=words)
    role, organisation_id = parse_role(held)
    with ground().work() as work:
        end_role(work, current_actor(), person_id, role, organisation_id)
    flash("The role has ended. It opens nothing any more.")
    return redirect(url_for(".show", person_id=person_id), code=303)
