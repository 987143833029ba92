from __future__ import annotations

from datetime import date

from flask import Blueprint, g, render_template

from hub.web.site import site
from people.web.guard import public

pages = Blueprint("about", __name__)

_WHY = "says how the site is run; whoever reads it needs no account"


_REVIEWED_ON = date(2026, 11, 22)
"""When somebody last went through the accessibility statement and found it true."""


def _shown(template: str) -> str:
    return render_template(
        template,
        staff_frame=g.get("actor") is not None,
        contact_email=site().contact_email,
        reviewed_on=_REVIEWED_ON,
    )


@pages.get("/accessibility")
@public(_WHY)
def accessibility() -> str:
    """Show the accessibility statement, in the sections of the model statement for public-sector sites."""
    return _shown("about/accessibility.html")


@pages.get("/privacy")
@public(_WHY)
def privacy() -> str:
    """Say what is kept of people, why, how long, and what they can ask for."""
    return _shown("about/privacy.html")


@pages.get("/cookies")
@public(_WHY)
def cookies() -> str:
    """Say which cookies there are."""
    return _shown("about/cookies.html")


@pages.get("/contact")
@public(_WHY)
def contact() -> str:
    """Say how to reach whoever runs this, and where to turn when somebody is not safe."""
    return _shown("about/contact.html")
