from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from chatbot.model import Asking, Explanation, Term
from chatbot.rules import Reader
from kernel.translation import LOCALES, SOURCE_LOCALE


def explain(key: str, language: str) -> Explanation:
    """Return what a term means; English for a language that has no explanations. Raises KeyError for no term."""
    return explanations(language if language in LOCALES else SOURCE_LOCALE)[key]


@cache
def explanations(language: str) -> dict[str, Explanation]:
    """Return all explanations in one language, by the key of the term."""
    return {key: Explanation(entry["title"], entry["short"], entry["answer"]) for key, entry in _read(language).items()}


@cache
def terms() -> tuple[Term, ...]:
    """Return all terms with their names in every language; both halves of a title count: "IPA (individual ...)"."""
    return tuple(
        Term(key, (*entry["names"], *_names_in_all_languages(key)), tuple(entry.get("everyday", ())))
        for key, entry in _read("terms").items()
    )


def _names_in_all_languages(key: str) -> list[str]:
    entries = [_read(language)[key] for language in LOCALES]
    titles = [half for entry in entries for half in entry["title"].rstrip(")").split(" (")]
    return titles + [name for entry in entries for name in entry.get("names", ())]


@cache
def reader() -> Reader:
    """Return the reader of questions, made once from the files of this room."""
    asking = [_asking(language, entry) for language, entry in _read("asking").items()]
    return Reader(terms(), asking)


def _asking(language: str, entry: dict[str, Any]) -> Asking:
    return Asking(
        language=language,
        frames=tuple(entry["frames"]),
        about_it=tuple(entry["about_it"]),
        polite=entry["polite"],
        before=entry["before"],
        then=entry["then"],
        thanks=entry["thanks"],
        beside_thanks=entry["beside_thanks"],
        greetings=entry["greetings"],
        help=tuple(entry["help"]),
    )


@cache
def _read(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("chatbot.knowledge").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
