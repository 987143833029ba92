from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response as Reply

from kernel.errors import ConflictError, InvalidInputError, TooLateError
from kernel.web import ground
from kernel.work import Work
from people.web.forms import PageForm

Answer = str | Reply | tuple[str, int]


@dataclass(frozen=True)
class FormPage:
    """A page with one form: what it is called, what stands above it, what its button says, where it leads back.

    `notes` are paragraphs before the form. `is_warning`: the button is red.
    """

    title: str
    caption: str
    button: str
    back: str
    notes: tuple[str, ...] = field(default=())
    is_warning: bool = False


def answer(page: FormPage, form: PageForm, act: Callable[[Work], object], said: str) -> Answer:
    """Show the form, or do in one transaction what it asks for, say so and lead back.

    What an action refuses is shown at its field, or at the first one.
    """
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                act(work)
        except InvalidInputError as error:
            form.show(error)
        except (ConflictError, TooLateError) as error:
            form.show_at(next(iter(form)), str(error))
        else:
            flash(said)
            return redirect(page.back, code=303)
    shown = render_template("fps/standing/form.html", form=form, page=page)
    return shown, 422 if form.is_submitted() else 200


def press(back: str, act: Callable[[Work], object], said: str) -> Reply:
    """Do what a single button asks for, say so or why not, and lead back."""
    try:
        with ground().work() as work:
            act(work)
    except (ConflictError, TooLateError, InvalidInputError) as error:
        flash(str(error), "refused")
    else:
        flash(said)
    return redirect(back, code=303)
