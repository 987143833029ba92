from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, g
from sqlalchemy.orm import Session

from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.model import Actor
from people.web.guard import public

pages = Blueprint("branding", __name__)

EXTENSION = "branding"
DEFAULT_COLOUR = "#0b5a55"
LEAST_CONTRAST = 4.5
"""What WCAG 2.2 AA asks of text; white text stands on the colour."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_A_YEAR_S = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Branding:
    """How the hub presents itself: its name, the colour behind white text, and whose it is, where that is said."""

    name: str = "Co-production Hub"
    colour: str = DEFAULT_COLOUR
    council: str = ""


OwnBranding = Callable[[Session, str], Branding | None]
"""Reads the branding of an organisation's own council, by the organisation's id; None where it has none."""


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio (WCAG 2.2) of white text on a colour such as #0b5a55."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def _linear(channel: float) -> float:
    # the thresholds and exponents of sRGB, as WCAG writes them
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - see above


def checked_colour(written: str) -> str:
    """Return a colour as it is kept, such as #0b5a55.

    Raises InvalidInputError for what is no colour, and where white text cannot be read on it.
    """
    colour = written.strip().lower()
    if not colour.startswith("#"):
        colour = f"#{colour}"
    if not _COLOUR.fullmatch(colour):
        raise InvalidInputError("colour", "Enter a colour as # and six letters or digits, like #0b5a55.")
    contrast = contrast_with_white(colour)
    if contrast < LEAST_CONTRAST:
        raise InvalidInputError(
            "colour",
            "White text cannot be read well on {colour}: the contrast is {contrast}, and 4.5 is needed. "
            "Choose a darker colour.",
            colour=colour,
            contrast=f"{contrast:.1f}",
        )
    return colour


def branding() -> Branding:
    """Return how the page being made presents itself; once a request.

    Views for families may set `flask.g.branded_as` to the organisation whose link was followed; on staff pages it is
    that of the first role of whoever is signed in. Where that council has no branding of its own, the settings hold.
    """
    if "branding" not in g:
        g.branding = _find_branding()
    found: Branding = g.branding
    return found


def settle_for_settings() -> None:
    """Present the page being made as the settings say, without asking the database: it may be what is broken."""
    g.setdefault("branding", _told()[0])


def _find_branding() -> Branding:
    told, own = _told()
    actor: Actor | None = g.get("actor")
    organisation_id = g.get("branded_as") or (actor.roles[0].organisation_id if actor and actor.roles else None)
    if own is None or organisation_id is None:
        return told
    with ground().read() as session:
        return own(session, organisation_id) or told


def _told() -> tuple[Branding, OwnBranding | None]:
    told: tuple[Branding, OwnBranding | None] = current_app.extensions[EXTENSION]
    return told


@pages.get("/branding/<colour>.css")
@public("a style sheet with one colour in it")
def styles(colour: str) -> Response:
    """Hand out the style sheet of a colour. Its address changes with it, so that browsers may keep it for a year."""
    if not _COLOUR.fullmatch(f"#{colour}") or contrast_with_white(f"#{colour}") < LEAST_CONTRAST:
        raise NotFoundError
    css = f":root{{--govuk-brand-colour:#{colour};--hub-header:#{colour}}}\n"
    return Response(css, mimetype="text/css", headers={"Cache-Control": f"public, max-age={_A_YEAR_S}, immutable"})


def install(app: Flask, told: Branding, own: OwnBranding | None) -> None:
    """Give templates `brand`, and keep the branding of the settings with the application."""
    app.extensions[EXTENSION] = (told, own)
    app.context_processor(lambda: {"brand": branding()})
