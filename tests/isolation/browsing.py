"""Browsers for everybody, forms as they stand on pages, and what may be told from an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from pypdf import PdfReader
from pypdf.errors import PdfReadError
from werkzeug.test import TestResponse

from tests.signed_in import let_in

UNKNOWN = "01unknown00000000000000000"
Data = dict[str, list[str]]
_RAW = "0123456789abcdef" * 2
_FRESH = re.compile(
    r'name="csrf_token"[^>]*>|quote (?:<bdi[^>]*>)?[0-9a-z]{26}|"instance": ?"[^"]*"'
    r"|[A-Za-z0-9_-]{30,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{20,}"
)
_WORDS = "Some words that somebody has written here."
_DATE = ("9", "12", "2026")
_ENTERED = {
    "email": "someone.new@example.org",
    "number": "1",
    "tel": "07700 900123",
    "time": "09:30",
    "date": "2026-12-09",
}


@dataclass(frozen=True)
class Browser:
    """A browser in which somebody is signed in, or nobody, with a form token that holds."""

    client: FlaskClient
    token: str

    def get(self, path: str) -> TestResponse:
        """Ask for a page, and read it to its end, for some are written while they are read."""
        answer = self.client.get(path)
        answer.get_data()
        return answer

    def post(self, path: str, data: Mapping[str, list[str]]) -> TestResponse:
        """Send a form."""
        return self.client.post(path, data={**data, "csrf_token": [self.token]})


def open_browser(app: Flask, person_id: str | None) -> Browser:
    """Return a browser of somebody, or of nobody."""
    client = app.test_client()
    if person_id is not None:
        let_in(client, person_id)
    with client.session_transaction() as session:
        session["csrf_token"] = _RAW
    signer = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")
    return Browser(client, str(signer.dumps(_RAW)))


def words_of(answer: TestResponse) -> str:
    """Return the words of an answer; of a PDF or a Word document those that its reader sees."""
    content = answer.get_data()
    if content.startswith(b"%PDF"):
        try:
            return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        except PdfReadError:  # a file that somebody of a test handed in, a PDF by its first line alone
            return content.decode(errors="replace")
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as parts:
            return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return content.decode(errors="replace")


def told(answer: TestResponse, *asked: str) -> tuple[int, str, str]:
    """Return what an answer says, but for the ids that were asked for and for what is new in every answer."""
    where, text = answer.headers.get("Location", ""), _FRESH.sub("", words_of(answer))
    for each in asked:
        where, text = where.replace(each, "ID"), text.replace(each, "ID")
    return answer.status_code, where, text


@dataclass
class SeenForm:
    """A form that posts, as it stands on a page: where it goes, and each field with what may be entered."""

    action: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self) -> Data:
        """Return the form with something entered everywhere."""
        data: Data = {}
        for name, kind, value in self.fields:
            place = len(data.get(name, ()))
            data.setdefault(name, []).append(_entry(kind, value, place, self._parts(name)))
        for name, values in self.choices.items():
            data[name] = [next((value for value in values if value), "")]
        data.pop("csrf_token", None)
        return data

    def _parts(self, name: str) -> int:
        return sum(each == name for each, _, _ in self.fields)


def _entry(kind: str, value: str, place: int, parts: int) -> str:
    if parts == len(_DATE):
        return _DATE[place]
    if kind == "textarea":
        return value or _WORDS
    return value or _ENTERED.get(kind, "" if kind == "hidden" else _WORDS)


class _Forms(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._form: SeenForm | None = None
        self._select = ""
        self.found: list[SeenForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = SeenForm(given.get("action") or self._path)
            if given.get("method", "get").lower() == "post":
                self.found.append(self._form)
        elif self._form is not None:
            self._field(tag, given, self._form)

    def _field(self, tag: str, given: Mapping[str, str], form: SeenForm) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "option":
            form.choices.setdefault(self._select, []).append(value)
        elif name and given.get("type") in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(value)
        elif name and tag in ("textarea", "input", "button"):
            form.fields.append((name, "textarea" if tag == "textarea" else given.get("type", "text"), value))


def forms_on(page: TestResponse, path: str) -> Iterator[SeenForm]:
    """Return the forms of a page that post."""
    if page.mimetype == "text/html":
        reader = _Forms(path)
        reader.feed(page.get_data(as_text=True))
        yield from reader.found
