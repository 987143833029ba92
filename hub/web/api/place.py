from __future__ import annotations

from flask import request

PREFIX = "/api/v1"
BLUEPRINT = "api"


def is_api() -> bool:
    """Tell whether a program asks the API: it is answered in its own form, in English, and never by a cookie."""
    return request.path.startswith(f"{PREFIX}/")
