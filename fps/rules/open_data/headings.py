"""Which file it is, and where in it each column stands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fps.model.open_data import Source
from fps.rules.open_data.faults import Fault, Faults

URN = "URN"
AREAS = (
    "Safeguarding standards",
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Early years (where applicable)",
    "Post-16 provision (where applicable)",
    "Leadership and governance",
)
"""The areas of a report card, in Ofsted's words."""
SEN = tuple(f"SEN{number} (name)" for number in range(1, 14))
GIAS: Mapping[str, str] = {
    "urn": URN,
    "ukprn": "UKPRN",
    "name": "EstablishmentName",
    "la_gss": "GSSLACode (name)",
    "la_code": "LA (code)",
    "la_name": "LA (name)",
    "previous_la_code": "PreviousLA (code)",
    "number": "EstablishmentNumber",
    "type_code": "TypeOfEstablishment (code)",
    "type_name": "TypeOfEstablishment (name)",
    "status_code": "EstablishmentStatus (code)",
    "status": "EstablishmentStatus (name)",
    "opened_on": "OpenDate",
    "closed_on": "CloseDate",
    "closed_why": "ReasonEstablishmentClosed (name)",
    "phase": "PhaseOfEducation (name)",
    "age_from": "StatutoryLowAge",
    "age_to": "StatutoryHighAge",
    "boarders": "Boarders (name)",
    "boarding": "BoardingEstablishment (name)",
    "gender": "Gender (name)",
    "capacity": "SchoolCapacity",
    "pupils": "NumberOfPupils",
    "section41": "Section41Approved (name)",
    "inspectorate": "InspectorateName (name)",
    "street": "Street",
    "town": "Town",
    "postcode": "Postcode",
    "district_code": "DistrictAdministrative (code)",
    "easting": "Easting",
    "northing": "Northing",
    "website": "SchoolWebsite",
    "childrens_home": "CHNumber",
    "changed_on": "LastChangedDate",
}
"""What is kept of a school, and the column of GIAS in which it stands. Names and numbers of people are not."""
LINKS: Mapping[str, str] = {
    "urn": URN,
    "link_urn": "LinkURN",
    "link_name": "LinkName",
    "link_type": "LinkType",
    "established_on": "LinkEstablishedDate",
}
NEEDED: Mapping[Source, tuple[str, ...]] = {
    Source.SCHOOLS: (*GIAS.values(), *SEN),
    Source.LINKS: tuple(LINKS.values()),
    Source.INDEPENDENT: (
        URN,
        "Inspection number of latest REIF standard inspection",
        "Inspection start date",
        "Publication date",
        *AREAS,
        "Latest OEIF overall effectiveness",
        "Most recent standard inspection: Overall compliance with ISS",
        *(f"Most recent standard inspection: Part {part} overall" for part in range(1, 9)),
    ),
    Source.ADDITIONAL: (URN, "Inspection number", "Overall outcome"),
    Source.STATE: (
        URN,
        "Inspection number of latest full inspection",
        "Inspection start date",
        "Publication date",
        "Category of concern",
        *AREAS,
        "Latest OEIF overall effectiveness",
    ),
}
"""The columns without which a file is not taken."""
WORDS: Mapping[Source, str] = {
    Source.SCHOOLS: "GIAS: all establishments",
    Source.LINKS: "GIAS: links of establishments",
    Source.INDEPENDENT: "Ofsted: independent schools, most recent inspections",
    Source.ADDITIONAL: "Ofsted: independent schools, additional inspections",
    Source.STATE: "Ofsted: state-funded schools and non-maintained special schools",
}

_TELLING = {
    Source.LINKS: ("linkurn", "linktype"),
    Source.SCHOOLS: ("establishmentname", "typeofestablishment (code)"),
    Source.INDEPENDENT: ("most recent standard inspection:", "inspection number of latest reif standard inspection"),
    Source.STATE: ("inspection number of latest full inspection", "category of concern", "latest oeif"),
    Source.ADDITIONAL: ("overall outcome",),
}
_AS_AT = re.compile(r"as[ _-]at[ _-](\d{1,2})[ _-]([A-Za-z]+)[ _-](\d{4})", re.IGNORECASE)
_DIGITS = re.compile(r"(?<!\d)(20\d{6})(?!\d)")
_SHOWN = 6


@dataclass(frozen=True)
class Columns:
    """A file's headings, each with the place of its column, however they are spaced and written."""

    names: tuple[str, ...]
    places: Mapping[str, int]

    def place(self, heading: str) -> int | None:
        """Return where a column stands, from 0 on; None where it is missing."""
        return self.places.get(plain(heading))

    def beginning(self, start: str) -> list[tuple[str, int]]:
        """Return the columns whose heading begins so: the rest of it, and where it stands."""
        begins = plain(start)
        width = len(begins)
        return [
            (" ".join(name.split())[width:].strip(), place)
            for place, name in enumerate(self.names)
            if plain(name).startswith(begins)
        ]


def plain(heading: str) -> str:
    """Return a heading with single spaces and small letters: one of Ofsted's has a double space."""
    return " ".join(heading.replace("\ufeff", "").split()).casefold()


def columns_of(row: Sequence[str]) -> Columns:
    """Return the columns of a row of headings; of two of one name the first counts."""
    places: dict[str, int] = {}
    for place, name in enumerate(row):
        places.setdefault(plain(name), place)
    return Columns(tuple(row), places)


def at(columns: Columns, heading: str) -> int:
    """Return where a column stands that was checked to be there."""
    place = columns.place(heading)
    if place is None:
        raise KeyError(heading)
    return place


def is_heading(row: Sequence[str]) -> bool:
    """Tell whether a row holds the headings: a title may stand before it."""
    return any(plain(cell) == "urn" for cell in row)


def source_of(columns: Columns) -> Source | None:
    """Return which file it is by its headings; None where it is none that is taken."""
    for source, signs in _TELLING.items():
        if any(name.startswith(sign) for sign in signs for name in columns.places):
            return source
    return None


def check_headings(source: Source, columns: Columns, faults: Faults, line: int) -> None:
    """Say of each column that is needed and missing which one it may be, and of each that stands there twice."""
    found = [" ".join(name.split()) for name in columns.names if name.strip()]
    for heading in NEEDED[source]:
        if columns.place(heading) is None:
            faults.add(Fault(line, heading, f"The column is missing. {_nearest(heading, found)}"))
    names = [plain(name) for name in columns.names]
    for heading in NEEDED[source]:
        if names.count(plain(heading)) > 1:
            faults.add(Fault(line, heading, "The column is there twice. Download the file again."))


def _nearest(heading: str, found: Sequence[str]) -> str:
    near = difflib.get_close_matches(heading, found, n=1, cutoff=0.6)
    if near:
        return f"The nearest that was found is “{near[0][:80]}”. Give it its name back or download the file again."
    shown = ", ".join(f"“{name[:40]}”" for name in found[:_SHOWN])
    return f"Found: {shown or 'nothing'}. Download the file again with all its columns."


def as_at(texts: Iterable[str]) -> date | None:
    """Return the day of a file from its name or title: "as at 31 October 2026" or 20261031; None where none tells."""
    for text in texts:
        told = _AS_AT.search(text)
        candidates = [(" ".join(told.groups()), "%d %B %Y"), (" ".join(told.groups()), "%d %b %Y")] if told else []
        candidates += [(digits, "%Y%m%d") for digits in _DIGITS.findall(text)]
        for written, form in candidates:
            day = _day(written, form)
            if day is not None:
                return day
    return None


def _day(written: str, form: str) -> date | None:
    try:
        return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
