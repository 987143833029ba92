from __future__ import annotations

from kernel.errors import InvalidInputError


def check_text(field: str, written: str, *, longest: int) -> str:
    """Return a name or place, trimmed; raises InvalidInputError where it is missing or too long."""
    text = " ".join(written.split())
    if not text:
        raise InvalidInputError(field, "Enter this. It stands on the register.")
    if len(text) > longest:
        raise InvalidInputError(field, "Write at most {longest} characters.", longest=longest)
    return text
