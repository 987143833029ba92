"""Says from the evidence alone what went wrong. It knows nothing of kills, processes or databases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.crash.evidence import Evidence, Stored, Written
from tests.services.vendor import Taken

SENT = frozenset({"sent", "delivered"})
ENDED = frozenset({"answered", "recorded", "passed_on", "ignored"})


class Fault(StrEnum):
    """What may go wrong."""

    LOST = "lost"
    UNFINISHED = "unfinished"
    TWICE = "sent twice"
    AFTER = "sent after it was recorded sent"
    STRAY = "sent without a message"
    UNHEARD = "text lost or unheard"
    DOUBLED = "text stored twice"
    UNANSWERED = "text not answered"
    DISORDER = "out of order"
    PARKED = "parked"
    AUDIT = "audit log broken"


@dataclass(frozen=True)
class Finding:
    """One fault and what it concerns."""

    fault: Fault
    what: str


def judge(evidence: Evidence) -> list[Finding]:
    """Return every fault that the evidence shows; an empty list means that every promise was kept."""
    posts = _posts(evidence.taken)
    return [
        *_queued_and_gone(evidence),
        *_unfinished(evidence.messages),
        *_miscounted(evidence.messages, posts),
        *_strays(evidence.messages, posts),
        *_sent_after(evidence.seen_sent, posts),
        *_texts(evidence),
        *_disorder(evidence, posts),
        *([Finding(Fault.UNFINISHED, f"{evidence.unheard_events} events")] if evidence.unheard_events else []),
        *([Finding(Fault.PARKED, f"{evidence.parked} events or jobs")] if evidence.parked else []),
        *([Finding(Fault.AUDIT, evidence.audit_fault)] if evidence.audit_fault else []),
    ]


def _posts(taken: Sequence[Taken]) -> Mapping[str, list[Taken]]:
    """What the vendor took, by the message that its mark (message id, hyphen, attempt) names."""
    posts: dict[str, list[Taken]] = defaultdict(list)
    for each in taken:
        posts[(each.mark or "").partition("-")[0]].append(each)
    return posts


def _queued_and_gone(evidence: Evidence) -> Iterator[Finding]:
    there = {message.id for message in evidence.messages}
    for message_id in evidence.promised.messages:
        if message_id not in there:
            yield Finding(Fault.LOST, f"message {message_id} was queued and is not in the outbox")


def _unfinished(messages: Sequence[Written]) -> Iterator[Finding]:
    for message in messages:
        # STOP rightly cancels what waits unasked
        if message.status not in SENT and (message.status, message.reason) != ("cancelled", "opted_out"):
            yield Finding(Fault.UNFINISHED, f"message {message.id} is {message.status} ({message.reason})")


def _miscounted(messages: Sequence[Written], posts: Mapping[str, Sequence[Taken]]) -> Iterator[Finding]:
    """Compare counts by likeness: of two messages with one text to one number it is all the same which is which."""
    recorded, taken = Counter[str](), Counter[str]()
    for message in messages:
        recorded[message.likeness] += message.status in SENT
        taken[message.likeness] += len(posts.get(message.id, ()))
    names = {message.likeness: message.id for message in messages}
    for likeness, count in recorded.items():
        if taken[likeness] < count:
            yield Finding(Fault.LOST, f"{count} like {names[likeness]} recorded sent, {taken[likeness]} taken")
        if taken[likeness] > count:
            yield Finding(Fault.TWICE, f"{count} like {names[likeness]} recorded sent, {taken[likeness]} taken")


def _strays(messages: Sequence[Written], posts: Mapping[str, Sequence[Taken]]) -> Iterator[Finding]:
    for message_id in posts.keys() - {message.id for message in messages}:
        yield Finding(Fault.STRAY, f"{len(posts[message_id])} marked {message_id or 'with nothing'}")


def _sent_after(seen_sent: Mapping[str, float], posts: Mapping[str, Sequence[Taken]]) -> Iterator[Finding]:
    for message_id, seen_at in seen_sent.items():
        for post in posts.get(message_id, ()):
            if post.at > seen_at:
                yield Finding(
                    Fault.AFTER, f"{post.mark} was taken {post.at - seen_at:.3f} s after its message was seen as sent"
                )


def _texts(evidence: Evidence) -> Iterator[Finding]:
    stored = Counter(text.vendor_id for text in evidence.inbound)
    for vendor_id, count in stored.items():
        if count > 1:
            yield Finding(Fault.DOUBLED, f"text {vendor_id} is stored {count} times")
    for text in evidence.inbound:
        if text.state not in ENDED:
            yield Finding(Fault.UNHEARD, f"text {text.vendor_id} is {text.state}")
    for texts in evidence.promised.texts.values():
        for vendor_id in texts:
            if vendor_id not in stored:
                yield Finding(Fault.UNHEARD, f"text {vendor_id} was accepted and is not in the inbox")


def _disorder(evidence: Evidence, posts: Mapping[str, Sequence[Taken]]) -> Iterator[Finding]:
    """Hold each sender's texts and the answers to them, as the vendor took them, against the order of sending."""
    by_vendor_id = {text.vendor_id: text for text in evidence.inbound}
    answers: dict[str, list[str]] = defaultdict(list)
    for message in evidence.messages:
        if message.answers is not None:
            answers[message.answers].append(message.id)
    for sender, texts in evidence.promised.texts.items():
        there = [by_vendor_id[vendor_id] for vendor_id in texts if vendor_id in by_vendor_id]
        rows = [text.id for text in evidence.inbound if text.sender == sender]
        if [row for row in rows if row in {text.id for text in there}] != [text.id for text in there]:
            yield Finding(Fault.DISORDER, f"texts from {sender} are stored in another order than sent")
        yield from _answers_in_order(there, answers, posts)


def _answers_in_order(
    texts: Sequence[Stored], answers: Mapping[str, Sequence[str]], posts: Mapping[str, Sequence[Taken]]
) -> Iterator[Finding]:
    last, last_text = 0, ""
    for text in texts:
        if text.state == "answered" and text.id not in answers:
            yield Finding(Fault.UNANSWERED, f"text {text.vendor_id} ended as answered without an answer")
        numbers = [post.number for message_id in answers.get(text.id, ()) for post in posts.get(message_id, ())]
        if numbers and min(numbers) < last:
            yield Finding(Fault.DISORDER, f"text {text.vendor_id} was answered before {last_text}")
        last, last_text = max([last, *numbers]), text.vendor_id
