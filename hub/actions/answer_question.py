from __future__ import annotations

from channels.actions.answer_queue_item import answer_queue_item
from kernel.errors import ConflictError
from kernel.work import Work
from people.model import Actor
from referrals.queries.competing import live_competitions


def answer_question(work: Work, actor: Actor, item_id: str, person_id: str, answer: str) -> None:
    """Answer a text that came in, unless that were a word to one of many who are asked the same thing (R13).

    Raises ConflictError while whoever wrote it was asked in a competition of the actor's council that is not decided,
    and as answer_queue_item does.
    """
    live = live_competitions(work.session, actor, person_id, work.now)
    if live:
        raise ConflictError(
            "This person was asked in a competition that is not decided ({references}). Do not write to them alone: "
            "everybody who was asked must learn the same. They can ask on the referral's page, and you answer there.",
            references=", ".join(live),
        )
    answer_queue_item(work, actor, item_id, answer)
