"""An invented forum with its parents, and the whole way from a parent's phone to the survey and back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from channels.delivery.pump import Lane
from channels.inbound import FIRST, LAST
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.messages import MESSAGES as CHANNEL_MESSAGES
from channels.model import Arrival, Channel
from channels.render import Renderer
from channels.wording import Registry
from kernel.events import Reaction, deliver_events
from kernel.ids import new_id
from kernel.work import Ground
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, OrganisationKind, Role
from people.queries import person
from surveys.actions.create_survey import CreateSurvey, create_survey
from surveys.actions.resume_conversation import resume_conversation
from surveys.actions.start_survey import Started, StartSurvey, start_survey
from surveys.events import ConversationInterrupted
from surveys.inbound import HEARERS
from surveys.messages import MESSAGES
from surveys.model import Definition
from surveys.rules.ready_made_surveys import ready_made_surveys
from tests.channels.recording_adapter import RecordingAdapter

REGISTRY = Registry([*CHANNEL_MESSAGES, *MESSAGES])
REACTIONS = (Reaction(ConversationInterrupted, "surveys.resume_conversation", resume_conversation),)
HEARING = (*FIRST, *HEARERS, *LAST)
FORUM = "Sefton Shore Parent Carer Forum"
TWO_WEEKS = timedelta(days=14)
_NUMBERS = count(100)


@dataclass
class ForumWorld:
    ground: Ground
    council_id: str = ""
    forum_id: str = ""
    coordinator: Actor = field(init=False)
    parents: list[str] = field(default_factory=list)
    phones: dict[str, str] = field(default_factory=dict)
    sms: RecordingAdapter = field(default_factory=RecordingAdapter)

    def __post_init__(self) -> None:
        with self.ground.work() as work:
            self.council_id = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Sefton"))
            forum = NewOrganisation(OrganisationKind.FORUM, FORUM, council_id=self.council_id)
            self.forum_id = register_organisation(work, forum)
        self.coordinator = self.staff(Role.FORUM_COORDINATOR, self.forum_id)

    def staff(self, role: Role, organisation_id: str) -> Actor:
        with self.ground.work() as work:
            new = NewPerson("Nadia Forster", roles=((role, organisation_id),))
            return person(work.session, register_person(work, new))

    def add_parents(self, *languages: str, organisation_id: str | None = None) -> list[str]:
        added = []
        with self.ground.work() as work:
            for language in languages:
                phone = f"+447700900{next(_NUMBERS) % 1000:03d}"
                roles = ((Role.FAMILY, organisation_id or self.forum_id),)
                parent = register_person(work, NewPerson("A Parent", language, roles, (("sms", phone),)))
                self.phones[parent] = phone
                added.append(parent)
        self.parents += added
        return added

    def draft(self, definition: Definition | None = None, actor: Actor | None = None) -> str:
        command = CreateSurvey(self.forum_id, definition or ready_made_surveys()[0])
        with self.ground.work() as work:
            return create_survey(work, actor or self.coordinator, command)

    def start(self, survey_id: str, *, closes_at: datetime | None = None) -> Started:
        with self.ground.work() as work:
            return start_survey(work, self.coordinator, StartSurvey(survey_id, closes_at or work.now + TWO_WEEKS))

    def started(self) -> str:
        """A survey that has been started and whose invitations have gone out."""
        survey_id = self.draft()
        self.start(survey_id)
        self.deliver()
        return survey_id

    def deliver(self) -> list[str]:
        """Hand over what is due; return the texts, in order."""
        before = len(self.sms.posts)
        renderer = Renderer(self.ground.translations, self.ground.base_url, self.ground.keys)
        Lane(self.ground, REGISTRY, renderer, self.sms, timedelta(seconds=60)).drain()
        return [post.rendered.short for post in self.sms.posts[before:]]

    def text(self, parent: str, said: str) -> list[str]:
        """Text the hub from a parent's phone; return what comes back."""
        inbox = Inbox(self.ground)
        inbox.accept(Arrival(Channel.SMS, new_id(), self.phones[parent], said))
        inbox.close()
        return self.hear()

    def hear(self) -> list[str]:
        """Let all that came in be heard, and what follows from it happen; return what goes out."""
        Processor(self.ground, HEARING).drain()
        deliver_events(self.ground, REACTIONS)
        return self.deliver()

    def link_of(self, parent: str) -> str:
        """The path of the link in the parent's invitation."""
        text = next(post.rendered.short for post in self.sms.posts if post.address == self.phones[parent])
        return "/" + text.split("https://hub.example.org/", 1)[1].split()[0]
