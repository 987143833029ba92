"""What the pages of people and accounts keep, for each half."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.ids import new_id
from kernel.work import Ground, Work
from people.actions.begin_session import begin_session
from people.actions.issue_api_token import IssueApiToken, issue_api_token
from people.api_scopes import ApiScope
from people.model import Role
from people.queries import contact_points
from people.tables import DelegationRow, ImportRow, InvitationRow, MergeRow, PasskeyRow
from referrals.actions.webhooks.add_endpoint import AddEndpoint, add_endpoint
from referrals.actions.webhooks.send_again import send_test
from referrals.model.webhooks import CHOSEN_TYPES
from tests.isolation.half import Half

_SOON = timedelta(days=7)
WITH_KEYS = (Role.PROVIDER_USER, Role.COMMISSIONER, Role.FORUM_COORDINATOR)


def keep_people_rows(ground: Ground, half: Half) -> None:
    """Sessions, passkeys, a delegation, an invitation, a merge and an import."""
    with ground.work() as work:
        for role in WITH_KEYS:
            _account(work, half, role)
        _delegation(work, half)
        _invitation(work, half)
        _merge(work, half)
        _import(work, half)
        _token(work, half)
        _webhook(work, half)


def _webhook(work: Work, half: Half) -> None:
    url = f"https://{half.mark.lower()}.example.org/hub"
    wanted = AddEndpoint(half.council, f"Cases of {half.mark}", url, CHOSEN_TYPES)
    administrator = half.people[Role.ADMINISTRATOR]
    send_test(work, administrator, add_endpoint(work, administrator, wanted).endpoint_id)


def _account(work: Work, half: Half, role: Role) -> None:
    person_id = half.people[role].id
    begin_session(work, person_id, browser=f"Browser of {half.mark}")
    work.session.add(
        PasskeyRow(
            id=new_id(),
            person_id=person_id,
            name=f"Key of {half.mark}",
            credential_id=new_id(),
            public_key="none",
            sign_count=0,
            created_at=work.now,
        )
    )


def _delegation(work: Work, half: Half) -> None:
    work.session.add(
        DelegationRow(
            id=new_id(),
            person_id=half.people[Role.COMMISSIONER].id,
            delegate_id=half.people[Role.QA_OFFICER].id,
            organisation_id=half.council,
            starts_at=work.now + _SOON,
            ends_at=work.now + 2 * _SOON,
            created_at=work.now,
        )
    )


def _invitation(work: Work, half: Half) -> None:
    invited = half.people[Role.QA_OFFICER].id
    email = next(point for point in contact_points(work.session, invited) if point.channel == "email")
    work.session.add(
        InvitationRow(
            id=new_id(),
            name=f"Invited {half.mark}",
            person_id=invited,
            contact_point_id=email.id,
            role=Role.COMMISSIONER,
            organisation_id=half.council,
            is_new=False,
            invited_by=half.people[Role.ADMINISTRATOR].id,
            created_at=work.now,
            grant_id=new_id(),
            sent_at=work.now,
            expires_at=work.now + _SOON,
        )
    )


def _merge(work: Work, half: Half) -> None:
    kept, gone = half.families[1:3]
    work.session.add(
        MergeRow(
            id=new_id(),
            kept_id=kept.id,
            gone_id=gone.id,
            merged_by=half.people[Role.ADMINISTRATOR].id,
            merged_at=work.now,
            undo_until=work.now + _SOON,
            moved={},
        )
    )


def _token(work: Work, half: Half) -> None:
    wanted = IssueApiToken(half.council, f"Program of {half.mark}", tuple(ApiScope), date(2027, 3, 31))
    issue_api_token(work, half.people[Role.ADMINISTRATOR], wanted)


def _import(work: Work, half: Half) -> None:
    who = half.people[Role.ADMINISTRATOR].id
    work.session.add(ImportRow(id=new_id(), person_id=who, created_at=work.now, state="ready", people=[]))
