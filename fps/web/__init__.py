from __future__ import annotations

from flask import Blueprint


def blueprint() -> Blueprint:
    """Return the pages of the register.

    Staff's under /register, a provider's own under /my-settings and /my-applications, open ones under /directory and
    /joining.
    """
    pages = Blueprint("fps", "fps", template_folder="templates")
    parts: tuple[Blueprint, ...] = ()
    for part in parts:
        pages.register_blueprint(part)
    return pages
