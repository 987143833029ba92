from __future__ import annotations

from collections.abc import Iterable

from wtforms.fields.choices import SelectChoice


def options(pairs: Iterable[tuple[str, str]], *, first: str | None = None) -> list[SelectChoice]:
    """Return (value, words) as what a field offers; `first` stands before them and chooses nothing."""
    before = [SelectChoice("", first)] if first is not None else []
    return [*before, *(SelectChoice(value, words) for value, words in pairs)]
