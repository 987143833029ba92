from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest


class Mark(StrEnum):
    """What a piece of text looks like (R31)."""

    EMAIL = "an email address"
    POSTCODE = "a postcode"
    NHS_NUMBER = "an NHS number"
    UPN = "a unique pupil number"
    PHONE = "a phone number"
    LONG_NUMBER = "a long number"
    DATE = "a date"
    INITIALS = "initials"
    NAME = "a name"


@dataclass(frozen=True)
class Finding:
    """A piece of free text that may identify somebody; a person says that it does not, or takes it out."""

    field: str
    mark: Mark
    text: str

    @property
    def key(self) -> str:
        """Names the finding: the same words in the same field keep it, however the text around them changes."""
        return hashlib.sha256(f"{self.field}|{self.mark}|{self.text}".encode()).hexdigest()[:16]


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# in this order: what one pattern has taken, a later one does not report again
_PATTERNS = (
    (Mark.EMAIL, re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*")),
    (Mark.UPN, re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-Z]\b", re.IGNORECASE)),
    (Mark.POSTCODE, re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b", re.IGNORECASE)),
    (Mark.DATE, re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")),
    (
        Mark.DATE,
        re.compile(
            rf"\b{_DAY}(?: of)? {_MONTH}(?:,? \d{{2,4}})?\b|\b{_MONTH} {_DAY}(?:,? \d{{2,4}})?\b", re.IGNORECASE
        ),
    ),
    (Mark.NHS_NUMBER, re.compile(r"(?<![\d+])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")),
    (Mark.PHONE, re.compile(r"(?<!\d)(?:\+|00)44[ ()\d-]{9,16}\d|(?<!\d)\(?0\d(?:[ ()-]{0,2}\d){8,9}(?!\d)")),
    (Mark.LONG_NUMBER, re.compile(r"(?<!\d)\d(?:[ -]?\d){6,}(?!\d)")),
    (Mark.INITIALS, re.compile(r"\b(?:[A-Z]\.\s?){2,}|\b[A-Z]\.(?= ?[a-z])")),
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\u2022])[^\w]*$")
_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]*\w)?")
_SPACES = frozenset({" ", "\u00a0"})
_LONGEST_ACRONYM = 4
_TITLES = frozenset({"mr", "mrs", "miss", "ms", "mx", "dr", "sir", "prof", "rev"})
# words of the field that may begin with a capital and name nobody
_COMMON = frozenset(
    """
    a an and at in is it of on or the to with we our they their he she his her him this that these those there
    i i'm i've some all both each support staff risk risks school schools provision transport home class classes
    year years key stage early reception nursery sixth form reading writing english maths mathematics
    science art music drama french spanish german polish urdu arabic makaton braille british sign language
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december spring summer autumn winter christmas easter term code
    practice education health care plan plans need needs young person learner pupil child children who what
    speech occupational therapy therapist autism autistic ofsted north south east west nobody none no
    now also usually often sometimes always never when if but not then still currently
    gcses btecs lego eotas teacch sendiass
    """.split()  # noqa: SIM905 - a word list reads better as running words
)
# after a capital at the start of a sentence these make the word a person rather than an order or a thing
_DOES = frozenset(
    """
    is was has had does did can cannot can't will would may might must should needs likes loves enjoys dislikes
    hates finds struggles responds requires wants lives attends goes gets becomes feels shows uses works
    plays learns communicates speaks understands and
    reads writes walks talks sits stays stands runs eats drinks sleeps wakes takes makes gives asks says tells
    listens follows joins manages copes behaves bites kicks absconds arrives leaves keeps tries sings swims draws
    holds carries brings comes thinks knows remembers forgets prefers chooses accepts refuses avoids seeks relies
    depends benefits suffers displays demonstrates achieves said went came left lost lived moved started stopped aged
    """.split()  # noqa: SIM905 - the same
)


def identifying_text(free_text: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what in the free text may identify a learner or family, each once, field by field (R31).

    It finds too much rather than too little: every word with a capital that does not begin a sentence and is
    no word of the field counts as a name. It cannot find every name (one written small, or one that begins a
    sentence of an unusual build), so a person reads the text all the same.
    """
    found = (finding for field, text in free_text.items() for finding in _scan(field, text))
    return tuple(dict.fromkeys(found))


def unconfirmed(findings: Iterable[Finding], confirmed_keys: Iterable[str]) -> tuple[Finding, ...]:
    """Return the findings that no person has looked at and let stand."""
    seen = frozenset(confirmed_keys)
    return tuple(finding for finding in findings if finding.key not in seen)


def _scan(field: str, text: str) -> Iterator[Finding]:
    left = text
    for mark, pattern in _PATTERNS:
        for match in pattern.finditer(left):
            exact = _exact(mark, match.group())
            yield Finding(field, exact, match.group().strip())
        left = pattern.sub(lambda taken: "\0" * len(taken.group()), left)
    for name in _names(left):
        yield Finding(field, Mark.NAME, name)


def _exact(mark: Mark, text: str) -> Mark:
    if mark is not Mark.NHS_NUMBER or is_nhs_number(text):
        return mark
    return Mark.PHONE if text.startswith("0") else Mark.LONG_NUMBER


def is_nhs_number(text: str) -> bool:
    """Tell whether ten digits carry the NHS number's check digit (modulus 11)."""
    digits = [int(char) for char in text if char.isdigit()]
    if len(digits) != 10:  # noqa: PLR2004 - the length of an NHS number
        return False
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == digits[9]


def _names(text: str) -> Iterator[str]:
    """Yield runs of capitalised words that are no words of the field."""
    words = list(_WORD.finditer(text))
    run: list[re.Match[str]] = []
    for match, following in zip_longest(words, words[1:]):
        if match.group()[0].isupper():
            run.append(match)
        if run and not _carries_on(match, following, text):
            yield from _name_in(run, following, text)
            run = []


def _carries_on(match: re.Match[str], following: re.Match[str] | None, text: str) -> bool:
    if following is None or not (match.group()[0].isupper() and following.group()[0].isupper()):
        return False
    between = text[match.end() : following.start()]
    return between in _SPACES or (between == ". " and match.group().lower() in _TITLES)


def _name_in(run: list[re.Match[str]], following: re.Match[str] | None, text: str) -> Iterator[str]:
    names = [match for match in run if not _is_plain(match.group())]
    if names and (len(names) > 1 or names[0] is not run[0] or _stands_for_somebody(run[0], following, text)):
        yield " ".join(match.group() for match in names)


def _stands_for_somebody(match: re.Match[str], following: re.Match[str] | None, text: str) -> bool:
    if _SENTENCE_START.search(text[: match.start()]) is None:
        return True
    return match.group() != _bare(match.group()) or (following is not None and following.group().lower() in _DOES)


def _is_plain(word: str) -> bool:
    is_acronym = word.isupper() and len(word) <= _LONGEST_ACRONYM
    bare = _bare(word).lower()
    return is_acronym or bare in _TITLES or bare in _COMMON or bare.removesuffix("s") in _COMMON


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("\u2019s")
