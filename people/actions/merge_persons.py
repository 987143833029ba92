from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.events import insert_ignore, publish
from kernel.ids import new_id
from kernel.work import Work
from people.actions.change_roles import grant_role
from people.actions.doubt_addresses import believe_again, doubt_addresses
from people.actions.end_sessions import end_sessions_of
from people.events import PersonsMerged
from people.model import Actor, Role
from people.personal_data import PersonData
from people.queries.merging import are_distinct, merge_record, places_of
from people.rules.merging import UNDO_WITHIN, Record, Verdict, judge_merge, judge_undo, may_merge
from people.rules.seeing import sight_of
from people.tables import DistinctRow, MergeRow, PersonRow, RoleRow

_MERGED = "merged"
_LEFT = "They have left since the records were made one. Bring them back first: else the other would come back alone."


def judge(session: Session, actor: Actor, kept_id: str, gone_id: str) -> Verdict:
    """Say whether two records may be made one; raises NotFoundError for those that are not the actor's to join."""
    kept, gone = merge_record(session, kept_id), merge_record(session, gone_id)
    if not reaches_both(session, actor, kept, gone):
        raise NotFoundError
    return judge_merge(actor.id, kept, gone, are_distinct=are_distinct(session, kept_id, gone_id))


def reaches_both(session: Session, actor: Actor, one: Record, other: Record) -> bool:
    """Tell whether two records are the actor's to join."""
    places = places_of(session, {held.organisation_id for held in (*one.roles, *other.roles)})
    return may_merge(sight_of(actor), one, other, places)


def merge_persons(work: Work, actor: Actor, kept_id: str, gone_id: str, parts: Sequence[PersonData]) -> str:
    """Make two records one, in this one transaction; return the merge's id.

    Both persons are locked first: whoever writes something to one of them at this moment is waited for, and what they
    write while we do follows by PersonsMerged. The other's id leads to the kept one from now on, and both sign in
    anew. Raises ConflictError where the rule refuses.
    """
    _lock(work, kept_id, gone_id)
    verdict = judge(work.session, actor, kept_id, gone_id)
    if verdict.refusal is not None:
        raise ConflictError(verdict.refusal)
    for person_id in (kept_id, gone_id):
        end_sessions_of(work, person_id, _MERGED, actor=actor.id)
    unproved = doubt_addresses(work, kept_id, gone_id)
    moved: dict[str, Any] = {part.name: [part.merge(work, kept_id, gone_id)] for part in parts}
    moved["unproved"] = unproved
    earlier = update(PersonRow).where(PersonRow.merged_into_id == gone_id)
    moved["doubles"] = _drop_doubles(work, gone_id)
    moved["chain"] = list(work.session.scalars(earlier.values(merged_into_id=kept_id).returning(PersonRow.id)))
    gone, kept = work.session.get_one(PersonRow, gone_id), work.session.get_one(PersonRow, kept_id)
    gone.merged_into_id = kept_id
    moved["named"] = not kept.name and bool(gone.name)
    kept.name = kept.name or gone.name
    row = MergeRow(
        id=new_id(),
        kept_id=kept_id,
        gone_id=gone_id,
        merged_by=actor.id,
        merged_at=work.now,
        undo_until=work.now + UNDO_WITHIN,
        moved=moved,
    )
    work.session.add(row)
    work.session.flush()
    publish(work, PersonsMerged(row.id))
    for person_id in (kept_id, gone_id):
        _record(work, actor.id, "people.merged", person_id, row)
    return row.id


def gather_stragglers(work: Work, merge_id: str, parts: Sequence[PersonData]) -> int:
    """Move what was written to the other record while the two became one; return how many rows.

    It is noted with the merge, so that an undo takes it back too. A merge that was undone is left alone.
    """
    row = work.session.get(MergeRow, merge_id, with_for_update=True)
    if row is None or row.undone_at is not None:
        return 0
    _lock(work, row.kept_id, row.gone_id)
    late = {part.name: part.merge(work, row.kept_id, row.gone_id) for part in parts}
    found = {name: moved for name, moved in late.items() if moved["rows"]}
    if found:
        row.moved = row.moved | {name: [*row.moved.get(name, []), moved] for name, moved in found.items()}
    if doubles := _drop_doubles(work, row.gone_id):
        row.moved = row.moved | {"doubles": [*row.moved.get("doubles", []), *doubles]}
    return sum(len(keys) for moved in found.values() for keys in moved["rows"].values())


def undo_merge(work: Work, actor: Actor, merge_id: str, parts: Sequence[PersonData]) -> tuple[str, str]:
    """Make two records of one again, with what each had; what came since stays with the kept one.

    Roles that ended since stay ended. Returns both ids. Raises ConflictError for one that cannot be undone (any more)
    and for somebody who has left since, NotFoundError for one that is not the actor's to undo.
    """
    row = work.session.get(MergeRow, merge_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    _lock(work, row.kept_id, row.gone_id)
    _check_undo(work, actor, row)
    for part in parts:
        for moved in reversed(row.moved.get(part.name, [])):
            part.unmerge(work, moved)
    _restore_doubles(work, row)
    believe_again(work, row.moved.get("unproved", {}))
    again = update(PersonRow).where(PersonRow.id.in_(row.moved["chain"]))
    work.session.execute(again.values(merged_into_id=row.gone_id))
    work.session.get_one(PersonRow, row.gone_id).merged_into_id = None
    if row.moved["named"]:
        work.session.get_one(PersonRow, row.kept_id).name = ""
    row.undone_at = work.now
    end_sessions_of(work, row.kept_id, _MERGED, actor=actor.id)
    for person_id in (row.kept_id, row.gone_id):
        _record(work, actor.id, "people.unmerged", person_id, row)
    return row.kept_id, row.gone_id


def _check_undo(work: Work, actor: Actor, row: MergeRow) -> None:
    kept = work.session.get_one(PersonRow, row.kept_id)
    held = merge_record(work.session, kept.merged_into_id or kept.id)
    if actor.id in (kept.id, held.id) or not reaches_both(work.session, actor, held, held):
        raise NotFoundError
    has_later = kept.merged_into_id is not None
    refusal = judge_undo(row.merged_at, work.now, is_undone=row.undone_at is not None, has_later=has_later)
    if refusal is None and kept.left_at is not None:
        refusal = _LEFT
    if refusal is not None:
        raise ConflictError(refusal)


def tell_apart(work: Work, actor: Actor, first_id: str, second_id: str) -> None:
    """Note that two records are two people: they are not suggested and not merged. Twice does no harm."""
    first, second = sorted((first_id, second_id))
    if are_distinct(work.session, first, second):
        return
    said = {"first_id": first, "second_id": second, "said_by": actor.id, "said_at": work.now}
    insert_ignore(work.session, DistinctRow, [said])
    audit.record(work, actor=actor.id, action="people.distinct", subject=("person", first), details={"other": second})


def _lock(work: Work, *person_ids: str) -> None:
    rows = select(PersonRow).where(PersonRow.id.in_(person_ids)).order_by(PersonRow.id).with_for_update()
    work.session.scalars(rows.execution_options(populate_existing=True)).all()


def _drop_doubles(work: Work, gone_id: str) -> list[list[str]]:
    """End the roles that both had and that therefore did not move: nobody is counted twice. Return what they were."""
    ended = delete(RoleRow).where(RoleRow.person_id == gone_id).returning(RoleRow.role, RoleRow.organisation_id)
    doubles = [list(row) for row in work.session.execute(ended)]
    work.session.expire_all()
    return doubles


def _restore_doubles(work: Work, row: MergeRow) -> None:
    """Give the other record its own roles back, unless they ended for the kept one meanwhile."""
    for role, organisation_id in row.moved.get("doubles", []):
        if work.session.get(RoleRow, (row.kept_id, role, organisation_id)) is not None:
            grant_role(work, row.gone_id, Role(role), organisation_id)


def _record(work: Work, actor_id: str, action: str, person_id: str, row: MergeRow) -> None:
    details = {"merge": row.id, "kept": row.kept_id, "gone": row.gone_id}
    audit.record(work, actor=actor_id, action=action, subject=("person", person_id), details=details)
