from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field

from kernel.errors import InvalidInputError


class PageForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A form of a page. Rules live in the actions; what they refuse is shown at the field it is about."""

    def show(self, error: InvalidInputError) -> None:
        """Show an action's refusal at its field, or at the first one where the form has no such field."""
        named: Field | None = self._fields.get(error.field)
        self.show_at(named or next(iter(self._fields.values())), str(error))

    def show_at(self, field: Field, sentence: str) -> None:
        """Show a sentence at one field."""
        field.errors = [*field.errors, sentence]
