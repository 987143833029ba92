from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from kernel.calendar import LONDON
from qa_visits.model import VisitCard

_PRODUCT = "-//Co-production Hub//QA visits//EN"
_UID_DOMAIN = "visits.coproduction-hub"


class Method(StrEnum):
    """What an iCalendar message asks of its reader (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Invitation:
    """One visit as an iCalendar message. Times are London clock times; `made_at` is aware.

    `organiser` and `attendee` are email addresses. Without a method it is an entry for the reader's own calendar
    that asks nobody for an answer. `summary` names the visit and the setting, and no person.
    """

    visit_id: str
    sequence: int
    day: date
    starts_at: time
    ends_at: time
    made_at: datetime
    summary: str
    location: str
    description: str
    organiser_name: str
    method: Method | None = None
    organiser: str | None = None
    attendee: str | None = None


def invitation_to(visit: VisitCard, council: str, made_at: datetime) -> Invitation:
    """Return a visit as a calendar entry that asks nobody yet; `council` is the visiting council's name."""
    return Invitation(
        visit_id=visit.id,
        sequence=visit.sequence,
        day=visit.day,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        made_at=made_at,
        summary=f"Quality visit to {visit.setting_name}",
        location=visit.setting_name,
        description=f"{council} visits {visit.setting_name} to check quality.",
        organiser_name=council,
    )


def uid_of(visit_id: str) -> str:
    """Return the UID of a visit's calendar entry: the same in every message about it, for ever (RFC 5545)."""
    return f"visit-{visit_id}@{_UID_DOMAIN}"


def next_sequence(sequence: int, *, is_sent: bool) -> int:
    """Return the SEQUENCE of the next message about a visit.

    It is one more than that of the message already sent, so that calendars take a move or a cancellation
    for the newer word; while none was sent it stays.
    """
    return sequence + 1 if is_sent else sequence


def mime_of(method: Method) -> str:
    """Return the content type under which mail programs take the text for an invitation (RFC 6047)."""
    return f"text/calendar; method={method.value}"


def write_invitation(invitation: Invitation) -> str:
    """Return the message as iCalendar text with CRLF line ends and its own VTIMEZONE."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if invitation.method is not None:
        calendar.add("method", invitation.method.value)
    calendar.add_component(_london())
    calendar.add_component(_event(invitation))
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _event(invitation: Invitation) -> Event:
    is_cancelled = invitation.method is Method.CANCEL
    event = Event()
    event.add("uid", uid_of(invitation.visit_id))
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.made_at)
    event.add("dtstart", datetime.combine(invitation.day, invitation.starts_at, tzinfo=LONDON))
    event.add("dtend", datetime.combine(invitation.day, invitation.ends_at, tzinfo=LONDON))
    event.add("summary", invitation.summary)
    event.add("location", invitation.location)
    event.add("description", invitation.description)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    if invitation.organiser is not None:
        event.add("organizer", _address(invitation.organiser, cn=invitation.organiser_name))
    if invitation.attendee is not None:
        event.add("attendee", _attendee(invitation.attendee))
    return event


def _address(email: str, *, cn: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(cn)
    return address


def _attendee(email: str) -> vCalAddress:
    address = _address(email, cn=email)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("TRUE")
    return address


def _london() -> Timezone:
    """London time as two yearly rules, the form that every calendar program reads."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    zone.add_component(_turn(TimezoneDaylight(), "BST", month=3, hour=1, offsets_h=(0, 1)))
    zone.add_component(_turn(TimezoneStandard(), "GMT", month=10, hour=2, offsets_h=(1, 0)))
    return zone


def _turn(
    part: TimezoneDaylight | TimezoneStandard, name: str, *, month: int, hour: int, offsets_h: tuple[int, int]
) -> TimezoneDaylight | TimezoneStandard:
    before_h, after_h = offsets_h
    part.add("tzname", name)
    part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001, PLR2004 - local by RFC 5545
    part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
    part.add("tzoffsetfrom", timedelta(hours=before_h))
    part.add("tzoffsetto", timedelta(hours=after_h))
    return part
