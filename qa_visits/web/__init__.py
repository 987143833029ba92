from __future__ import annotations

from flask import Blueprint

from qa_visits.web import answering, figures, improvement_actions, own_actions, proposing, term_dates, visits


def blueprint() -> Blueprint:
    """Return the pages of QA visits and improvement actions, for councils and for providers."""
    pages = Blueprint("qa_visits", "qa_visits", template_folder="templates")
    for part in (visits, proposing, answering, term_dates, figures, improvement_actions, own_actions):
        pages.register_blueprint(part.pages)
    return pages
