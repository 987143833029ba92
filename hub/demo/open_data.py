from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from fps.actions.open_data.take_in_whole import take_in_whole
from fps.model import SettingCard, SettingKind
from fps.model.open_data import Source
from fps.queries import settings_of
from fps.rules.open_data.headings import GIAS, NEEDED, SEN
from hub.demo.cast import Cast
from kernel.calendar import london_date
from kernel.work import Work
from people.councils import COUNCILS

_PLACES: Mapping[str, tuple[str, str, int, int]] = {
    "Sefton": ("L20 3AB", "Bootle", 334_200, 394_900),
    "Liverpool": ("L1 8JQ", "Liverpool", 334_700, 390_000),
    "Wirral": ("CH41 5AA", "Birkenhead", 331_900, 388_900),
    "Knowsley": ("L36 9UX", "Huyton", 344_600, 391_100),
    "Halton": ("WA7 4AA", "Runcorn", 351_500, 381_900),
    "St Helens": ("WA10 1AA", "St Helens", 351_200, 395_500),
    "Cumberland": ("CA1 1AA", "Carlisle", 340_200, 555_900),
    "Bury": ("BL9 0AA", "Bury", 380_500, 410_700),
}
"""Where the demo's districts are, to about a kilometre; schools and streets are invented."""
_TYPES: Mapping[SettingKind, tuple[str, str]] = {
    SettingKind.NMSS: ("8", "Non-maintained special school"),
    SettingKind.INDEPENDENT_OTHER: ("11", "Other independent school"),
    SettingKind.SPECIAL_POST16: ("32", "Special post 16 institution"),
    SettingKind.FE_COLLEGE: ("18", "Further education"),
    SettingKind.ONLINE: ("49", "Online provider"),
    SettingKind.REGISTERED_AP: ("14", "Pupil referral unit"),
}
_SCHOOL = ("10", "Other independent special school")
_NEIGHBOURS = 3
_OLD = "Latest OEIF "
_LAST = "latest OEIF standard inspection"
_ISS = "Most recent standard inspection: "
_AREAS = {"Safeguarding standards": "Met", "Inclusion": "Expected standard", "Achievement": "Strong standard"}


def seed(work: Work, cast: Cast) -> None:
    """Take in two invented extracts of GIAS and two files of Ofsted, a month apart: the second ones bring changes."""
    today = london_date(work.now)
    cards = [card for card in settings_of(work.session, dict(cast.providers)) if card.urn is not None]
    schools = {card.name: _entry(card) for card in cards}
    around = list(_neighbours())
    before, now = today - timedelta(days=33), today - timedelta(days=3)
    _take(work, (*GIAS.values(), *SEN), [*schools.values(), *around], f"edubasealldata{before:%Y%m%d}.csv")
    _change(schools)
    _take(work, (*GIAS.values(), *SEN), [*schools.values(), *around], f"edubasealldata{now:%Y%m%d}.csv")
    for day, is_later in ((before, False), (now, True)):
        rows = [_judged(card, number, is_later=is_later) for number, card in enumerate(cards)]
        _take(work, _headings(), rows, f"most recent inspections data as at {day.day} {day:%B %Y}.csv")


def _take(work: Work, headings: Iterable[str], rows: Iterable[Mapping[str, str]], name: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(headings), restval="")
    writer.writeheader()
    writer.writerows(rows)
    content = out.getvalue().encode("cp1252")
    take_in_whole(work, lambda: io.BytesIO(content), name)


def _entry(card: SettingCard) -> dict[str, str]:
    kind = _TYPES.get(card.kind, _SCHOOL)
    entry = _school(str(card.urn), card.name, card.district, kind)
    entry["StatutoryLowAge"], entry["StatutoryHighAge"] = str(card.age_from), str(card.age_to)
    entry["Gender (name)"] = card.intake.value.capitalize()
    entry["Section41Approved (name)"] = "Approved"
    entry["SEN1 (name)"] = "ASD - Autistic Spectrum Disorder"
    entry["SEN2 (name)"] = "SEMH - Social, Emotional and Mental Health"
    return entry


def _school(urn: str, name: str, district: str, kind: tuple[str, str]) -> dict[str, str]:
    postcode, town, easting, northing = _PLACES.get(district, _PLACES["Liverpool"])
    council = next((each for each in COUNCILS if each.name == district), COUNCILS[0])
    number = int(urn)
    return {
        "URN": urn,
        "UKPRN": f"10{urn}",
        "EstablishmentName": name,
        "GSSLACode (name)": council.gss,
        "LA (code)": council.dfe,
        "LA (name)": council.name,
        "EstablishmentNumber": str(number % 9_000),
        "TypeOfEstablishment (code)": kind[0],
        "TypeOfEstablishment (name)": kind[1],
        "EstablishmentStatus (code)": "1",
        "EstablishmentStatus (name)": "Open",
        "OpenDate": "01-09-2012",
        "StatutoryLowAge": "5",
        "StatutoryHighAge": "16",
        "Gender (name)": "Mixed",
        "SchoolCapacity": "80",
        "NumberOfPupils": str(40 + number % 30),
        "InspectorateName (name)": "Ofsted",
        "Street": f"{number % 90 + 1} School Lane",
        "Town": town,
        "Postcode": postcode,
        "Easting": str(easting + number % 7 * 40),
        "Northing": str(northing - number % 5 * 40),
        "LastChangedDate": "02-02-2026",
    }


def _neighbours() -> Iterator[dict[str, str]]:
    """Return a few invented schools of each district, so that each has its place on the map."""
    for number, district in enumerate(_PLACES):
        for each in range(_NEIGHBOURS):
            name = f"{_PLACES[district][1]} Invented Primary {each + 1}"
            yield _school(str(998_000 + number * 10 + each), name, district, ("1", "Community school"))


def _change(schools: dict[str, dict[str, str]]) -> None:
    """Let GIAS say otherwise of two settings on the register."""
    for name, changes in (
        ("Coppice Annexe", {"EstablishmentStatus (code)": "2", "EstablishmentStatus (name)": "Closed"}),
        ("Beacon Lane School", {"StatutoryHighAge": "13", "Section41Approved (name)": "Not approved"}),
    ):
        if name in schools:
            schools[name].update(changes)


def _headings() -> tuple[str, ...]:
    own = (f"Inspection number of {_LAST}", f"Inspection start date of {_LAST}", f"{_OLD}quality of education")
    return (*NEEDED[Source.INDEPENDENT], *own)


def _judged(card: SettingCard, number: int, *, is_later: bool) -> dict[str, str]:
    row = {
        "URN": str(card.urn),
        f"Inspection number of {_LAST}": str(10_300_000 + number),
        f"Inspection start date of {_LAST}": f"{date(2024, 1 + number % 12, 9):%d/%m/%Y}",
        f"{_OLD}overall effectiveness": str(2 + number % 2),
        f"{_OLD}quality of education": "2",
        f"{_ISS}Overall compliance with ISS": "Met",
        **{f"{_ISS}Part {part} overall": "Met" for part in range(1, 9)},
    }
    if number % 2 and is_later:
        row |= {**_AREAS, "Leadership and governance": "Needs attention" if number == 1 else "Expected standard"}
        row["Inspection number of latest REIF standard inspection"] = str(10_400_000 + number)
        row["Inspection start date"], row["Publication date"] = "15/09/2026", "20/10/2026"
    return row
