from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = [
    path
    for package in ("hub", "surveys", "referrals", "qa_visits", "chatbot")
    for path in sorted((ROOT / package / "templates").rglob("*.html"))
    if path.name != "page.html"
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_cell_names_its_column_for_a_phone(path: Path) -> None:
    """A table becomes blocks on a phone, where a cell without the label of its column says nothing."""
    text = path.read_text()
    assert "<td" not in text, "use the macro cell"
    assert '<th scope="row"' not in text, "use the macro row_head"
