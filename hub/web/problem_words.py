from __future__ import annotations

from dataclasses import dataclass

from kernel.translation import Phrase, say


@dataclass(frozen=True)
class Wording:
    """What an error page says.

    Its heading; the line below it where the error brings no sentence of its own; and the next step, for families in
    their language and for staff and providers in plain English.
    """

    heading: Phrase
    line: Phrase
    step: Phrase
    staff_step: str


_OUR_LINK = say("errors.step", "Open the link in our latest message to you.")
_AGAIN = say("errors.step", "Go back, reload the page and try again.")
_LATER = say("errors.step", "You need not do anything else. Your link still works.")

_WORDINGS: dict[int, Wording] = {
    400: Wording(
        say("errors.page", "That did not work"),
        say("errors.page", "Nothing was changed."),
        _AGAIN,
        "Go back, reload the page and try again. If you were signed out meanwhile, sign in first.",
    ),
    403: Wording(
        say("errors.page", "You cannot see this page"),
        say("errors.page", "You do not have permission to do this."),
        _OUR_LINK,
        "If you need it for your work, ask your council's administrator and quote the number below.",
    ),
    404: Wording(
        say("errors.page", "Page not found"),
        say("errors.page", "Check that the address is right, and that you copied all of it."),
        _OUR_LINK,
        "It may be another organisation's, or gone. Look for it by its name or its reference.",
    ),
    405: Wording(
        say("errors.page", "This page cannot do that"),
        say("errors.page", "Nothing was changed."),
        say("errors.step", "Go back and use the buttons on the page."),
        "Go back and use the buttons on the page.",
    ),
    409: Wording(
        say("errors.page", "Something has changed"),
        say("errors.page", "Somebody else was there first."),
        _AGAIN,
        "Go back and look at it again.",
    ),
    410: Wording(
        say("errors.page", "This is no longer open"),
        say("errors.page", "The time for it has passed."),
        say("errors.step", "If you still want to tell us something, answer our latest message."),
        "Whoever sent it to you can tell you what now holds.",
    ),
    413: Wording(
        say("errors.page", "That is too long"),
        say("errors.page", "Nothing was changed."),
        say("errors.step", "Go back, write a shorter text or choose a smaller file, then send it again."),
        "Go back, write a shorter text or choose a smaller file, then send it again.",
    ),
    422: Wording(
        say("errors.page", "There is a problem with what you entered"),
        say("errors.page", "Nothing was changed."),
        say("errors.step", "Go back and check it."),
        "Go back and check it.",
    ),
    429: Wording(
        say("errors.page", "Too many tries"),
        say("errors.page", "You have tried too often."),
        say("errors.step", "Wait for a few minutes, then try again."),
        "Wait for a few minutes, then try again.",
    ),
    500: Wording(
        say("errors.page", "Sorry, there is a problem with the service"),
        say("errors.page", "Try again later. Nothing that you sent before has been lost."),
        _LATER,
        "Try again in a few minutes. If it happens again, tell your administrator the number below.",
    ),
    503: Wording(
        say("errors.page", "Sorry, the service is not available"),
        say("errors.page", "Try again in a few minutes. Nothing that you sent before has been lost."),
        _LATER,
        "Try again in a few minutes.",
    ),
}

HOME = say("errors.page", "Go to the start page")
SEARCH = "Search"
GO_ON = say("errors.page", "Go on where you were, with a code to your phone")

_SERVER_ERROR, _NOT_FOUND = 500, 404


def wording(status: int) -> Wording:
    """Return what the page of a status says; statuses without words of their own borrow the nearest."""
    return _WORDINGS.get(status) or _WORDINGS[_SERVER_ERROR if status >= _SERVER_ERROR else _NOT_FOUND]
