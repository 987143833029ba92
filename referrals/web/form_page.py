from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response as Reply

from kernel.errors import ConflictError, InvalidInputError
from kernel.web import ground
from kernel.work import Work
from people.web.forms import PageForm

Answer = str | Reply | tuple[str, int]


@dataclass(frozen=True)
class FormPage:
    """A page with one form: what it is called, what stands above it, what its button says, where it leads back to.

    `then` is where it leads once it is done, `back` if that is None. `notes` are paragraphs before the form.
    `is_warning`: the button is red.
    """

    title: str
    caption: str
    button: str
    back: str
    back_words: str
    then: str | None = None
    notes: tuple[str, ...] = field(default=())
    is_warning: bool = False


def answer(page: FormPage, form: PageForm, act: Callable[[Work], object], said: str = "") -> Answer:
    """Show the form, or do in one transaction what it asks for, say so and lead on.

    What an action refuses is shown at its field, or at the first one.
    """
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                act(work)
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(next(iter(form)), str(error))
        else:
            if said:
                flash(said)
            return redirect(page.then or page.back, code=303)
    shown = render_template("referrals/preparing/form.html", form=form, page=page)
    return shown, 422 if form.is_submitted() else 200
