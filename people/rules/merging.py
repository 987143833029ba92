"""When two records are one person, and when they are two people who share a phone. Docs: docs/people.md."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from people.model import OrganisationKind, RoleIn
from people.rules.seeing import Place, Sight

UNDO_WITHIN = timedelta(days=30)
_NAMES_DIFFER = (
    "Their names differ. Two people may share a phone, and then each answers for themselves. "
    "If it is one person, correct the name first."
)


@dataclass(frozen=True)
class Record:
    """One of the two records, as far as the rule needs it; `addresses` are digests of what proved to be theirs."""

    id: str
    name: str
    roles: tuple[RoleIn, ...]
    addresses: frozenset[str]
    is_merged: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the rule says: why not, or else what to look at before one goes on."""

    refusal: str | None = None
    warning: str | None = None


def normalised_name(name: str) -> str:
    """Return a name as it is compared: no accents, no case, no punctuation, single spaces."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]", " ", plain.casefold()).split())


def manages_all(sight: Sight, roles: Collection[RoleIn], places: Mapping[str, Place]) -> bool:
    """Tell whether every one of these roles is where the sight's owner manages people: a merge joins all of them."""
    return all(_manages(sight, places[held.organisation_id]) for held in roles)


def _manages(sight: Sight, place: Place) -> bool:
    if place.kind is OrganisationKind.PROVIDER:
        return sight.manages_providers
    return place.area in sight.managed


def may_merge(sight: Sight, one: Record, other: Record, places: Mapping[str, Place]) -> bool:
    """Tell whether two records are the actor's to join, or even to look at side by side.

    Every role of both must be where they manage people. Somebody without any role, who once wrote to us, only comes
    into question at an address that both proved.
    """
    if not (one.roles or other.roles):
        return False
    if not (one.roles and other.roles) and not one.addresses & other.addresses:
        return False
    return manages_all(sight, (*one.roles, *other.roles), places)


def judge_merge(actor_id: str, kept: Record, gone: Record, *, are_distinct: bool) -> Verdict:
    """Say whether two records may be made one.

    A shared phone proves nothing: families share one, and whoever holds it would then answer as the other. So the
    names must be the same, or one of the two has none.
    """
    refusal = _refusal(actor_id, kept, gone, are_distinct=are_distinct)
    if refusal is not None:
        return Verdict(refusal=refusal)
    if not normalised_name(kept.name) or not normalised_name(gone.name):
        return Verdict(warning="One of the two has no name. Ask them who they are before you go on.")
    if not kept.addresses & gone.addresses:
        return Verdict(
            warning="They share no phone number or address that was proved. Two people can have the same name: "
            "make sure that this is one person."
        )
    return Verdict()


def _refusal(actor_id: str, kept: Record, gone: Record, *, are_distinct: bool) -> str | None:
    names = normalised_name(kept.name), normalised_name(gone.name)
    reasons = (
        (kept.id == gone.id, "This is one record already."),
        (kept.is_merged or gone.is_merged, "One of the two was merged already."),
        (actor_id in {kept.id, gone.id}, "Nobody merges their own record. Ask another administrator."),
        (are_distinct, "Somebody has said that these are two different people."),
        (
            all(names) and names[0] != names[1],
            _NAMES_DIFFER,
        ),
    )
    return next((sentence for holds, sentence in reasons if holds), None)


def judge_undo(merged_at: datetime, now: datetime, *, is_undone: bool, has_later: bool) -> str | None:
    """Say why a merge cannot be undone, None if it can: within 30 days, the latest one first."""
    if is_undone:
        return "This merge is undone already."
    if now > merged_at + UNDO_WITHIN:
        return "A merge can be undone for 30 days. That time is over."
    if has_later:
        return "There was another merge after this one. Undo that one first."
    return None
