"""Plays a golden file: what is done stands on lines that begin with ">", what everybody then reads below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from icalendar import Calendar
from sqlalchemy import select

from channels.delivery.pump import Lane
from channels.inbox.accept import Inbox
from channels.inbox.hearing import Disposition, Ending, Heard
from channels.inbox.process import Processor
from channels.model import Channel
from channels.render import Renderer
from channels.sandbox.adapter import SandboxAdapter
from channels.sandbox.answer import press_button, send_form
from channels.tables import SandboxPostRow
from channels.wording import Registry
from kernel.calendar import LONDON
from kernel.clock import FixedClock
from kernel.timetable import run_due_jobs
from kernel.work import Ground, Work
from people.rules import QUIET_TO
from qa_visits.actions.cancel_visit import CancelVisit, cancel_visit
from qa_visits.actions.record_outcome import record_outcome
from qa_visits.actions.reject_evidence import RejectEvidence, reject_evidence
from qa_visits.actions.submit_evidence import SubmitEvidence, submit_evidence
from qa_visits.actions.verify_action import verify_action
from qa_visits.inbound import HEARERS
from qa_visits.jobs import JOBS
from qa_visits.messages import MESSAGES
from tests.qa_visits.world import World, new_action, outcome, propose

STEP = timedelta(hours=1)
CHANNELS = (Channel.SLACK, Channel.EMAIL)


def _take_all(_work: Work, _heard: Heard) -> Disposition:
    return Disposition(Ending.IGNORED, "nobody's")


@dataclass
class Walk:
    """Plays the lines of a golden file against the real outbox, inbox and timetable, with sandbox channels."""

    ground: Ground
    clock: FixedClock
    world: World
    visit_id: str = ""
    action_id: str = ""
    shown: int = 0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        registry = Registry(MESSAGES)
        renderer = Renderer(self.ground.translations, self.ground.base_url, self.ground.keys)
        self.inbox = Inbox(self.ground)
        self.processor = Processor(self.ground, (*HEARERS, _take_all))
        self.lanes = [
            Lane(self.ground, registry, renderer, SandboxAdapter(channel, self.ground), timedelta(minutes=2))
            for channel in CHANNELS
        ]

    def play(self, script: str) -> str:
        """Do what the script's lines say and return the script as it truly went."""
        for line in script.splitlines():
            if line.startswith(">"):
                self.told.append(line)
                verb, _, rest = line.removeprefix(">").strip().partition(" ")
                self._verbs()[verb](rest)
                self._settle()
            elif line.startswith("#"):
                self.told.append(line)
        self.inbox.close()
        return "\n".join(self.told) + "\n"

    def _verbs(self) -> dict[str, Callable[[str], None]]:
        return {
            "at": lambda rest: self.clock.set(datetime.fromisoformat(rest).replace(tzinfo=LONDON)),
            "until": self._until,
            "propose": self._propose,
            "press": self._press,
            "cancel": lambda rest: self._do(
                lambda work: cancel_visit(work, self.world.colleague, CancelVisit(self.visit_id, rest))
            ),
            "outcome": self._outcome,
            "evidence": lambda rest: self._do(
                lambda work: submit_evidence(work, self.world.owner, SubmitEvidence(self.action_id, rest))
            ),
            "send-back": lambda rest: self._do(
                lambda work: reject_evidence(work, self.world.officer, RejectEvidence(self.action_id, rest))
            ),
            "verify": lambda _: self._do(lambda work: verify_action(work, self.world.officer, self.action_id)),
        }

    def _do(self, change: Callable[[Work], object]) -> None:
        with self.ground.work() as work:
            change(work)

    def _propose(self, rest: str) -> None:
        self.visit_id = propose(self.ground, self.world, day=date.fromisoformat(rest))

    def _outcome(self, rest: str) -> None:
        command = outcome(self.world, self.visit_id, [new_action(self.world, date.fromisoformat(rest))])
        with self.ground.work() as work:
            [self.action_id] = record_outcome(work, self.world.officer, command)

    def _press(self, rest: str) -> None:
        """Press a button of the officer's latest message that has it, or send the form that it opens."""
        name, *entered = rest.split(" ", 1)
        action = f"qa_visits.{name}"
        with self.ground.read() as session:
            rows = session.scalars(select(SandboxPostRow).order_by(SandboxPostRow.seq.desc())).all()
            message_id, button = next(
                (row.message_id, button) for row in rows for button in row.buttons if button["action"] == action
            )
        if button["form"] is None:
            press_button(self.inbox, Channel.SLACK, "U0QUINN1", message_id, action, button["value"])
            return
        [only] = button["form"]["fields"]
        values = {"value": button["value"], only["name"]: entered[0]}
        send_form(self.inbox, Channel.SLACK, "U0QUINN1", message_id, action, values)

    def _until(self, rest: str) -> None:
        end = datetime.fromisoformat(rest).replace(tzinfo=LONDON)
        while self.clock.now() < end:
            self.clock.move(STEP)
            is_end_of_quiet = self.clock.now().astimezone(LONDON).hour == QUIET_TO.hour
            if run_due_jobs(self.ground, JOBS) or is_end_of_quiet:
                self._settle()

    def _settle(self) -> None:
        while self.processor.drain() + sum(lane.drain() for lane in self.lanes):
            pass
        self.told += self._fresh()

    def _fresh(self) -> Iterator[str]:
        with self.ground.read() as session:
            fresh = select(SandboxPostRow).where(SandboxPostRow.seq > self.shown).order_by(SandboxPostRow.seq)
            for row in session.scalars(fresh).all():
                self.shown = row.seq
                yield from self._lines(row)

    def _lines(self, row: SandboxPostRow) -> Iterator[str]:
        at = self.clock.now().astimezone(LONDON)
        yield f"{row.channel} to {row.address}, {at:%a %d %b %Y %H:%M}: {row.title}"
        for line in row.body.splitlines():
            if line:
                yield f"    {self._without_ids(line)}"
        for button in row.buttons:
            choices = [choice[1] for each in (button["form"] or {"fields": ()})["fields"] for choice in each["choices"]]
            yield f"    [{button['label']}]" + (f" {', '.join(choices)}" if choices else "")
        for attachment in row.attachments:
            yield f"    ({self._calendar(attachment)})"

    def _calendar(self, attachment: dict[str, str]) -> str:
        read = Calendar.from_ical(attachment["content"])
        assert isinstance(read, Calendar)
        [event] = read.events
        uid = self._without_ids(str(event["UID"]))
        start = f"{event.start:%Y-%m-%d %H:%M %Z}"
        return f"{attachment['mime']}: {uid} sequence {event.sequence}, {start} {event['STATUS']}"

    def _without_ids(self, text: str) -> str:
        for name, known in (("VISIT", self.visit_id), ("ACTION", self.action_id)):
            text = text.replace(known, name) if known else text
        return text
