from __future__ import annotations

from datetime import timedelta

from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.events import WayInAsked
from people.queries import digest
from people.rules import normalise_address
from people.tables import AskRow

LASTS = timedelta(minutes=15)
"""How long a link or a code that was asked for lets in."""


def ask_way_in(work: Work, purpose: str, browser: str, channel: str, address: str) -> str:
    """Ask for a link or a code at an address, for the browser that holds the token `browser`; return the ask's id.

    Whether we know the address makes no difference here, neither in what is written nor in how long it takes: who is
    behind it is found out afterwards (send_way_in). Raises InvalidInputError for what is no address.
    """
    ask_id = new_id()
    work.session.add(
        AskRow(
            id=ask_id,
            purpose=purpose,
            browser=digest(browser),
            channel=channel,
            address=normalise_address(channel, address),
            asked_at=work.now,
            expires_at=work.now + LASTS,
        )
    )
    publish(work, WayInAsked(ask_id))
    return ask_id
