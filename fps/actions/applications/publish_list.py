from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.rounds.move_round import move_round
from fps.events import ListPublished
from fps.messages.applications import LISTED
from fps.model.rounds import RoundCard, RoundState
from fps.queries import framework
from fps.queries.application_holds import awaits_contract
from fps.queries.evaluators import members_on
from fps.queries.joined import signed_settings
from fps.queries.rounds import joining_round
from fps.tables import ListedSettingRow, ListPublicationRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, NotFoundError
from kernel.events import insert_ignore, publish
from kernel.work import Work
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from people.queries import persons_with_role


def publish_list(work: Work, actor: Actor, round_id: str) -> int:
    """Give the list of who joined in a round to all member councils at once; return how many settings joined.

    Every commissioner of a member council gets one message, where anybody joined at all. Twice does no harm. Raises
    NotFoundError for another authority's round, ConflictError while no contract is signed and one is still to come.
    """
    joined = joining_round(work.session, round_id)
    if joined.lead_id not in organisations_with(actor, Permission.ROUNDS_RUN):
        raise NotFoundError
    if joined.state is RoundState.LISTED:
        return 0
    if joined.state is not RoundState.DECIDED:
        raise ConflictError("Send the decision letters first.")
    count = len({setting_id for setting_id, *_ in signed_settings(work.session, round_id)})
    if not count and awaits_contract(work.session, round_id):
        raise ConflictError("No contract is signed yet. Record one before you publish the list.")
    insert_ignore(
        work.session,
        ListPublicationRow,
        [{"round_id": round_id, "published_at": work.now, "published_by": actor.id, "settings": count}],
    )
    list_settings(work, round_id)
    move_round(work, actor.id, round_id, RoundState.LISTED)
    details = {"settings": count}
    audit.record(work, actor=actor.id, action="fps.publish_list", subject=("round", round_id), details=details)
    publish(work, ListPublished(round_id, joined.framework_id, count))
    if count:
        _tell(work, joined, count)
    return count


def list_settings(work: Work, round_id: str) -> None:
    """Put every setting with a signed contract on the list of its round; those that are there stay."""
    lines = [
        {
            "round_id": round_id,
            "setting_id": setting_id,
            "lot_id": lot_id,
            "contract": reference,
            "effective_on": begins,
        }
        for setting_id, lot_id, reference, begins in signed_settings(work.session, round_id)
    ]
    if lines:
        insert_ignore(work.session, ListedSettingRow, lines)


def _tell(work: Work, joined: RoundCard, count: int) -> None:
    card = framework(work.session, joined.framework_id)
    councils = members_on(work.session, joined.framework_id, london_date(work.now))
    told = [
        person.id
        for person in persons_with_role(work.session, Role.COMMISSIONER)
        if councils.intersection(person.organisations_as(Role.COMMISSIONER))
    ]
    values = {
        "framework": card.name,
        "round": joined.title,
        "count": count,
        "link": f"/register/applications/rounds/{joined.id}/list",
    }
    queue_messages(
        work,
        [
            NewMessage(
                type=LISTED,
                values=values,
                person_id=person_id,
                dedupe_key=f"fps.list_published:{joined.id}:{person_id}",
                about=Subject("round", joined.id),
            )
            for person_id in told
        ],
    )
