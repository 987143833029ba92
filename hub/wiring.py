from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry
from redis import Redis

import channels.inbound
import channels.messages
import chatbot.inbound
import chatbot.messages
import fps.inbound
import fps.jobs
import fps.messages
import hub.jobs
import hub.messages
import people.jobs
import qa_visits.inbound
import qa_visits.jobs
import qa_visits.messages
import referrals.inbound
import referrals.jobs
import referrals.messages
import surveys.inbound
import surveys.jobs
import surveys.messages
from channels.adapter import Adapter
from channels.admit import admit
from channels.delivery.detour import Detour
from channels.delivery.pump import KeptLane, Lane
from channels.delivery.settle import Settler
from channels.inbox.accept import Inbox
from channels.inbox.hearing import Hearer
from channels.inbox.process import Processor
from channels.model import Channel
from channels.render import Renderer
from channels.wording import Registry
from fps.actions.open_data import hand_in
from fps.actions.open_data.work_on_files import work_on_files
from hub.adapters import open_adapters
from hub.engine.hands import Hand, Stop
from hub.engine.queued import RedisDoorbell
from hub.keyring import check_addresses, keys_from, ring_from
from hub.metrics import LoadCollector, PrometheusMeter
from hub.reactions import REACTIONS
from hub.retention import periods
from hub.settings import Settings
from kernel import timetable
from kernel.chores import Chore, run_chores
from kernel.clock import Clock, SystemClock
from kernel.database import Database
from kernel.doorbell import Doorbell, LocalDoorbell
from kernel.events import deliver_events
from kernel.scanning import Clamd, NoScanner, Scanner
from kernel.timetable import Job, run_due_jobs
from kernel.translation import Translations
from kernel.work import Ground
from people.permissions import Permission
from referrals.actions.webhooks import tell_systems
from referrals.webhooks.courier import Courier
from referrals.webhooks.line import Line

LOCALES = Path(__file__).resolve().parents[1] / "locales"

MESSAGES = (
    *hub.messages.MESSAGES,
    *channels.messages.MESSAGES,
    *fps.messages.MESSAGES,
    *surveys.messages.MESSAGES,
    *referrals.messages.MESSAGES,
    *qa_visits.messages.MESSAGES,
    *chatbot.messages.MESSAGES,
)
ACTIONS: Mapping[str, Permission] = {**fps.inbound.ACTIONS, **qa_visits.inbound.ACTIONS, **referrals.inbound.ACTIONS}
"""What each button and form of a message asks for, whatever the channel on which it is pressed or sent."""
HEARERS: tuple[Hearer, ...] = (
    *channels.inbound.FIRST,
    admit(ACTIONS),
    *referrals.inbound.HEARERS,
    *fps.inbound.HEARERS,
    *qa_visits.inbound.HEARERS,
    *surveys.inbound.HEARERS,
    *chatbot.inbound.HEARERS,
    *channels.inbound.LAST,
)
"""The order of hearing: worries, STOP, HELP; who may press; buttons; the open conversation; the chatbot; a person."""
JOBS: tuple[Job, ...] = (
    *hub.jobs.JOBS,
    *people.jobs.JOBS,
    *fps.jobs.JOBS,
    *surveys.jobs.JOBS,
    *referrals.jobs.JOBS,
    *qa_visits.jobs.JOBS,
)


@dataclass(frozen=True)
class House:
    """The hub put together: what each process needs, whatever its part."""

    settings: Settings
    ground: Ground
    messages: Registry
    renderer: Renderer
    adapters: Mapping[Channel, Adapter]
    inbox: Inbox
    metrics: CollectorRegistry
    redis: Redis | None

    def hands(self) -> tuple[Hand, ...]:
        """Return all the work there is, each kind with its bell."""
        lease = timedelta(seconds=self.settings.lease_s)
        lanes = {
            channel: KeptLane(Lane(self.ground, self.messages, self.renderer, adapter, lease))
            for channel, adapter in self.adapters.items()
        }
        return (
            Hand("inbox", Processor(self.ground, HEARERS).drain),
            Hand("events", lambda stop: deliver_events(self.ground, REACTIONS, stop)),
            Hand(timetable.BELL, self._by_the_clock(lease)),
            Hand(hand_in.BELL, lambda stop: work_on_files(self.ground, stop)),
            Hand(tell_systems.BELL, Courier(self.ground, Line(self.settings.webhook_inside)).drain),
            *(Hand(channel, lane.drain, lane.close) for channel, lane in lanes.items()),
        )

    def _by_the_clock(self, lease: timedelta) -> Callable[[Stop], int]:
        chores = [
            Chore(f"channels.settle_{channel}", Settler(self.ground, self.messages, adapter, lease).settle)
            for channel, adapter in self.adapters.items()
        ]
        chores.append(Chore("channels.detour", Detour(self.ground, frozenset(self.adapters)).run))

        jobs = hub.jobs.with_periods(JOBS, periods(self.settings.keep_months))

        def work(_stop: Stop) -> int:
            return run_chores(self.ground, chores) + run_due_jobs(self.ground, jobs)

        return work

    def crews(self) -> list[Sequence[str]]:
        """Return the crews that have work here: where a channel is not set up, no process waits for it."""
        bells = {hand.bell for hand in self.hands()}
        return [crew for crew in CREWS if bells.intersection(crew)]

    def close(self) -> None:
        """Store what still comes in and let the database go."""
        self.inbox.close()
        self.ground.database.close()


def open_house(settings: Settings, *, clock: Clock | None = None) -> House:
    """Put the hub together from its settings. Nothing is opened or sent before it is used.

    Raises ConfigurationError for settings that are missing or contradict each other.
    """
    keys = keys_from(settings)
    check_addresses(settings)
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    metrics = CollectorRegistry()
    ground = Ground(
        database=Database(settings.database_url, ring=ring_from(settings)),
        clock=clock or SystemClock(),
        bell=_bell(redis),
        keys=keys,
        base_url=settings.base_url.rstrip("/"),
        translations=Translations(LOCALES),
        meter=PrometheusMeter(metrics),
        scanner=_scanner(settings),
        most_upload_bytes=settings.upload_mb * 1_000_000,
    )
    metrics.register(LoadCollector(ground))
    registry = Registry(MESSAGES)
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    return House(
        settings=settings,
        ground=ground,
        messages=registry,
        renderer=renderer,
        adapters=open_adapters(settings, ground, registry, renderer),
        inbox=Inbox(ground),
        metrics=metrics,
        redis=redis,
    )


def _bell(redis: Redis | None) -> Doorbell:
    return RedisDoorbell(redis) if redis is not None else LocalDoorbell()


def _scanner(settings: Settings) -> Scanner:
    if not settings.has_clamd:
        return NoScanner()
    return Clamd(settings.clamd_host, settings.clamd_port, path=settings.clamd_socket)


CREWS: tuple[Sequence[str], ...] = (
    ("inbox", "events", timetable.BELL),
    (Channel.SMS,),
    (Channel.EMAIL,),
    (Channel.SLACK, Channel.WEB),
    (hand_in.BELL,),
    (tell_systems.BELL,),
)
"""Which bells each worker process of a machine answers, so that a campaign on one channel delays nothing else."""
