from __future__ import annotations

from kernel.work import Work
from people.model import Grant
from people.queries.kept_links import kept_link
from people.tables import PersonRow


def lock_kept_link(work: Work, person_id: str, purpose: str) -> Grant | None:
    """Return the link that a person keeps for a purpose, None where there is none.

    Until the commit nobody else makes or takes back a link of theirs: of two presses at once the second finds what the
    first left.
    """
    work.session.get(PersonRow, person_id, with_for_update={"key_share": True}, populate_existing=True)
    return kept_link(work.session, person_id, purpose, work.now)
