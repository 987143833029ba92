from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable

from kernel.errors import InvalidInputError
from referrals.rules.identifying import Finding, identifying_text, unconfirmed

SHORTEST, LONGEST = 10, 1000
LONGEST_ANSWER = 2000
_SHORTEST_NAME = 4


def check_question(words: str, own_names: Iterable[str], confirmed: Collection[str]) -> tuple[str, tuple[Finding, ...]]:
    """Return a provider's question, trimmed, and the findings that they let stand (R11, R31).

    Raises InvalidInputError where it is too short or long, where it gives away who asks, and where a finding of the
    scan is neither taken out nor let stand.
    """
    written = words.strip()
    if len(written) < SHORTEST:
        raise InvalidInputError("words", "Enter your question. It needs at least {least} characters.", least=SHORTEST)
    if len(written) > LONGEST:
        raise InvalidInputError("words", "Keep your question to {most} characters.", most=LONGEST)
    named = names_in(written, own_names)
    if named:
        raise InvalidInputError(
            "words", "Take out “{name}”: everybody who was asked reads the question, without who asked it.", name=named
        )
    return written, _let_stand(identifying_text({"words": written}), confirmed)


def check_answer(
    shown: str, answer: str, names: Iterable[str], confirmed: Collection[str]
) -> tuple[tuple[str, str], tuple[Finding, ...]]:
    """Return the question as all will read it and its answer, trimmed, and the findings that were let stand (R11).

    `names` are those of settings and providers that were asked: neither may tell who asked. Raises InvalidInputError
    as check_question does.
    """
    question, written = shown.strip(), answer.strip()
    for field, text, most in (("shown", question, LONGEST), ("answer", written, LONGEST_ANSWER)):
        if not text:
            raise InvalidInputError(field, "Enter the question and its answer: everybody who was asked reads both.")
        if len(text) > most:
            raise InvalidInputError(field, "Write no more than {most} characters.", most=most)
    for field, text in (("shown", question), ("answer", written)):
        named = names_in(text, names)
        if named:
            raise InvalidInputError(field, "Take out “{name}”: it could tell who asked.", name=named)
    return (question, written), _let_stand(identifying_text({"shown": question, "answer": written}), confirmed)


def names_in(text: str, names: Iterable[str]) -> str | None:
    """Return the first of these names that stands in a text, whatever its case and spacing."""
    plain = _plain(text)
    for name in names:
        wanted = _plain(name)
        if len(wanted) >= _SHORTEST_NAME and re.search(rf"\b{re.escape(wanted)}\b", plain):
            return name
    return None


def answer_hash(number: int, shown: str, answer: str) -> str:
    """Return the SHA-256 of a question and its answer as all read them, which the audit log keeps (R34)."""
    whole = {"number": number, "shown": shown, "answer": answer}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _let_stand(findings: tuple[Finding, ...], confirmed: Collection[str]) -> tuple[Finding, ...]:
    if unconfirmed(findings, confirmed):
        raise InvalidInputError(
            "confirmed", "Say of each finding that it tells nobody who the learner or the asker is, or take it out."
        )
    return findings


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w'’]+", text.lower()))
