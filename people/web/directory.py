from __future__ import annotations

from flask import Blueprint, render_template, request

from kernel.web import ground
from people.model import Role
from people.permissions import Permission, may
from people.queries_directory import State, Wanted, directory, organisations_seen
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked
from people.web.seeing import sight
from people.web.words import ROLES, STATES

pages = Blueprint("directory", __name__)


def _member(kind: type[Role | State], written: str | None) -> Role | State | None:
    return kind(written) if written in set(kind) else None


def _wanted() -> Wanted:
    asked = request.args
    role, state = _member(Role, asked.get("role")), _member(State, asked.get("state"))
    return Wanted(
        name=asked.get("name", "")[:200],
        role=role if isinstance(role, Role) else None,
        organisation_id=asked.get("organisation") or None,
        state=state if isinstance(state, State) else None,
    )


@pages.get("/people")
@requires(Permission.PEOPLE_READ)
def index() -> str:
    """Find people of one's own organisations, and whom one must be able to reach."""
    wanted, seen, number = _wanted(), sight(), page_asked()
    with ground().read() as session:
        found, total = directory(session, seen, wanted, offset=(number - 1) * SIZE, limit=SIZE)
        page = Page(number, SIZE, total)
        if not found and total:
            found, total = directory(session, seen, wanted, offset=page.offset, limit=SIZE)
        places = organisations_seen(session, seen)
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
