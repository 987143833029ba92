from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, g, request, session

from hub.web.programs import is_api
from kernel.translation import LOCALES, SOURCE_LOCALE, is_rtl
from kernel.web import ground

_CHOSEN = "language"
_ASKED = "lang"


@dataclass(frozen=True)
class LanguageLink:
    """One language of the switch on family pages: its own name for itself and the page's address in it."""

    code: str
    name: str
    direction: str
    url: str


def page_language() -> str:
    """Return the language of the page being made.

    On family pages the reader's own choice on the switch comes first, then the language that the view found out
    (`flask.g.language`: that of the person a link was sent to), then the browser's. Staff pages are English.
    """
    if is_api():
        return SOURCE_LOCALE
    known: str | None = g.get("language")
    if known is None and g.get("actor") is not None:
        return SOURCE_LOCALE
    for code in (session.get(_CHOSEN), known):
        if code in LOCALES:
            return str(code)
    return request.accept_languages.best_match(LOCALES, default=SOURCE_LOCALE)


def _note_choice() -> None:
    code = request.args.get(_ASKED)
    if code in LOCALES and not is_api():
        session[_CHOSEN] = code


def _links() -> list[LanguageLink]:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != _ASKED]
    return [
        LanguageLink(
            code=code,
            name=(Locale.parse(code).get_display_name(code) or code).capitalize(),
            direction="rtl" if is_rtl(code) else "ltr",
            url=f"{request.path}?{urlencode([*kept, (_ASKED, code)])}",
        )
        for code in LOCALES
    ]


def _catalogue() -> NullTranslations:
    return ground().translations.catalogue(page_language())


def _gettext(text: str) -> str:
    return _catalogue().gettext(text)


def _ngettext(one: str, many: str, count: int) -> str:
    return _catalogue().ngettext(one, many, count)


def _pgettext(context: str, text: str) -> str:
    return _catalogue().pgettext(context, text)


def _npgettext(context: str, one: str, many: str, count: int) -> str:
    return _catalogue().npgettext(context, one, many, count)


def install(app: Flask) -> None:
    """Give templates `_()` and {% trans %} in the page's language, and `locale`, `rtl` and `languages`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install_callables = vars(app.jinja_env)["install_gettext_callables"]
    install_callables(_gettext, _ngettext, newstyle=True, pgettext=_pgettext, npgettext=_npgettext)
    app.before_request(_note_choice)

    def language_of_page() -> dict[str, object]:
        locale = page_language()
        return {"locale": locale, "rtl": is_rtl(locale), "languages": _links()}

    app.context_processor(language_of_page)
