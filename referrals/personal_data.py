from __future__ import annotations

from kernel.database import Base
from people.holdings import Fate, Holding, Holdings
from referrals import tables

_WHY = "It is evidence of a procurement: who asked, who answered, who opened, and when (R34, R36)."
_UNTIL = "6 years after the placement agreement has ended"
_SEALED = (
    "What was offered, and the price, is not in this copy: it is sealed until two people open it after the deadline "
    "(R21, R22), and it is the provider's, not a person's."
)


def _evidence(kind: str, title: str, row: type[Base], column: str, shown: dict[str, str], note: str = "") -> Holding:
    return Holding(kind, title, row, Fate.KEEP, column, shown=shown, why=_WHY, until=_UNTIL, note=note)


_RESPONSE = {"received_at": "Received", "checksum": "Checksum of the sealed answer"}

HOLDINGS = (
    _evidence(
        "written",
        "Referrals you wrote",
        tables.ReferralRow,
        "author_id",
        {"reference": "Reference", "created_at": "Written"},
    ),
    _evidence(
        "closed",
        "Referrals you closed",
        tables.ReferralRow,
        "closed_by",
        {"reference": "Reference", "closed_at": "Closed", "closed_reason": "Reason"},
    ),
    _evidence(
        "confirmed",
        "Findings you let stand",
        tables.ConfirmationRow,
        "person_id",
        {"referral_id": "Referral", "at": "When"},
    ),
    _evidence(
        "issued",
        "Referrals you issued",
        tables.IssueRow,
        "issued_by",
        {"referral_id": "Referral", "version": "Version", "issued_at": "Issued"},
    ),
    _evidence(
        "asked",
        "Requests that came to you",
        tables.RecipientRow,
        "contact_id",
        {"referral_id": "Referral", "setting_name": "Setting"},
    ),
    _evidence("responses", "Answers you sent in", tables.ResponseRow, "responded_by", _RESPONSE, _SEALED),
    _evidence(
        "late_responses", "Answers that came too late", tables.LateResponseRow, "responded_by", _RESPONSE, _SEALED
    ),
    _evidence(
        "unsealed", "Answers you opened", tables.UnsealRow, "person_id", {"referral_id": "Referral", "at": "When"}
    ),
)
PERSON_DATA = Holdings("referrals", HOLDINGS)
