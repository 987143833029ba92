from __future__ import annotations

from channels.actions.cancel_messages import cancel_unasked
from channels.actions.pass_to_person import QUESTIONS, SAFEGUARDING, pass_to_person
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbox.hearing import Disposition, Ending, Heard, reply
from channels.messages import HELP, OPTED_IN, OPTED_OUT, WORRY_ALERT, WORRY_REPLY
from channels.model import Channel, Subject, Urgency
from channels.rules.opt_words import OptWord, read_opt_word
from channels.rules.safety import worry_in
from kernel.work import Work
from people.actions.mark_opt_out import opt_in, opt_out
from people.model import ContactPoint, PersonCard, Role
from people.queries import contact_points, council_of, persons_with_role


def hear_worry(work: Work, heard: Heard) -> Disposition | None:
    """Let worrying words go before everything else (V9): fixed reply, duty officer, a person decides."""
    said = "\n".join((heard.text, *heard.values.values()))
    worry = worry_in(said, heard.person.language)
    if worry is None:
        return None
    reply(work, heard, WORRY_REPLY, {})
    _alert_duty(work, heard)
    return pass_to_person(work, heard, SAFEGUARDING, reason=worry.kind)


def _alert_duty(work: Work, heard: Heard) -> None:
    """Alert each duty officer by two channels; the alert carries no word of the text and no name (R30 in kind)."""
    alerts = [
        NewMessage(
            type=WORRY_ALERT,
            values={"link": "/worries"},
            person_id=officer.id,
            contact_point_id=point.id,
            dedupe_key=f"worry:{heard.inbound_id}:{point.id}",
            urgency=Urgency.URGENT,
            about=Subject("worry", heard.inbound_id),
        )
        for officer in _duty_officers(work, heard.person)
        for point in _two_ways(work, officer)
    ]
    queue_messages(work, alerts)


def _two_ways(work: Work, officer: PersonCard) -> list[ContactPoint]:
    """Return the best contact points of two channels: what works before what does not, then as the officer likes."""
    points = sorted(contact_points(work.session, officer.id), key=lambda point: point.failed_at is not None)
    by_channel = {point.channel: point for point in reversed(points)}
    return [point for point in points if by_channel[point.channel] == point][:2]


def _duty_officers(work: Work, person: PersonCard) -> list[PersonCard]:
    """Return the duty officers of the person's councils; of every council where we do not know it."""
    councils = {
        council.id for held in person.roles if (council := council_of(work.session, held.organisation_id)) is not None
    }
    officers = [
        officer
        for council_id in sorted(councils)
        for officer in persons_with_role(work.session, Role.SAFEGUARDING_DUTY, council_id)
    ]
    return officers or persons_with_role(work.session, Role.SAFEGUARDING_DUTY)


def hear_opt_word(work: Work, heard: Heard) -> Disposition | None:
    """Obey STOP and START, and answer HELP (V12)."""
    word = read_opt_word(heard.text) if heard.action is None else None
    if word is OptWord.STOP:
        is_everything = opt_out(work, heard.person.id, heard.contact_point_id)
        # what waits for a provider or an officer goes by their next channel instead
        cancelled = cancel_unasked(work, heard.person.id) if is_everything else 0
        reply(work, heard, OPTED_OUT, {})
        return Disposition(Ending.RECORDED, f"stop, {cancelled} cancelled")
    if word is OptWord.START:
        opt_in(work, heard.person.id, heard.contact_point_id)
        reply(work, heard, OPTED_IN, {})
        return Disposition(Ending.RECORDED, "start")
    if word is OptWord.HELP:
        reply(work, heard, HELP, {})
        return Disposition(Ending.ANSWERED, "help")
    return None


def hear_empty(work: Work, heard: Heard) -> Disposition | None:
    """Ignore what holds nothing: no text, no button, no picture. In Slack that is the bare command, which asks how."""
    if heard.text.strip() or heard.action or heard.values:
        return None
    if heard.channel is Channel.SLACK:
        reply(work, heard, HELP, {})
        return Disposition(Ending.ANSWERED, "help")
    return Disposition(Ending.IGNORED, "empty")


def hear_last(work: Work, heard: Heard) -> Disposition:
    """Take what no room took: a person reads it."""
    return pass_to_person(work, heard, QUESTIONS, reason="not understood")


FIRST = (hear_worry, hear_opt_word, hear_empty)
"""What is heard before every domain."""
LAST = (hear_last,)
"""What is heard when no domain took the text."""
