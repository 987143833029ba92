from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event

from fps.model.rounds import RoundCard, RoundState, SessionCard

_PRODUCT = "-//Co-production Hub//Calendars//EN"
_DOMAIN = "rounds.coproduction-hub"


class Method(StrEnum):
    """What a calendar file is (RFC 5546): a feed, an entry that came by message, or one that is taken back."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar. `starts` is a moment, or a day for a whole day; `ends` may be left out.

    The UID stays for ever and `sequence` grows with each change, so that calendars replace what they hold (RFC 5545).
    """

    uid: str
    sequence: int
    made_at: datetime
    starts: datetime | date
    ends: datetime | None
    summary: str
    location: str
    url: str
    is_cancelled: bool


def entries_of(card: RoundCard, url: str) -> tuple[Entry, ...]:
    """Return the dates of a round: it opens, its questions close, it closes, its decision comes, contracts start."""
    cancelled = card.state is RoundState.CANCELLED
    dates: tuple[tuple[str, datetime | date, str], ...] = (
        ("opens", card.opens_at, "opens"),
        ("questions", card.questions_close_at, "questions close"),
        ("closes", card.closes_at, "closes"),
        ("decision", card.decide_by, "decision by today"),
        ("contracts", card.contracts_start_on, "contracts start"),
    )
    return tuple(
        Entry(
            uid=f"round-{card.id}-{key}@{_DOMAIN}",
            sequence=max(card.version - 1, 0),
            made_at=card.changed_at,
            starts=starts,
            ends=None,
            summary=f"{card.title}: {words}",
            location="",
            url=url,
            is_cancelled=cancelled,
        )
        for key, starts, words in dates
    )


def entry_of(card: SessionCard, url: str = "", *, is_public: bool = False) -> Entry:
    """Return a session; the public entry leaves out the link by which one takes part."""
    return Entry(
        uid=f"session-{card.id}@{_DOMAIN}",
        sequence=card.sequence,
        made_at=card.changed_at,
        starts=card.starts_at,
        ends=card.ends_at,
        summary=card.title,
        location=(card.place or "Online") if is_public else ", ".join(filter(None, (card.place, card.link))),
        url=url,
        is_cancelled=card.cancelled_at is not None,
    )


def write_calendar(entries: Iterable[Entry], method: Method, name: str = "") -> str:
    """Return entries as iCalendar text with CRLF line ends; moments are written in UTC, which needs no zone."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.made_at)
    event.add("dtstart", entry.starts)
    if entry.ends is not None:
        event.add("dtend", entry.ends)
    event.add("summary", entry.summary)
    if entry.location:
        event.add("location", entry.location)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def mime_of(method: Method) -> str:
    """Return the content type under which mail programs take the text for a calendar entry (RFC 6047)."""
    return f"text/calendar; method={method.value}"
