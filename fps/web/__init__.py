from __future__ import annotations

from flask import Blueprint

from fps.web import directory, framework_editing, framework_lots, frameworks, own_profile, places


def blueprint() -> Blueprint:
    """Return the pages of the register.

    Staff's under /register, a provider's own under /my-settings and /my-applications, open ones under /directory and
    /joining.
    """
    pages = Blueprint("fps", "fps", template_folder="templates")
    parts: tuple[Blueprint, ...] = (
        directory.pages,
        frameworks.pages,
        framework_editing.pages,
        framework_lots.pages,
        places.pages,
        own_profile.pages,
    )
    for part in parts:
        pages.register_blueprint(part)
    return pages
