from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime

from channels.model import ButtonShown, Rendered
from channels.rules.direction import begin_on_the_right
from channels.rules.segments import for_sms
from channels.wording import Button, Kind, MessageType
from kernel.calendar import LONDON
from kernel.keys import Keys
from kernel.translation import Phrase, Translations, is_rtl
from people.actions.issue_grant import token_of
from people.codes import codes_of


@lru_cache(maxsize=4096)
def _date(value: str, locale: str) -> str:
    return format_date(date.fromisoformat(value), "EEEE d MMMM y", locale=locale)


@lru_cache(maxsize=4096)
def _moment(value: str, locale: str) -> str:
    local = datetime.fromisoformat(value).astimezone(LONDON)
    return format_datetime(local, "EEEE d MMMM y, HH:mm", locale=locale, tzinfo=LONDON)


@dataclass(frozen=True)
class Renderer:
    """Writes a message in one language. It alone turns the id of a grant into its link, and that of a code into it."""

    translations: Translations
    base_url: str
    keys: Keys

    def render(self, message_type: MessageType, values: Mapping[str, Any], locale: str) -> Rendered:
        """Return the message with all its values written for the locale; raises KeyError if one is missing."""
        shown = {name: self._write(kind, values[name], locale) for name, kind in message_type.values.items()}
        return Rendered(
            title=self._say(message_type.title, locale, shown),
            text=self._say(message_type.text, locale, shown),
            short=for_sms(self._say(message_type.short, locale, shown), locale),
            buttons=tuple(self._button(button, values, locale) for button in message_type.buttons),
        )

    def _say(self, phrase: Phrase, locale: str, shown: Mapping[str, str]) -> str:
        said = self.translations.phrase(phrase, locale, **shown)
        return begin_on_the_right(said) if is_rtl(locale) else said

    def _write(self, kind: Kind, value: Any, locale: str) -> str:  # noqa: ANN401 - JSON values
        writers: dict[Kind, Callable[[], str]] = {
            Kind.TEXT: lambda: str(value),
            Kind.COUNT: lambda: str(value),
            Kind.DATE: lambda: _date(value, locale),
            Kind.MOMENT: lambda: _moment(value, locale),
            Kind.LINK: lambda: self.base_url + value,
            Kind.GRANT: lambda: f"{self.base_url}/l/{token_of(self.keys, value)}",
            Kind.CODE: lambda: codes_of(self.keys, value)[0],
            Kind.LINES: lambda: "\n".join(value),
            Kind.CHOICES: lambda: "",
        }
        return writers[kind]()

    def _button(self, button: Button, values: Mapping[str, Any], locale: str) -> ButtonShown:
        phrase = self.translations.phrase
        form = button.form
        drawn: dict[str, object] | None = None
        if form is not None:
            drawn = {
                "action": form.action,
                "title": phrase(form.title, locale),
                "fields": [
                    {
                        "name": field.name,
                        "label": phrase(field.label, locale),
                        "kind": field.kind,
                        "choices": values[field.choices_from]
                        if field.choices_from
                        else [[choice, phrase(words, locale)] for choice, words in field.choices],
                    }
                    for field in form.fields
                ],
            }
        return ButtonShown(button.action, phrase(button.label, locale), str(values[button.value]), drawn)
