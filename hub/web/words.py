from __future__ import annotations

import re

from flask import Flask
from markupsafe import Markup, escape

_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def linked(text: str) -> Markup:
    """Return a text safe for a page, with the web addresses in it as links."""
    parts: list[Markup] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a class="govuk-link" href="{0}" dir="ltr">{0}</a>').format(found[0]))
        end = found.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def install(app: Flask) -> None:
    """Give templates the filter `linked`."""
    app.jinja_env.filters["linked"] = linked
