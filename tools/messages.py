"""Bring the catalogues in step with the sentences in the code: python -m tools.messages."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from kernel.translation import LOCALES, SOURCE_LOCALE

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "locales"
TRANSLATED = tuple(locale for locale in LOCALES if locale != SOURCE_LOCALE)
_KEYWORDS = parse_keywords(
    ["say:1c,2", "_", "gettext", "ngettext:1,2", "pgettext:1c,2", "npgettext:1c,2,3"],
)
_NOTE = "translators:"
_WIDTH = 116


def packages() -> list[str]:
    """Return the hub's own packages, as the build knows them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return found


def extracted() -> Catalog:
    """Return every sentence that the code marks, in the order of packages, files and lines."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call] # Babel has not typed it
    found = Catalog()
    for package in packages():
        marked = extract_from_dir(ROOT / package, methods, options, _KEYWORDS, (_NOTE,), strip_comment_tags=True)
        for _file, _line, text, notes, context in marked:
            found.add(text, auto_comments=notes, context=context)
    return found


def path_of(locale: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def stored(locale: str) -> Catalog:
    """Return the catalogue of a language as it is kept; an empty one for a new language."""
    path = path_of(locale)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return read_po(io.StringIO(text), locale=locale, abort_invalid=True)


def refreshed(locale: str, sentences: Catalog) -> str:
    """Return the catalogue of a language with exactly these sentences.

    What is new or has changed in English is left empty, never guessed, and what is gone is left out. There are no
    dates, names or places in it, so that a change shows nothing but changed words.
    """
    catalogue = stored(locale)
    catalogue.update(sentences, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, catalogue, width=_WIDTH, no_location=True, omit_header=True, ignore_obsolete=True)
    return f"{_header(catalogue)}\n{written.getvalue().decode().strip()}\n"


def _header(catalogue: Catalog) -> str:
    facts = (
        f"Language: {catalogue.locale_identifier}",
        f"Plural-Forms: {catalogue.plural_forms}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    lines = "".join(f'"{fact}\\n"\n' for fact in facts)
    return f'# The hub in another language. docs/languages.md says how to change it.\nmsgid ""\nmsgstr ""\n{lines}'


def main() -> None:
    """Write all catalogues anew and say how many sentences each still lacks."""
    sentences = extracted()
    for locale in TRANSLATED:
        path = path_of(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(refreshed(locale, sentences), encoding="utf-8")
        empty = sum(1 for message in stored(locale) if message.id and not message.string)
        print(f"{locale}: {len(sentences)} sentences, {empty} without a translation")


if __name__ == "__main__":
    main()
