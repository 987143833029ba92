from __future__ import annotations

from flask import Blueprint

from surveys.web import answering, starting, surveys


def blueprint() -> Blueprint:
    """Return the pages of surveys: for forum coordinators, and for families with a link."""
    pages = Blueprint("surveys", "surveys", template_folder="templates")
    for part in (surveys, starting, answering):
        pages.register_blueprint(part.pages)
    return pages
