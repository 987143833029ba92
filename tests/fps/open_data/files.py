"""Public files made in code: the headings are the real ones, the schools are invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from fps.actions.open_data.hand_in import NewFile, hand_in_file
from fps.actions.open_data.read_file import Reading, read_file
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportCard
from fps.queries.open_data_imports import import_card
from fps.rules.open_data.headings import GIAS, LINKS, NEEDED, SEN
from fps.rules.open_data.reading import OpenFile, staged_names
from kernel.work import Ground

Row = Mapping[str, str]
GIAS_NAME = "edubasealldata20261120.csv"
NEWER_NAME = "edubasealldata20261121.csv"
OFSTED_NAME = "Management_information_as_at_31_October_2026.csv"
EXTRA = tuple(f"Other{number} (name)" for number in range(140 - len(GIAS) - len(SEN)))
REPORT_CARD = {
    "Inspection number of latest REIF standard inspection": "10400001",
    "Inspection start date": "03/02/2026",
    "Publication date": "10/03/2026",
    "Safeguarding standards": "Met",
    "Inclusion": "Expected standard",
    "Achievement": "Strong standard",
    "Leadership and governance": "Needs attention",
}
OLD = {
    "Inspection number of latest OEIF standard inspection": "10300001",
    "Inspection start date of latest OEIF standard inspection": "14/05/2023",
    "Latest OEIF overall effectiveness": "2",
    "Latest OEIF quality of education": "3",
    "Latest OEIF  safeguarding is effective?": "Yes",
}
STANDARDS = {
    "Most recent standard inspection: Overall compliance with ISS": "Met",
    "Most recent standard inspection: Part 1 overall": "Met",
    "Most recent standard inspection: Part 3 overall": "Not met",
}
INDEPENDENT_HEADINGS = tuple(
    dict.fromkeys(
        (
            *NEEDED[Source.INDEPENDENT],
            *OLD,
            "Latest OEIF early years provision (where applicable)",
            "Most recent progress monitoring: inspection number",
            "Most recent progress monitoring: start date",
            "Most recent progress monitoring: Overall outcome",
        )
    )
)


def school(urn: str, **changed: str) -> dict[str, str]:
    """Return a row of GIAS; `changed` are named as in GIAS of headings.py."""
    told = {
        "urn": urn,
        "ukprn": f"10{urn}",
        "name": f"School {urn}",
        "la_gss": "E08000014",
        "la_code": "343",
        "la_name": "Sefton",
        "number": "6001",
        "type_code": "10",
        "type_name": "Other independent special school",
        "status_code": "1",
        "status": "Open",
        "opened_on": "01-09-2015",
        "age_from": "5",
        "age_to": "16",
        "gender": "Mixed",
        "capacity": "60",
        "section41": "Not approved",
        "postcode": "L20 3AB",
        "easting": "334000",
        "northing": "395000",
        "changed_on": "02-11-2026",
        **changed,
    }
    return {GIAS[name]: value for name, value in told.items()} | {"SEN1 (name)": "ASD - Autistic Spectrum Disorder"}


def written(headings: Iterable[str], rows: Iterable[Row], encoding: str = "cp1252") -> bytes:
    """Return a CSV file."""
    names = list(headings)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode(encoding)


def gias(*rows: Row, encoding: str = "cp1252") -> bytes:
    """Return an extract of GIAS of 140 columns."""
    return written((*GIAS.values(), *SEN, "HeadLastName", *EXTRA[1:]), rows, encoding)


def links(*rows: tuple[str, str, str, str]) -> bytes:
    """Return a file of links: URN, the other's URN, its name, the type."""
    told = [dict(zip(list(LINKS.values()), (*row, "01-09-2026"), strict=True)) for row in rows]
    return written(LINKS.values(), told)


def independent(*rows: Row) -> bytes:
    """Return Ofsted's file of independent schools."""
    return written(INDEPENDENT_HEADINGS, rows)


def take_in(ground: Ground, content: bytes, name: str, *, is_dry: bool = False, is_forced: bool = False) -> ImportCard:
    """Take a file in as the command line does; return what came of it."""
    source = OpenFile(lambda: io.BytesIO(content), name).source
    with ground.work() as work:
        new = NewFile(source, name, len(content), is_forced)
        import_id = hand_in_file(work, None, new, is_read_here=True)
    read_file(ground, Reading(import_id, source, 1, takes_over=not is_dry), lambda: io.BytesIO(content), name)
    with ground.read() as session:
        return import_card(session, import_id)


def saved(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return where it is."""
    path = folder / name
    path.write_bytes(content)
    return path


def gias_row(urn: str) -> dict[str, str | int | None]:
    """Return a school as it is kept aside."""
    content = gias(school(urn))
    opened = OpenFile(lambda: io.BytesIO(content), GIAS_NAME)
    (portion,) = opened.portions()
    return dict(zip(staged_names(Source.SCHOOLS), portion.rows[0], strict=True))
