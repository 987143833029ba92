from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from qa_visits.rules.invitations import Invitation, Method, mime_of, next_sequence, uid_of, write_invitation

VISIT = Invitation(
    visit_id="01visit0000000000000000001",
    sequence=0,
    method=Method.REQUEST,
    day=date(2026, 12, 9),
    starts_at=time(9, 30),
    ends_at=time(15, 0),
    made_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    summary="QA visit: Brook House School; Sefton Council, annual",
    location="Brook House School",
    description="Sefton Council visits to assure quality.",
    organiser="hub@example.org",
    organiser_name="Co-production Hub",
    attendee="head@brook.example.org",
)


def read(text: str) -> Calendar:
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    return calendar


def span(calendar: Calendar) -> tuple[datetime, datetime]:
    [event] = calendar.events
    assert isinstance(event.start, datetime)
    assert isinstance(event.end, datetime)
    return event.start, event.end


def lines(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_invitation_has_what_mail_programs_need() -> None:
    written = lines(write_invitation(VISIT))

    assert "METHOD:REQUEST" in written
    assert "UID:visit-01visit0000000000000000001@visits.coproduction-hub" in written
    assert "SEQUENCE:0" in written
    assert "DTSTART;TZID=Europe/London:20261209T093000" in written
    assert "DTEND;TZID=Europe/London:20261209T150000" in written
    assert "DTSTAMP:20261123T100000Z" in written
    assert "STATUS:CONFIRMED" in written
    assert 'ORGANIZER;CN="Co-production Hub":mailto:hub@example.org' in written
    assert any(line.startswith("ATTENDEE;") and line.endswith(":mailto:head@brook.example.org") for line in written)
    assert "BEGIN:VTIMEZONE" in written


def test_lines_end_and_fold_as_the_standard_asks() -> None:
    text = write_invitation(replace(VISIT, description="Long word. " * 40))

    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


def test_text_that_looks_like_a_property_stays_text() -> None:
    event = read(write_invitation(replace(VISIT, summary="QA visit\r\nATTENDEE:mailto:x@example.org; a, b"))).events[0]

    assert event["SUMMARY"] == "QA visit\nATTENDEE:mailto:x@example.org; a, b"
    assert str(event["ATTENDEE"]) == "mailto:head@brook.example.org"


def test_cancellation_keeps_the_uid_and_frees_the_time() -> None:
    written = lines(write_invitation(replace(VISIT, method=Method.CANCEL, sequence=2)))

    assert "METHOD:CANCEL" in written
    assert "STATUS:CANCELLED" in written
    assert "SEQUENCE:2" in written
    assert f"UID:{uid_of(VISIT.visit_id)}" in written


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 12, 9), 9),
        (date(2027, 3, 26), 9),
        (date(2027, 3, 29), 8),
        (date(2027, 10, 29), 8),
        (date(2027, 11, 1), 9),
    ],
)
def test_own_time_zone_gives_the_same_moment_as_the_worlds(day: date, utc_hour: int) -> None:
    calendar = read(write_invitation(replace(VISIT, day=day)))
    [zone] = calendar.timezones
    local = datetime.combine(day, time(9, 30))

    assert (local - zone.to_tz(lookup_tzid=False).utcoffset(local)).time() == time(utc_hour, 30)
    assert span(calendar)[0].astimezone(UTC).time() == time(utc_hour, 30)


def test_copy_without_attendee_asks_nobody() -> None:
    written = write_invitation(replace(VISIT, attendee=None, organiser=None, method=None))

    assert not any(name in written for name in ("ATTENDEE", "ORGANIZER", "METHOD"))


def test_content_type_names_the_method() -> None:
    assert mime_of(Method.REQUEST) == "text/calendar; method=REQUEST"
    assert mime_of(Method.CANCEL) == "text/calendar; method=CANCEL"


def test_sequence_rises_only_once_something_was_sent() -> None:
    assert next_sequence(0, is_sent=False) == 0
    assert next_sequence(0, is_sent=True) == 1


@given(st.lists(st.booleans(), max_size=20))
def test_every_later_message_always_has_a_higher_sequence(changes_after_sending: list[bool]) -> None:
    sequence, sent = 0, [0]
    for is_sent in changes_after_sending:
        sequence = next_sequence(sequence, is_sent=is_sent)
        if is_sent:
            sent.append(sequence)

    assert sent == sorted(set(sent))


@given(day=st.dates(date(2026, 1, 1), date(2035, 12, 31)), minutes=st.integers(15, 600))
def test_invitation_always_reads_back_as_it_was_written(day: date, minutes: int) -> None:
    starts = datetime.combine(day, time(9, 0), tzinfo=UTC)
    ends_at = (starts + timedelta(minutes=minutes)).time()

    start, end = span(read(write_invitation(replace(VISIT, day=day, ends_at=ends_at))))

    assert (start.date(), start.time(), end.time()) == (day, VISIT.starts_at, ends_at)
