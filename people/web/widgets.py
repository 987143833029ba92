from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovDateInput
from wtforms import Field


class DayInput(GovDateInput):  # type: ignore[misc]  # govuk_frontend_wtf has no types
    """Day, month and year; a request without exactly these three is shown with what it has of them."""

    def map_gov_params(self, field: Field, **kwargs: object) -> dict[str, object]:
        """Give the widget the three parts that it counts on."""
        if field.raw_data is not None:
            field.raw_data = [*field.raw_data, "", "", ""][:3]
        params: dict[str, object] = super().map_gov_params(field, **kwargs)
        return params


class CountedText(GovCharacterCount):  # type: ignore[misc]  # govuk_frontend_wtf has no types
    """A text of several lines that counts what is left of `longest` characters."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self._longest = longest

    def map_gov_params(self, field: Field, **kwargs: object) -> dict[str, object]:
        """Tell the counter where it ends."""
        params: dict[str, object] = super().map_gov_params(field, **kwargs)
        return {**params, "maxlength": self._longest}
