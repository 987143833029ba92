from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovTextArea, GovTextInput
from wtforms import DateField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from people.web.widgets import DayInput


def day_field(label: str, *, hint: str, missing: str | None) -> DateField:
    """Return a field for a day; `missing` is what it says when it is left empty, None where it may be."""
    return DateField(
        label,
        format="%d %m %Y",
        description=hint,
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        validators=[InputRequired(missing) if missing else Optional()],
    )


def line_field(label: str, longest: int, *, missing: str | None = None, hint: str = "") -> StringField:
    """Return a field for one line; `missing` is what it says when it is left empty, None where it may be."""
    return StringField(
        label,
        description=hint,
        widget=GovTextInput(),
        validators=[InputRequired(missing) if missing else Optional(), Length(max=longest)],
    )


def text_field(label: str, longest: int, *, missing: str | None = None, hint: str = "") -> TextAreaField:
    """Return a field for several lines; `missing` is what it says when it is left empty, None where it may be."""
    return TextAreaField(
        label,
        description=hint,
        widget=GovTextArea(),
        validators=[InputRequired(missing) if missing else Optional(), Length(max=longest)],
    )


def ticks_field(label: str, words: Mapping[str, str], *, hint: str = "") -> SelectMultipleField:
    """Return a field of boxes to tick; what must be ticked is the actions' matter."""
    return SelectMultipleField(
        label,
        description=hint,
        choices=[SelectChoice(str(value), text[0].upper() + text[1:]) for value, text in words.items()],
        widget=GovCheckboxesInput(),
    )


def lines(text: str | None) -> tuple[str, ...]:
    """Return what was written line by line, without empty lines."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def parsed_day(written: str) -> date | None:
    """Return the day that an address asks for as 23 11 2026, 23/11/2026 or 2026-11-23; None for anything else."""
    parts = written.replace("/", " ").replace("-", " ").split()
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004 - day, month, year
        return None
    first, month, last = (int(part) for part in parts)
    year, day = (first, last) if len(parts[0]) == 4 else (last, first)  # noqa: PLR2004 - a year has four digits
    try:
        return date(year, month, day)
    except ValueError:
        return None
