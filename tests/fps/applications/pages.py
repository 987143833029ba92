"""What tests of pages need: a browser that somebody has signed in with, and what a page says."""

from __future__ import annotations

import html
import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from people.model import Actor
from tests.signed_in import let_in


def browser(app: Flask, actor: Actor) -> FlaskClient:
    """Return a browser in which the actor is signed in."""
    client = app.test_client()
    let_in(client, actor.id)
    return client


def words(page: TestResponse) -> str:
    """Return what a page says, without its tags."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
