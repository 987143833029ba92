from __future__ import annotations

from datetime import date

from fps import bury
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from kernel.work import Work
from people.model import Actor
from people.queries import council_by_code


def open_bury(work: Work, actor: Actor, starts_on: date, ends_on: date) -> str:
    """Put Bury's alternative provision list on the register and return its id; `ends_on` is without any extension.

    Raises ForbiddenError for any but Bury's own lead, NotFoundError where Bury is not registered.
    """
    council_id = council_by_code(work.session, bury.GSS).id
    return open_framework(
        work,
        actor,
        OpenFramework(
            name=bury.NAME,
            regime=bury.REGIME,
            lead_id=council_id,
            starts_on=starts_on,
            ends_on=ends_on,
            lots=bury.LOTS,
            members=((council_id, starts_on, None),),
            approval_panel=bury.APPROVAL_PANEL,
            extensions=bury.EXTENSIONS,
            users=bury.USERS,
        ),
    )
