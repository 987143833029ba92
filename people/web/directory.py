from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as Reply

from kernel.web import ground
from people.model import Role
from people.permissions import Permission, may
from people.queries.directory import State, Wanted, directory, organisations_seen
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked
from people.web.seeing import sight
from people.web.words import ROLES, STATES

pages = Blueprint("directory", __name__)

_NAME, _LONGEST = "people_named", 100


def _member(kind: type[Role | State], written: str | None) -> Role | State | None:
    return kind(written) if written in set(kind) else None


def _wanted(asked: Mapping[str, str], name: str) -> Wanted:
    role, state = _member(Role, asked.get("role")), _member(State, asked.get("state"))
    return Wanted(
        name=name[:_LONGEST],
        role=role if isinstance(role, Role) else None,
        organisation_id=asked.get("organisation") or None,
        state=state if isinstance(state, State) else None,
    )


@pages.post("/people")
@requires(Permission.PEOPLE_READ)
def narrow() -> Reply:
    """Narrow the list. The name is kept with the session, because names stand in no address; the rest goes there."""
    wanted = _wanted(request.form, request.form.get("name", ""))
    session[_NAME] = wanted.name
    there = url_for(
        ".index",
        named="yes" if wanted.name.strip() else None,
        role=wanted.role,
        organisation=wanted.organisation_id,
        state=wanted.state,
    )
    return redirect(there, code=303)


@pages.get("/people")
@requires(Permission.PEOPLE_READ)
def index() -> str:
    """Find people of one's own organisations, and whom one must be able to reach."""
    named = session.get(_NAME, "") if "named" in request.args else ""
    wanted, seen, number = _wanted(request.args, named), sight(), page_asked()
    with ground().read() as database:
        found, total = directory(database, seen, wanted, offset=(number - 1) * SIZE, limit=SIZE)
        page = Page(number, SIZE, total)
        if not found and total:
            found, total = directory(database, seen, wanted, offset=page.offset, limit=SIZE)
        places = organisations_seen(database, seen)
    return render_template(
        "people/directory.html",
        found=found,
        page=page,
        wanted=wanted,
        is_narrowed=wanted != Wanted(),
        roles=[("", "Any role"), *((role.value, ROLES[role]) for role in Role)],
        states=[("", "Any"), *((state.value, words) for state, (words, _) in STATES.items())],
        places=[("", "Any organisation"), *places],
        role_words=ROLES,
        state_words=STATES,
        may_invite=may(current_actor(), Permission.PEOPLE_INVITE),
        may_manage=may(current_actor(), Permission.PEOPLE_MANAGE),
    )
