"""One referral to 2,000 settings over SMS, email and Slack: first to last hand-over, against the vendors' limits.

What the limits alone impose is the time of the slowest channel: its units beyond the burst, at its pace. The hub
issues by the action that its page calls, and `hub worker` delivers, in processes of its own, from the release on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bench.report import Row, show
from bench.world import World, as_settings, processes, running_world
from channels.model import Channel
from channels.rules.segments import segments
from fps.model import Intake, SettingKind, Status
from fps.tables import DocumentRow, SettingOnLotRow, SettingRow, StatusChangeRow
from hub.migrations import upgrade
from hub.wiring import House, open_house
from kernel.database import Base
from kernel.ids import new_id
from kernel.work import Work
from people.model import OrganisationKind, Role
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.queries.previews import draft_preview
from tests.fps.world import build_world as build_register
from tests.fps.world import member, organisation
from tests.referrals.world import World as Councils
from tests.referrals.world import take_second_look
from tests.services.mailbox import Mailbox, running_mailbox

RECIPIENTS = 2_000
AT_MOST = "at most 1.2"
PER_S = {Channel.SMS: 120.0, Channel.EMAIL: 60.0, Channel.SLACK: 50.0}
BURST = {Channel.SMS: 100, Channel.EMAIL: 60, Channel.SLACK: 5}
_SINCE = date(2025, 9, 1)
_LOOK_EVERY_S = 0.05
_GIVE_UP_S = 180


def _environment(world: World, url: str, smtp_port: int) -> dict[str, str]:
    return {
        **world.environment(url),
        "HUB_SWEEP_S": "0.2",
        "HUB_SECOND_FACTOR": "false",
        "HUB_TWILIO_PER_S": str(PER_S[Channel.SMS]),
        "HUB_TWILIO_BURST": str(BURST[Channel.SMS]),
        "HUB_SMTP_HOST": "127.0.0.1",
        "HUB_SMTP_PORT": str(smtp_port),
        "HUB_SMTP_SECURITY": "none",
        "HUB_SMTP_PER_S": str(PER_S[Channel.EMAIL]),
        "HUB_SLACK_BOT_TOKEN": "xoxb-bench",
        "HUB_SLACK_SIGNING_SECRET": "secret-of-the-bench",
        "HUB_SLACK_API_URL": world.vendor.slack_url,
        "HUB_SLACK_PER_S": str(PER_S[Channel.SLACK]),
    }


def _address(number: int) -> tuple[str, str]:
    return (
        ("sms", f"+4477009{number:05d}"),
        ("email", f"user{number}@example.org"),
        ("slack", f"U{number:010d}"),
    )[number % 3]


def _setting(work: Work, number: int) -> dict[str, Any]:
    """Register a provider with one user, who is told by one channel, and return its setting."""
    provider_id = organisation(work, OrganisationKind.PROVIDER, f"Trust {number}")
    user = member(work, f"Head {number}", Role.PROVIDER_USER, provider_id, _address(number))
    return {
        "id": new_id(),
        "name": f"School {number:05d}",
        "provider_id": provider_id,
        "urn": f"{100000 + number}",
        "kind": SettingKind.INDEPENDENT_SPECIAL,
        "age_from": 5,
        "age_to": 16,
        "intake": Intake.MIXED,
        "district": "Sefton",
        "referral_contact_id": user.id,
    }


def _fill(work: Work, world: Councils) -> None:
    """Put 2,000 settings on the first lot; what they hold has no end."""
    lot, lead = world.register.lots[0], world.register.lead
    settings = [_setting(work, number) for number in range(100, 100 + RECIPIENTS)]
    on_lots = [{"id": new_id(), "setting_id": one["id"], "lot_id": lot.id} for one in settings]
    told: dict[str, Any] = {
        "number": 1,
        "to_status": Status.ACTIVE,
        "effective_on": _SINCE,
        "actor_id": "system",
        "reason": "Bench.",
    }
    told |= {"lot_id": lot.id, "recorded_at": work.now}
    steps = [{**told, "setting_on_lot_id": row["id"], "setting_id": row["setting_id"]} for row in on_lots]
    papers = {"state": "accepted", "is_current": True, "recorded_at": work.now, "recorded_by": lead.id}
    documents = [
        {**papers, "id": new_id(), "provider_id": one["provider_id"], "setting_id": one["id"], "kind": kind}
        for one in settings
        for kind in lot.required_documents
    ]
    filled: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (SettingRow, settings),
        (SettingOnLotRow, on_lots),
        (StatusChangeRow, steps),
        (DocumentRow, documents),
    ]
    for table, rows in filled:
        work.session.execute(insert(table), rows)


def _councils(house: House) -> Councils:
    register = build_register(house.ground, providers=0)
    with house.ground.work() as work:
        people = [member(work, name, Role.COMMISSIONER, register.council_id) for name in ("Una Umber", "Tom Teal")]
        stranger = member(work, "Sam Sand", Role.COMMISSIONER, register.other_council_id)
    return Councils(house.ground, register, people[0], people[1], stranger, ())


def _issue(house: House, world: Councils) -> datetime:
    """Issue a referral to all, to be released once they are queued; return the moment of the release."""
    referral_id = world.drafted()
    release_at = datetime.now(UTC) + timedelta(seconds=30)
    with house.ground.work() as work:
        shown = draft_preview(work.session, world.commissioner, referral_id, release_at)
        deadline_on = shown.earliest_deadline_on
        command = IssueReferral(referral_id, deadline_on, release_at, shown.fingerprint)
        take_second_look(work, command, world.commissioner, world.colleague)
        issue_referral(work, world.commissioner, command)
    left_s = (release_at - datetime.now(UTC)).total_seconds()
    if left_s < 1:
        raise SystemExit("issuing took longer than planned: the bench would flatter the hub")
    return release_at


def _spread_s(world: World, mailbox: Mailbox, release_at: datetime) -> float:
    """Return the seconds from the first to the last hand-over, as the vendors see them."""
    first: float | None = None
    while True:
        taken, now = world.vendor.counts().accepted + len(mailbox.messages), time.perf_counter()
        if taken and first is None:
            if datetime.now(UTC) < release_at:
                raise SystemExit("an alert left before the release")
            first = now
        if first is not None and taken >= RECIPIENTS:
            return now - first
        if datetime.now(UTC) > release_at + timedelta(seconds=_GIVE_UP_S):
            raise SystemExit(f"only {taken} alerts were handed over")
        time.sleep(_LOOK_EVERY_S)


def _units(world: World, mailbox: Mailbox) -> Mapping[Channel, int]:
    """Return what each vendor was given, in the units that its limit counts."""
    texts = world.vendor.bodies("messages.create", RECIPIENTS)
    posts = world.vendor.bodies("chat.postMessage", RECIPIENTS)
    return {
        Channel.SMS: sum(segments(text["Body"]).count for text in texts),
        Channel.EMAIL: len(mailbox.messages),
        Channel.SLACK: len(posts),
    }


def measure(world: World) -> list[Row]:
    """Measure and return the rows."""
    url = world.postgres.create_database()
    world.vendor.reset()
    with running_mailbox() as mailbox:
        environment = _environment(world, url, mailbox.port)
        house = open_house(as_settings(environment))
        upgrade(house.ground.database)
        councils = _councils(house)
        with house.ground.work() as work:
            _fill(work, councils)
        release_at = _issue(house, councils)
        workers = [["-m", "hub", "worker", "--bells", channel] for channel in PER_S]
        with processes(environment, *workers):
            took = _spread_s(world, mailbox, release_at)
        units = _units(world, mailbox)
        house.close()
    world.valkey.empty()
    world.postgres.drop_database(url)
    alone = {channel: (units[channel] - BURST[channel]) / PER_S[channel] for channel in PER_S}
    slowest = max(alone, key=lambda channel: alone[channel])
    rows = [
        Row(
            f"{channel}: {units[channel]} units at {PER_S[channel]:.0f} a second, {alone[channel]:.1f} s",
            PER_S[channel],
        )
        for channel in PER_S
    ]
    what = f"first to last of {RECIPIENTS:,} hand-overs ({took:.1f} s; {slowest} alone imposes {alone[slowest]:.1f} s)"
    return [*rows, Row(what, RECIPIENTS / took, took / alone[slowest], AT_MOST)]


if __name__ == "__main__":
    with running_world() as found:
        show("The release", measure(found))
