from __future__ import annotations

from fps import northwest
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from kernel.work import Work
from people.councils import COUNCILS, ENDED, LEAD_AUTHORITY
from people.model import Actor
from people.queries import council_by_code


def open_north_west(work: Work, actor: Actor) -> str:
    """Put the North West SEND Flexible Purchasing System on the register and return its id.

    All councils are members for as long as they exist (C2). Raises ForbiddenError for any but the lead authority.
    """
    return open_framework(
        work,
        actor,
        OpenFramework(
            name=northwest.NAME,
            regime=northwest.REGIME,
            lead_id=council_by_code(work.session, LEAD_AUTHORITY).id,
            starts_on=northwest.STARTS_ON,
            ends_on=northwest.ENDS_ON,
            lots=(*northwest.EARLY_LOTS, *northwest.LOTS),
            contract=northwest.CONTRACT,
            ocid=northwest.OCID,
            notices=northwest.NOTICES,
            members=tuple(
                (
                    council_by_code(work.session, council.gss).id,
                    council.started_on or northwest.STARTS_ON,
                    council.ended_on,
                )
                for council in (*COUNCILS, ENDED)
            ),
        ),
    )
