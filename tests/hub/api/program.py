"""A program that asks the API, as tests write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Program:
    """A program with a token, or with none."""

    client: FlaskClient
    token: str | None

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask once; `path` comes after the prefix."""
        shown = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.get(f"/api/v1{path}", headers={**shown, **headers})

    def read(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Ask once and return what is answered; it must be found."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def every(self, path: str) -> Iterator[Any]:
        """Return all items of a list, page after page."""
        page = self.read(path)
        yield from page["items"]
        while page.get("next"):
            page = self.read(page["next"].removeprefix("/api/v1"))
            yield from page["items"]


def program(app: Flask, token: str | None) -> Program:
    """Return a program that shows this token."""
    return Program(app.test_client(), token)
