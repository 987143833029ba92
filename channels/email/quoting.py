from __future__ import annotations

import re
from dataclasses import dataclass

from mailparser_reply import EmailMessage

_LANGUAGES = ["en", "pl"]
_READ_AT_MOST = 10_000
_LONGEST_LINE = 1_000
_SIGNATURE = re.compile(r"^-- ?$")
_LONGEST_SIGNATURE = 12
_SENT_FROM = re.compile(
    r"^(sent from|get outlook for|sent with|wysłano z|wysłane z|pobierz outlook)\b.{0,60}$", re.IGNORECASE
)
_TIME = re.compile(r"\b\d{4}\b|\b\d{1,2}[:.]\d{2}\b")


@dataclass(frozen=True)
class Said:
    """What a mail says anew, and what it only repeats: the quoted mail, the signature, the phone's own line."""

    new: str
    repeated: str


def split(text: str) -> Said:
    """Part the new words of an answer from what it quotes.

    Rather keeps too much than loses a word: answers written between or below quoted lines are new words, and only
    what stands last and is plainly a signature is left out. A mail without new words is kept whole.
    """
    whole = text.strip()
    lines = whole.split("\n")
    # The library's patterns take time that grows with the square of a line.
    is_readable = len(whole) <= _READ_AT_MOST and max(map(len, lines)) <= _LONGEST_LINE
    above, below = _at_header(whole) if is_readable else (lines, [])
    kept, quoted = _without_quotes(above, below)
    kept, signature = _without_signature(kept)
    new = "\n".join(kept).strip()
    return Said(new, "\n".join([*signature, *quoted]).strip()) if new else Said(whole, "")


def _at_header(whole: str) -> tuple[list[str], list[str]]:
    """Cut where a mail program announces the mail that is answered ("On Monday ... wrote:", "From: ... Sent: ...")."""
    replies = EmailMessage(text=whole, languages=list(_LANGUAGES), keep_hyphen_lists=True).read().replies
    first = replies[0].content.split("\n")
    rest = [line for reply in replies[1:] for line in reply.content.split("\n")]
    return first, rest


def _without_quotes(above: list[str], below: list[str]) -> tuple[list[str], list[str]]:
    """Take out lines that begin with ">" and the line that announces them.

    Below the announcement of a mail that is quoted so, every other line is the writer's own.
    """
    if not any(_is_quoted(line) for line in below):
        kept, quoted = _own_lines(above)
        return kept, [*quoted, *below]
    return _own_lines([*above, *below])


def _own_lines(lines: list[str]) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    quoted: list[str] = []
    for line in lines:
        if not _is_quoted(line):
            kept.append(line)
            continue
        quoted += [*_taken_announcement(kept), line]
    return kept, quoted


def _taken_announcement(kept: list[str]) -> list[str]:
    """Take the line that announces a quotation, perhaps wrapped, off the end of what is kept.

    It ends in a colon and names a time or an address, whatever its language.
    """
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    last = kept[end - 1].rstrip() if end else ""
    if not last.endswith(":"):
        return []
    if not _TIME.search(last) and end > 1 and _TIME.search(kept[end - 2]):
        start = end - 2
    elif _TIME.search(last) or "@" in last:
        start = end - 1
    else:
        return []
    taken = kept[start:]
    del kept[start:]
    return taken


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    for at, line in enumerate(lines):
        if _SIGNATURE.match(line) and len(lines) - at <= _LONGEST_SIGNATURE:
            return lines[:at], lines[at:]
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and _SENT_FROM.match(lines[end - 1].strip()):
        return lines[: end - 1], lines[end - 1 :]
    return lines, []
