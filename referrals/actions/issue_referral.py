from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject, Urgency
from fps.queries.hearing import who_hears
from kernel import audit
from kernel.calendar import LONDON
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.approvals.look_at_draft import withdraw_looks
from referrals.actions.find_referral import find_draft
from referrals.events import ReferralIssued
from referrals.messages import ALERT, asked_values
from referrals.model.records import Record
from referrals.queries.approvals import is_approved
from referrals.queries.drafts import unconfirmed_findings
from referrals.queries.previews import Preview, planned_deadline, preview
from referrals.queries.records import vouched
from referrals.rules.approving import plan_fingerprint
from referrals.rules.eligibility import Excluded
from referrals.rules.issuing import issue_hash
from referrals.rules.records import KEPT
from referrals.tables import ExclusionRow, IssueRow, RecipientRow, ReferralRow


@dataclass(frozen=True)
class IssueReferral:
    """Issue a draft to everybody eligible, with a deadline on a day.

    `release_at` None means now. `previewed` is the fingerprint of the preview that the commissioner looked at.
    """

    referral_id: str
    deadline_on: date
    release_at: datetime | None
    previewed: str


def issue_referral(work: Work, actor: Actor, command: IssueReferral) -> str:
    """Issue a referral by its route: freeze text, times, recipients and exclusions, and queue the alerts (R1, R2, R9).

    All alerts may leave at the release and not before. Returns the id of the issue. Raises NotFoundError for another
    council's, ConflictError where it is issued already, where findings wait for a person, where something stands
    against it, where it is no longer what was previewed or where a second person has not approved it, InvalidInputError
    for release or deadline.
    """
    row = find_draft(work, actor, command.referral_id)
    release_at = _release(work, command)
    shown = preview(work.session, row, release_at)
    _check(work, row, command, shown)
    deadline_at = planned_deadline(shown, command.deadline_on)
    _check_looked_at(work, row, command, shown)
    withdraw_looks(work, actor, row.id)
    issue = _freeze(work, actor, row, shown, (release_at, deadline_at))
    _alert(work, row, issue, shown)
    _tell(work, actor, row, issue, shown)
    return issue.id


def _release(work: Work, command: IssueReferral) -> datetime:
    if command.release_at is None:
        return work.now
    if command.release_at < work.now:
        raise InvalidInputError("release", "The release time has passed. Choose a later one.")
    return command.release_at


def _check(work: Work, row: ReferralRow, command: IssueReferral, shown: Preview) -> None:
    if unconfirmed_findings(work.session, row):
        raise ConflictError("Check the wording first: some of it may identify the learner.")
    if shown.faults:
        raise ConflictError(shown.faults[0])
    if shown.fingerprint != command.previewed:
        raise ConflictError(
            "Who is asked, or what they read, has changed since you looked. Look at it again, then issue it."
        )


def _check_looked_at(work: Work, row: ReferralRow, command: IssueReferral, shown: Preview) -> None:
    """Raise ConflictError unless a second person has approved all that needs one, exactly as it goes out."""
    exactly = plan_fingerprint(shown.fingerprint, command.deadline_on, command.release_at)
    if not is_approved(work.session, row.id, shown.needs(command.deadline_on), exactly):
        raise ConflictError("A colleague must approve this referral first, exactly as it is shown now.")


def _freeze(work: Work, actor: Actor, row: ReferralRow, shown: Preview, times: tuple[datetime, datetime]) -> IssueRow:
    release_at, deadline_at = times
    recipients, heard_by = shown.selection.recipients, _heard_by(work, shown)
    issue = IssueRow(
        id=new_id(),
        referral_id=row.id,
        version=1,
        issued_at=work.now,
        issued_by=actor.id,
        release_at=release_at,
        deadline_at=deadline_at,
        zone=LONDON.key,
        terms=asdict(shown.terms),
        text=shown.text,
        hash=issue_hash(shown.text, release_at, deadline_at, [one.setting.id for one in recipients]),
    )
    work.session.add(issue)
    work.session.add_all(
        RecipientRow(
            id=new_id(),
            referral_id=row.id,
            council_id=row.council_id,
            setting_id=one.setting.id,
            setting_name=one.setting.name,
            provider_id=one.setting.provider_id,
            contact_id=next(iter(heard_by.get(one.setting.id, ())), one.setting.referral_contact_id),
        )
        for one in recipients
    )
    work.session.add_all(_exclusion(row.id, out) for out in shown.selection.excluded)
    work.session.flush()
    return issue


def _heard_by(work: Work, shown: Preview) -> Mapping[str, Sequence[str]]:
    return who_hears(work.session, [one.setting.id for one in shown.selection.recipients])


def _exclusion(referral_id: str, out: Excluded) -> ExclusionRow:
    setting = out.candidate.setting
    return ExclusionRow(
        referral_id=referral_id,
        setting_id=setting.id,
        setting_name=setting.name,
        reasons=[[reason.filter, reason.words] for reason in out.reasons],
    )


def _alert(work: Work, row: ReferralRow, issue: IssueRow, shown: Preview) -> None:
    """Queue one alert to each who hears for a setting: somebody who stands for two settings needs one, not two.

    One for each setting comes first: these are the alerts that the council is shown.
    """
    values = asked_values(issue.text, issue.deadline_at.isoformat(), row.id)
    heard_by = _heard_by(work, shown).values()
    first, others = (people[0] for people in heard_by), (one for people in heard_by for one in people[1:])
    queue_messages(
        work,
        [
            NewMessage(
                type=ALERT,
                values=values,
                person_id=contact_id,
                dedupe_key=f"referrals.alert:{issue.id}:{contact_id}",
                not_before=issue.release_at,
                urgency=Urgency.URGENT,
                about=Subject("referral", row.id),
            )
            for contact_id in dict.fromkeys((*first, *others))
        ],
    )


def _tell(work: Work, actor: Actor, row: ReferralRow, issue: IssueRow, shown: Preview) -> None:
    """Put the whole decision on record (R34) and announce it."""
    selection = shown.selection
    details = {
        "version": issue.version,
        "route": shown.route,
        "regime": shown.framework.regime,
        "hash": issue.hash,
        "release_at": issue.release_at.isoformat(),
        "deadline_at": issue.deadline_at.isoformat(),
        "recipients": sorted(one.setting.id for one in selection.recipients),
        "excluded": {out.candidate.setting.id: [reason.filter for reason in out.reasons] for out in selection.excluded},
        KEPT: vouched(work.session, row.id, Record.ROUTE, Record.VERSION),
    }
    audit.record(work, actor=actor.id, action="referrals.issue", subject=("referral", row.id), details=details)
    publish(
        work,
        ReferralIssued(
            referral_id=row.id,
            council_id=row.council_id,
            lot_id=row.lot_id,
            release_at=issue.release_at.isoformat(),
            deadline_at=issue.deadline_at.isoformat(),
            recipients=len(selection.recipients),
        ),
    )
