from __future__ import annotations

from kernel.translation import Phrase, say

_NOT_FOUND = say("errors.not_found", "We could not find that page.")
_FORBIDDEN = say("errors.forbidden", "You do not have permission to do this.")


class HubError(Exception):
    """The root of every error that a person may be told of.

    `sentence` says what happened and what to do, as a phrase of the catalogue or in plain English; `values`
    fill its {placeholders}. `status` is the HTTP status under which the web shows it. Nothing in an
    error identifies a person.
    """

    status = 500
    code = "error"

    def __init__(self, sentence: Phrase | str, **values: object) -> None:
        super().__init__(sentence.text if isinstance(sentence, Phrase) else sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        """Return the English sentence with its values."""
        text = self.sentence.text if isinstance(self.sentence, Phrase) else self.sentence
        return text.format(**self.values)


class InvalidInputError(HubError):
    """What was entered cannot be used; `field` names where."""

    status = 422
    code = "invalid_input"

    def __init__(self, field: str, sentence: Phrase | str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


class NotFoundError(HubError):
    """There is nothing there, or nothing that this actor may know of: the two look alike."""

    status = 404
    code = "not_found"

    def __init__(
        self,
        sentence: Phrase | str = _NOT_FOUND,
        **values: object,
    ) -> None:
        super().__init__(sentence, **values)


class ForbiddenError(HubError):
    """The actor's roles do not allow it."""

    status = 403
    code = "forbidden"

    def __init__(
        self,
        sentence: Phrase | str = _FORBIDDEN,
        **values: object,
    ) -> None:
        super().__init__(sentence, **values)


class ConflictError(HubError):
    """Somebody or something else was first; the sentence says what now holds."""

    status = 409
    code = "conflict"


class TooLateError(HubError):
    """The time for it has passed."""

    status = 410
    code = "too_late"


class TooManyError(HubError):
    """Asked too often; try again later."""

    status = 429
    code = "too_many"


class ConfigurationError(HubError):
    """A setting is missing or contradicts another; the sentence names it and what to set."""

    status = 500
    code = "configuration"


class CalendarRangeError(HubError):
    """The bank holidays of that year are not known yet."""

    status = 422
    code = "calendar_range"
