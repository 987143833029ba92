"""A talk with the hub from a phone or from Slack, through the real inbox, hearing, outbox and delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text as sql

from channels.actions.pass_to_person import QUESTIONS
from channels.delivery.pump import Lane
from channels.inbound import FIRST, LAST
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.messages import MESSAGES as CHANNEL_MESSAGES
from channels.model import Arrival, Channel
from channels.queries import QueueItem, queue_items
from channels.render import Renderer
from channels.wording import Registry
from chatbot.inbound import HEARERS
from chatbot.messages import MESSAGES
from kernel.ids import new_id
from kernel.work import Ground
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role
from tests.channels.recording_adapter import RecordingAdapter

ADDRESSES = {Channel.SMS: "+447700900123", Channel.SLACK: "U0DRAMA001", Channel.EMAIL: "parent@example.org"}
REGISTRY = Registry([*CHANNEL_MESSAGES, *MESSAGES])


@dataclass
class Talk:
    """One person's talk; without a language it is somebody whom the hub does not know."""

    ground: Ground
    channel: Channel
    language: str | None = None
    adapter: RecordingAdapter = field(init=False)
    forum_id: str = ""

    def __post_init__(self) -> None:
        self.adapter = RecordingAdapter(self.channel)
        with self.ground.work() as work:
            self.forum_id = register_organisation(work, NewOrganisation(OrganisationKind.FORUM, "A forum"))
            if self.language:
                point = (self.channel, ADDRESSES[self.channel])
                roles = ((Role.FAMILY, self.forum_id),)
                register_person(work, NewPerson("A Parent", self.language, roles, (point,)))

    def say(self, text: str, *, action: str | None = None) -> list[str]:
        """Send a text; return what comes back, as this channel shows it."""
        inbox = Inbox(self.ground)
        inbox.accept(Arrival(self.channel, new_id(), ADDRESSES[self.channel], text, action=action))
        inbox.close()
        Processor(self.ground, (*FIRST, *HEARERS, *LAST)).drain()
        renderer = Renderer(self.ground.translations, self.ground.base_url, self.ground.keys)
        before = len(self.adapter.posts)
        Lane(self.ground, REGISTRY, renderer, self.adapter, timedelta(seconds=60)).drain()
        rendered = [post.rendered for post in self.adapter.posts[before:]]
        return [shown.short if self.channel is Channel.SMS else shown.text for shown in rendered]

    def ended(self) -> str:
        """How the latest text ended, and its detail."""
        with self.ground.read() as session:
            row = session.execute(sql("SELECT state, detail FROM inbound ORDER BY seq DESC LIMIT 1")).one()
        return f"{row.state}: {row.detail}"

    def questions(self) -> list[QueueItem]:
        """What waits for a person."""
        with self.ground.read() as session:
            return queue_items(session, QUESTIONS, [self.forum_id])
