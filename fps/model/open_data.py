"""What public registers say of schools: Get Information about Schools (GIAS) and Ofsted (DOMAIN.md 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Source(StrEnum):
    """The public files that are taken in; each import is of one."""

    SCHOOLS = "gias"
    LINKS = "gias_links"
    INDEPENDENT = "ofsted_independent"
    ADDITIONAL = "ofsted_additional"
    STATE = "ofsted_state"


class JudgementKind(StrEnum):
    """What Ofsted's files say of a school, side by side. None is ever worked out from another."""

    REPORT_CARD = "report_card"
    OEIF = "oeif"
    UNGRADED = "ungraded"
    STANDARDS = "standards"
    PROGRESS = "progress"
    ADDITIONAL = "additional"


@dataclass(frozen=True)
class School:
    """A school as GIAS has it; what its file leaves blank is None or empty.

    `district` is the first part of the postcode (L20), `district_code` the GSS code of the local district, `sen` the
    special educational needs by their short names (ASD). `left_on` is the date of the first file without it.
    """

    urn: str
    ukprn: str
    name: str
    la_gss: str
    la_code: str
    la_name: str
    previous_la_code: str
    number: str
    type_code: str
    type_name: str
    status_code: str
    status: str
    opened_on: date | None
    closed_on: date | None
    closed_why: str
    phase: str
    age_from: int | None
    age_to: int | None
    boarders: str
    boarding: str
    gender: str
    capacity: int | None
    pupils: int | None
    section41: str
    sen: str
    inspectorate: str
    street: str
    town: str
    postcode: str
    district: str
    district_code: str
    easting: int | None
    northing: int | None
    website: str
    childrens_home: str
    changed_on: date | None
    left_on: date | None

    @property
    def is_closed(self) -> bool:
        """Tell whether GIAS has closed it."""
        return self.status_code == CLOSED


CLOSED = "2"
"""The code of GIAS for a school that is closed."""


@dataclass(frozen=True)
class Judgement:
    """What one of Ofsted's files says of one inspection of a school, in its own words, heading by heading.

    `as_at` is the day of the file. Old grades (1 to 4) and report cards never become one another (DOMAIN.md 4).
    """

    urn: str
    source: Source
    kind: JudgementKind
    inspection: str
    inspected_on: date | None
    published_on: date | None
    grades: Mapping[str, str]
    as_at: date | None


@dataclass(frozen=True)
class Link:
    """A school that came before another, after it, or that was merged with it."""

    urn: str
    link_urn: str
    link_name: str
    link_type: str
    established_on: date | None


@dataclass(frozen=True)
class Place:
    """The middle of a postcode district (L20), in metres of the British National Grid."""

    district: str
    easting: int
    northing: int
