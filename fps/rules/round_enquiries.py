from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from fps.model.rounds import Enquiry, EnquiryKind
from kernel.errors import InvalidInputError

LONGEST_TEXT = 500
LONGEST_REPLY = 4000
_LONGEST_CHOICE = 200
_CHOICES = range(2, 11)
_MOST_DIGITS = 15


def check_enquiry(text: str, kind: EnquiryKind, choices: Sequence[str]) -> tuple[str, ...]:
    """Return the choices of a question for the questionnaire, tidy; raises InvalidInputError at a field."""
    if not text:
        raise InvalidInputError("text", "Enter the question.")
    if len(text) > LONGEST_TEXT:
        raise InvalidInputError("text", "Use at most {most} characters.", most=LONGEST_TEXT)
    if kind is not EnquiryKind.CHOICE:
        return ()
    tidy = tuple(dict.fromkeys(words for each in choices if (words := " ".join(each.split()))))
    if len(tidy) not in _CHOICES:
        raise InvalidInputError("choices", "Enter 2 to 10 different choices, each on its own line.")
    if any(len(each) > _LONGEST_CHOICE for each in tidy):
        raise InvalidInputError("choices", "Use at most {most} characters for a choice.", most=_LONGEST_CHOICE)
    return tidy


def read_reply(enquiry: Enquiry, written: str) -> str | None:
    """Return a reply as it is kept, None for a question left out; raises InvalidInputError at the question's id."""
    text = written.replace("\r\n", "\n").strip()
    if not text:
        return None
    if enquiry.kind is EnquiryKind.NUMBER:
        return _number(enquiry, text)
    if enquiry.kind is EnquiryKind.CHOICE and text not in enquiry.choices:
        raise InvalidInputError(enquiry.id, "Choose one of the answers, or none.")
    if len(text) > LONGEST_REPLY:
        raise InvalidInputError(enquiry.id, "Use at most {most} characters.", most=LONGEST_REPLY)
    return text


def _number(enquiry: Enquiry, text: str) -> str:
    digits = text.replace(",", "").replace(" ", "")
    try:
        value = Decimal(digits)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(digits) > _MOST_DIGITS or "e" in digits.lower():
        raise InvalidInputError(enquiry.id, "Enter a number, like 12 or 3.5.")
    return format(value, "f")
