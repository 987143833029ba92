from __future__ import annotations

from kernel.errors import InvalidInputError

LONGEST_QUESTION = 2000
LONGEST_ANSWER = 5000
_SHORT_NAME = 4
"""Names of fewer letters stand in other words too: they are left to the reader's eye."""


def check_question(words: str) -> str:
    """Return a question as it is kept; raises InvalidInputError for none or an overlong one."""
    text = words.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInputError("question", "Enter your question.")
    if len(text) > LONGEST_QUESTION:
        raise InvalidInputError("question", "Use at most {most} characters.", most=LONGEST_QUESTION)
    return text


def check_answer(question: str, answer: str, names: tuple[str, ...]) -> tuple[str, str]:
    """Return question and answer as everybody will read them; raises InvalidInputError at a field.

    Neither may hold one of `names`, which say who asked (R11).
    """
    asked = check_question(question)
    told = answer.replace("\r\n", "\n").strip()
    if not told:
        raise InvalidInputError("answer", "Enter the answer.")
    if len(told) > LONGEST_ANSWER:
        raise InvalidInputError("answer", "Use at most {most} characters.", most=LONGEST_ANSWER)
    for field, text in (("question", asked), ("answer", told)):
        if any(_holds(text, name) for name in names):
            raise InvalidInputError(field, "The text says who asked. Take the name out, so that nobody can tell.")
    return asked, told


def _holds(text: str, name: str) -> bool:
    tidy = " ".join(name.split()).casefold()
    return len(tidy) >= _SHORT_NAME and tidy in " ".join(text.split()).casefold()
