from __future__ import annotations

from datetime import date

from fps import independent_education
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from kernel.work import Work
from people.model import Actor


def open_independent_education(work: Work, actor: Actor, council_id: str, starts_on: date, ends_on: date) -> str:
    """Put a council's own framework for independent education on the register and return its id.

    Raises ForbiddenError for any but that council's lead.
    """
    return open_framework(
        work,
        actor,
        OpenFramework(
            name=independent_education.NAME,
            regime=independent_education.REGIME,
            lead_id=council_id,
            starts_on=starts_on,
            ends_on=ends_on,
            lots=independent_education.LOTS,
            members=((council_id, starts_on, None),),
        ),
    )
