from __future__ import annotations

from collections.abc import Iterator

from fps.rules.round_calendar import Entry, Method, write_calendar
from referrals.model.placement_dates import Dates

_DOMAIN = "placements.coproduction-hub"


def calendar_of(dates: Dates, base_url: str) -> str:
    """Return the dates of placements as an iCalendar feed (RFC 5545).

    Nothing in it tells of a learner: a placement is known by its reference. A review keeps its UID for ever, moved or
    called off by the next SEQUENCE.
    """
    return write_calendar([*_reviews(dates, base_url), *_last_days(dates, base_url)], Method.PUBLISH, "Placements")


def _reviews(dates: Dates, base_url: str) -> Iterator[Entry]:
    for review in dates.reviews:
        yield Entry(
            uid=f"review-{review.id}@{_DOMAIN}",
            sequence=review.sequence,
            made_at=review.changed_at,
            starts=review.held_on or review.due_on,
            ends=None,
            summary=f"{review.kind.words}: placement {dates.references[review.placement_id]}",
            location="",
            url=base_url + dates.paths[review.placement_id],
            is_cancelled=review.cancelled_at is not None,
        )


def _last_days(dates: Dates, base_url: str) -> Iterator[Entry]:
    for last in dates.last_days:
        yield Entry(
            uid=f"placement-{last.placement_id}-end@{_DOMAIN}",
            sequence=last.edition,
            made_at=last.changed_at,
            starts=last.ends_on,
            ends=None,
            summary=f"Last day of placement {dates.references[last.placement_id]}",
            location="",
            url=base_url + dates.paths[last.placement_id],
            is_cancelled=last.is_cancelled,
        )
