from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

import css_inline

from kernel.translation import is_rtl

_TEMPLATE = Path(__file__).with_name("letter.html")
_SAMPLE = re.compile(r"<!--(paragraph|link)-->(.*?)<!--/\1-->\n?", re.DOTALL)
_HOLE = re.compile(r"%([A-Z]+)%")
_URL = re.compile(r"https?://[^\s<>\"']+")
_CLOSING = ".,;:!?)"


@dataclass(frozen=True)
class Page:
    """The HTML part, compiled: styles inlined and cut at its holes once, so that a message only fills them."""

    pieces: tuple[str, ...]
    paragraph: tuple[str, ...]
    link: tuple[str, ...]

    def fill(self, *, language: str, sender: str, title: str, text: str) -> str:
        """Return the page; paragraphs are parted by blank lines, lines by <br>, and addresses become links."""
        before, after = self.paragraph
        paragraphs = "\r\n".join(
            f"{before}{self._lines(paragraph)}{after}" for paragraph in text.split("\n\n") if paragraph.strip()
        )
        shown_title = escape(title)
        values = {
            "LANG": escape(language),
            "DIR": "rtl" if is_rtl(language) else "ltr",
            "TITLE": shown_title,
            "SENDER": escape(sender),
            "PARAGRAPHS": paragraphs,
        }
        return "".join(values[piece] if at % 2 else piece for at, piece in enumerate(self.pieces))

    def _lines(self, paragraph: str) -> str:
        return "<br>\r\n".join(self._linked(line) for line in paragraph.strip("\n").split("\n"))

    def _linked(self, line: str) -> str:
        done, shown = 0, []
        for found in _URL.finditer(line):
            address = found[0].rstrip(_CLOSING)
            written = escape(address)
            shown += [escape(line[done : found.start()]), written.join(self.link)]
            done = found.start() + len(address)
        return "".join(shown) + escape(line[done:])


def compile_page() -> Page:
    """Read the template, put its styles where mail programs look for them, and cut it at its holes."""
    inlined = css_inline.inline(_TEMPLATE.read_text(encoding="utf-8"), load_remote_stylesheets=False)
    samples = {found[1]: found[2] for found in _SAMPLE.finditer(inlined)}
    page = _SAMPLE.sub("", inlined).replace("\n", "\r\n")
    return Page(
        pieces=tuple(_HOLE.split(page)),
        paragraph=tuple(samples["paragraph"].split("%TEXT%")),
        link=tuple(samples["link"].split("%LINK%")),
    )
