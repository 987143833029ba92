"""The copy of everything held about a person (subject access): what a person has read, as a ZIP, made while it is sent.

Docs: docs/rights.md, "The copy". Nothing of it is ever written to a disk of ours.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from markupsafe import escape
from sqlalchemy.orm import Session

from hub.personal_data import sections
from people.personal_data import Record, Value
from people.rights.model import LeaveOut, RecordDecision

SCHEMA = "co-production-hub/subject-access/1"
REASONS: dict[LeaveOut, str] = {
    LeaveOut.OTHER_PERSON: "it is about somebody else",
    LeaveOut.SERIOUS_HARM: "somebody could come to serious harm",
    LeaveOut.LEGAL: "the law lets us keep it back",
    LeaveOut.NO_HARM: "nobody comes to harm by it",
}
UNDECIDED = "a safeguarding concern about which nobody has decided yet"
_STYLE = (
    "body{font:16px/1.5 Arial,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}"
    "th,td{border:1px solid #6b7276;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{width:30%;font-weight:bold}.quiet{color:#484d50}"
    "@media print{body{margin:0;max-width:none;font-size:11pt}table{break-inside:avoid}}"
)


@dataclass(frozen=True)
class Held:
    """What one council holds of a person; another council's records are not in it (V11)."""

    person_id: str
    council_id: str


@dataclass(frozen=True)
class About:
    """What stands at the head of a copy."""

    request_id: str
    council: str
    received_on: date
    made_at: datetime


@dataclass(frozen=True)
class Shown:
    """A record as it would be given out, or why it is left out. `is_first` begins a section."""

    record: Record
    title: str
    source: str
    note: str
    left_out: str
    is_first: bool


def records(session: Session, of: Held, decisions: Mapping[str, RecordDecision]) -> Iterator[Shown]:
    """Return every record that a council answers for in order, each with why it is left out, if it is.

    A record of a safeguarding concern is left out until somebody has decided that nobody comes to serious harm.
    """
    for section in sections(session, of.person_id, of.council_id):
        is_first = True
        for record in section.records:
            why = left_out(record, decisions.get(record.key))
            yield Shown(record, section.title, section.source, section.note, why, is_first)
            is_first = False


def left_out(record: Record, decision: RecordDecision | None) -> str:
    """Say why a record is not given out; empty if it is."""
    if decision is not None:
        return "" if decision.is_released else REASONS[decision.reason]
    return UNDECIDED if record.concern else ""


def digest_of(session: Session, of: Held, decisions: Mapping[str, RecordDecision]) -> str:
    """Return a digest of all that would be given out: it changes when anything comes in after a person has read it."""
    found = hashlib.sha256()
    for shown in records(session, of, decisions):
        found.update(repr((shown.record.key, shown.left_out, [] if shown.left_out else _plain(shown.record))).encode())
    return found.hexdigest()


def zipped(session: Session, of: Held, decisions: Mapping[str, RecordDecision], about: About) -> Iterator[bytes]:
    """Make the ZIP bit by bit: data.json for machines, data.html for people (print it for a PDF), and attachments."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, parts in (("data.json", _json), ("data.html", _html)):
            with archive.open(_entry(name, about), "w") as file:
                for part in parts(records(session, of, decisions), about):
                    file.write(part.encode())
                    yield sink.take()
        for name, content in _attachments(records(session, of, decisions)):
            archive.writestr(_entry(name, about), content)
            yield sink.take()
    yield sink.take()


class _Sink:
    """A file without an end to seek to: what is written is taken away at once."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is no disk."""

    def close(self) -> None:
        """Do nothing, for the same reason."""

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = bytes(self._held)
        self._held.clear()
        return taken


def _entry(name: str, about: About) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, about.made_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _plain(record: Record) -> list[tuple[str, Any]]:
    return [(label, _value(value)) for label, value in record.fields]


def _value(value: Value) -> Any:  # noqa: ANN401 - plain JSON
    return value.isoformat() if isinstance(value, date | time) else value


def _json(shown: Iterator[Shown], about: About) -> Iterator[str]:
    head = {
        "schema": SCHEMA,
        "request": about.request_id,
        "council": about.council,
        "received_on": about.received_on.isoformat(),
        "made_at": about.made_at.isoformat(),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "sections": ['
    opened = False
    for each in shown:
        if each.is_first:
            named = {"title": each.title, "source": each.source, "note": each.note}
            yield ("]}, " if opened else "") + json.dumps(named, ensure_ascii=False)[:-1] + ', "records": ['
        told = {"left_out": each.left_out} if each.left_out else {"fields": dict(_plain(each.record))}
        line = json.dumps({"key": each.record.key, **told}, ensure_ascii=False, default=str)
        yield ("\n" if each.is_first else ",\n") + line
        opened = True
    yield "]}]}" if opened else "]}"


def _html(shown: Iterator[Shown], about: About) -> Iterator[str]:
    title = f"What {about.council} holds about you on this service"
    yield (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>You asked on {about.received_on:%d %B %Y}. This copy was made on {about.made_at:%d %B %Y}. "
        f'To keep it on paper or as a PDF, print this page.</p><p class="quiet">Request {escape(about.request_id)}</p>'
    )
    for each in shown:
        if each.is_first:
            note = f"<p>{escape(each.note)}</p>" if each.note else ""
            yield f"<h2>{escape(each.title)}</h2>{note}"
        if each.left_out:
            yield f'<p class="quiet">One record is left out: {escape(each.left_out)}.</p>'
        else:
            cells = (f'<tr><th scope="row">{escape(k)}</th><td>{_words(v)}</td></tr>' for k, v in each.record.fields)
            yield f"<table>{''.join(cells)}</table>"
    yield "</body></html>"


def _words(value: Value) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, datetime):
        return f"{value:%d %B %Y, %H:%M} UTC"
    if isinstance(value, dict):
        return "<br>".join(f"{escape(name)}: {escape(found)}" for name, found in value.items())
    return str(escape(_value(value)))


def _attachments(shown: Iterator[Shown]) -> Iterator[tuple[str, str]]:
    """Return the files that went out with messages, named by message."""
    for each in shown:
        held = [value for label, value in each.record.fields if label == "Attachments" and isinstance(value, list)]
        for number, file in enumerate(held[0] if held and not each.left_out else [], 1):
            message = each.record.key.rpartition(":")[2]
            safe = "".join(sign if sign.isalnum() or sign in "-._" else "_" for sign in str(file["name"]))
            yield f"attachments/{message}-{number}-{safe}", str(file["content"])
