from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = ("en", "pl", "ur")
SOURCE_LOCALE = "en"


@dataclass(frozen=True)
class Phrase:
    """One English sentence of the catalogue. `context` tells equal sentences apart (gettext's msgctxt)."""

    context: str
    text: str


def say(context: str, text: str) -> Phrase:
    """Mark a sentence for the catalogue (Babel keyword `say:1c,2`); both arguments are literals."""
    return Phrase(context, text)


@lru_cache(maxsize=32)
def is_rtl(locale: str) -> bool:
    """Tell whether the language is written from right to left."""
    return Locale.parse(locale).text_direction == "rtl"


@lru_cache(maxsize=32)
def _catalogue(directory: Path, locale: str) -> NullTranslations:
    path = directory / locale / "LC_MESSAGES" / "messages.po"
    if locale == SOURCE_LOCALE or not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@dataclass(frozen=True)
class Translations:
    """The catalogues in `directory`/<locale>/LC_MESSAGES/messages.po, read once each when first asked for."""

    directory: Path

    def catalogue(self, locale: str) -> NullTranslations:
        """Return the gettext catalogue of a locale; an unknown locale gets the English source."""
        return _catalogue(self.directory, locale if locale in LOCALES else SOURCE_LOCALE)

    def has(self, phrase: Phrase, locale: str) -> bool:
        """Tell whether the phrase is translated into the locale (English always is)."""
        if locale == SOURCE_LOCALE:
            return True
        return self._translated(phrase, locale) != phrase.text

    def template(self, phrase: Phrase, locale: str) -> str:
        """Return the phrase in the locale with its {placeholders} unfilled; English where untranslated."""
        return self._translated(phrase, locale)

    def phrase(self, phrase: Phrase, locale: str, **values: object) -> str:
        """Return the phrase in the locale with its {placeholders} filled.

        Raises KeyError where a value is missing.
        """
        return self._translated(phrase, locale).format(**values)

    def _translated(self, phrase: Phrase, locale: str) -> str:
        return self.catalogue(locale).pgettext(phrase.context, phrase.text)
