"""What goes out when something about a person is asked for or changed (people.events)."""

from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from hub import personal_data
from hub.people_messages import ADDRESS_ADDED, ADDRESS_REPLACED, CONTACT_CODE, DETAILS_LINK, INVITATION
from kernel.work import Work
from people.actions import merge_persons
from people.events import AddressAdded, AddressReplaced, CodeAsked, DetailsLinkAsked, InvitationSent, PersonsMerged
from people.queries import contact_point
from people.queries.accounts import proved_points
from people.queries.checks import check_to_send
from people.queries.invitations import invitation_letter
from people.web.words import ROLES


def send_code(work: Work, asked: CodeAsked) -> None:
    """Send a code to the contact point that it is to prove; one that was asked for again since then stays unsent."""
    check = check_to_send(work.session, asked.check_id, work.now)
    if check is None:
        return
    code = NewMessage(
        type=CONTACT_CODE,
        values={"code": asked.check_id},
        person_id=check.person_id,
        contact_point_id=check.contact_point_id,
        dedupe_key=f"contact_code:{asked.check_id}",
    )
    queue_messages(work, [code])


def tell_old_address(work: Work, replaced: AddressReplaced) -> None:
    """Tell an address that it was replaced, so that its owner notices if it was not they."""
    told = NewMessage(
        type=ADDRESS_REPLACED,
        values={},
        contact_point_id=replaced.contact_point_id,
        dedupe_key=f"address_replaced:{replaced.contact_point_id}:{work.now:%Y%m%d%H}",
    )
    queue_messages(work, [told])


def tell_other_addresses(work: Work, added: AddressAdded) -> None:
    """Tell every address that was proved before of the one that was added: it opens the same account."""
    new = contact_point(work.session, added.contact_point_id)
    told = [
        NewMessage(
            type=ADDRESS_ADDED,
            values={},
            person_id=new.person_id,
            contact_point_id=point.id,
            dedupe_key=f"address_added:{new.id}:{point.id}:{work.now:%Y%m%d%H}",
        )
        for point in proved_points(work.session, new.person_id or "")
        if point.id != new.id
    ]
    queue_messages(work, told)


def send_invitation(work: Work, sent: InvitationSent) -> None:
    """Send an invitation's link, unless it was withdrawn or replaced by another, or its address said STOP (V12)."""
    letter = invitation_letter(work.session, sent.invitation_id)
    if not letter.is_open or letter.has_stopped or letter.grant_id != sent.grant_id:
        return
    invitation = NewMessage(
        type=INVITATION,
        values={
            "name": letter.name,
            "role": ROLES[letter.role],
            "organisation": letter.organisation,
            "link": sent.grant_id,
        },
        person_id=letter.person_id,
        contact_point_id=letter.contact_point_id,
        dedupe_key=f"invitation:{sent.grant_id}",
    )
    queue_messages(work, [invitation])


def send_details_link(work: Work, asked: DetailsLinkAsked) -> None:
    """Send a family the link to their own details, where they are reached best."""
    link = NewMessage(
        type=DETAILS_LINK,
        values={"link": asked.grant_id},
        person_id=asked.person_id,
        dedupe_key=f"details_link:{asked.grant_id}",
    )
    queue_messages(work, [link])


def gather_stragglers(work: Work, merged: PersonsMerged) -> None:
    """Let what was written to the other record while the two became one follow to the kept one."""
    merge_persons.gather_stragglers(work, merged.merge_id, personal_data.PERSON_DATA)
