from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from fps.actions.rounds.find_round import find_round
from fps.actions.rounds.tell_contacts import tell_contacts
from fps.events import RoundChanged
from fps.messages.rounds import CHANGED, round_values
from fps.model.rounds import RoundState, RoundTerms
from fps.queries.frameworks import framework, lots
from fps.queries.rounds import round_card
from fps.rules.rounds import changes_between, check_change, check_terms
from fps.tables.rounds import RoundRow, RoundVersionRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


def draft_round(work: Work, actor: Actor, framework_id: str, terms: RoundTerms) -> str:
    """Write the draft of a joining round and return its id; nobody else sees it yet.

    Raises NotFoundError for a framework that the actor's authority does not lead, InvalidInputError for terms that
    cannot be, ConflictError for a number that is taken.
    """
    lead_id = framework(work.session, framework_id).lead_id
    if lead_id not in organisations_with(actor, Permission.ROUNDS_RUN):
        raise NotFoundError
    terms = _checked(work, framework_id, terms)
    _check_number(work, framework_id, terms.number, None)
    row = RoundRow(
        id=new_id(),
        framework_id=framework_id,
        lead_id=lead_id,
        state=RoundState.DRAFT,
        version=0,
        published_at=None,
        changed_at=work.now,
        cancel_reason="",
        **columns_of(terms),
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, actor=actor.id, action="fps.draft_round", subject=("round", row.id))
    return row.id


def change_round(work: Work, actor: Actor, round_id: str, terms: RoundTerms, seen: int) -> tuple[str, ...]:
    """Change a round and return what changed, in words; everybody who takes part is told at once (equal treatment).

    `seen` is the version that the actor had before them. A draft changes without a word to anybody. Raises
    ConflictError where somebody changed it meanwhile or equal treatment forbids it, InvalidInputError at a field.
    """
    row = find_round(work, actor, round_id)
    card = round_card(row)
    if seen != row.version:
        raise ConflictError("Somebody else changed this round. Look at it again before you change it.")
    terms = _checked(work, row.framework_id, terms)
    _check_number(work, row.framework_id, terms.number, row.id)
    if card.state is not RoundState.DRAFT:
        check_change(card, terms, work.now)
    titles = {lot.id: lot.title for lot in lots(work.session, [row.framework_id])}
    changes = changes_between(card.terms, terms, titles)
    if not changes:
        return ()
    for name, value in columns_of(terms).items():
        setattr(row, name, value)
    row.changed_at = work.now
    audit.record(
        work,
        actor=actor.id,
        action="fps.change_round",
        subject=("round", row.id),
        details={"version": row.version + (card.state is not RoundState.DRAFT), "changes": len(changes)},
    )
    if card.state is not RoundState.DRAFT:
        _tell(work, actor, row, changes)
    return changes


def _tell(work: Work, actor: Actor, row: RoundRow, changes: tuple[str, ...]) -> None:
    write_version(work, actor, row, changes)
    publish(work, RoundChanged(row.id, row.version))
    card = round_card(row)
    tell_contacts(work, row.id, CHANGED, round_values(card), dedupe=f"round_changed:{row.id}:{row.version}")


def write_version(work: Work, actor: Actor, row: RoundRow, changes: tuple[str, ...]) -> None:
    """Keep what a round says from now on as its next version."""
    row.version += 1
    work.session.flush()
    terms = round_card(row).terms
    work.session.add(
        RoundVersionRow(
            round_id=row.id,
            number=row.version,
            at=work.now,
            actor_id=actor.id,
            terms={name: _plain(value) for name, value in columns_of(terms).items()},
            changes=list(changes),
        )
    )
    work.session.flush()


def columns_of(terms: RoundTerms) -> dict[str, Any]:
    """Return what a round says by the columns of its row."""
    return {**vars(terms), "lot_ids": list(terms.lot_ids)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    return value.isoformat() if hasattr(value, "isoformat") else value


def _checked(work: Work, framework_id: str, terms: RoundTerms) -> RoundTerms:
    own = [lot.id for lot in lots(work.session, [framework_id])]
    advert = "\n".join(line.rstrip() for line in terms.advert.replace("\r\n", "\n").strip().split("\n"))
    tidy = replace(
        terms,
        title=" ".join(terms.title.split()),
        advert=advert,
        notice_reference=" ".join(terms.notice_reference.split()),
        lot_ids=tuple(lot_id for lot_id in own if lot_id in terms.lot_ids)
        if set(terms.lot_ids) <= set(own)
        else terms.lot_ids,
    )
    check_terms(tidy, own)
    return tidy


def _check_number(work: Work, framework_id: str, number: int, round_id: str | None) -> None:
    taken = select(RoundRow.id).where(
        RoundRow.framework_id == framework_id, RoundRow.number == number, RoundRow.id != (round_id or "")
    )
    if work.session.scalar(taken) is not None:
        raise ConflictError("Round {number} of this framework is there already. Choose another number.", number=number)
