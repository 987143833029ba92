from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "hub/templates"
FAMILY = ("base.html", "family.html", "sandbox_notice.html", "errors/problem.html")
"""The templates of which families see every word; the others are English."""
PHRASES = ("hub/web/problems.py", "hub/web/limits.py", "hub/messages.py", "kernel/errors.py", "people/queries.py")


def _said() -> set[tuple[str | None, str]]:
    """Return every sentence of the shell that a family may read: its context and the English of it."""
    found: set[tuple[str | None, str]] = set()
    for name in PHRASES:
        source = BytesIO((ROOT / name).read_bytes())
        for _, text, _, context in extract("python", source, {"say": ((1, "c"), 2)}):
            found.add((context, text if isinstance(text, str) else text[-1]))
    for name in FAMILY:
        source = BytesIO((TEMPLATES / name).read_bytes())
        for _, text, _, context in extract(
            "jinja2.ext:babel_extract", source, {"_": None}, options={"trimmed": "true"}
        ):
            found.add((context, text if isinstance(text, str) else text[0]))
    return found


@pytest.fixture(params=["pl", "ur"])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path = ROOT / "locales" / request.param / "LC_MESSAGES" / "messages.po"
    return read_po(BytesIO(path.read_bytes()), locale=request.param, abort_invalid=True)


def test_finds_the_sentences() -> None:
    said = _said()
    assert (None, "Skip to main content") in said
    assert ("errors.page", "Page not found") in said
    assert any(context == "hub.sign_in.text" for context, _ in said)


def test_every_sentence_that_a_family_may_read_is_translated(catalogue: Catalog) -> None:
    missing = [said for said in _said() if not ((found := catalogue.get(said[1], said[0])) and found.string)]
    assert missing == []
