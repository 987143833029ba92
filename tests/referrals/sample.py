"""Invented values that several tests of referrals share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fps.model import Candidate, DocumentKind, Intake, LotCard, SettingCard, SettingKind, Status
from referrals.model import AgeBand, Gender, Need, NeedArea

TODAY = date(2026, 11, 23)
INSURANCE = DocumentKind.INSURANCE
LOT = LotCard("lot-1", "framework", 1, "day 0-16", (INSURANCE,), date(2026, 1, 1), None, tuple(SettingKind))


_YEARS = {AgeBand.FROM_5: "Year 2", AgeBand.FROM_12: "Year 8", AgeBand.FROM_20: "After Year 14"}


def need(age_band: AgeBand = AgeBand.FROM_8, gender: Gender | None = None, **words: str) -> Need:
    """A learner aged 8 to 11, or of another band in a year that fits."""
    return Need(
        age_band=age_band,
        year_group=_YEARS.get(age_band, "Year 5"),
        gender=gender,
        need_area=NeedArea.COMMUNICATION,
        outcomes=words.get("outcomes", "Learns to ask for a break."),
        risk_wording=words.get("risk_wording", "May leave the room when it is loud."),
        travel_zone=words.get("travel_zone", "Within 45 minutes of the north of the borough"),
        starts_from=date(2027, 1, 4),
        starts_until=date(2027, 2, 26),
    )


def candidate(
    number: int = 1,
    *,
    status: Status | None = Status.ACTIVE,
    ages: tuple[int, int] = (5, 16),
    intake: Intake = Intake.MIXED,
    documents: Mapping[DocumentKind, date | None] | None = None,
    district: str = "Sefton",
) -> Candidate:
    """A setting that passes every hard filter unless told otherwise."""
    return Candidate(
        SettingCard(
            id=f"setting-{number}",
            name=f"School {number}",
            provider_id=f"provider-{number}",
            urn=f"{999000 + number}",
            kind=SettingKind.INDEPENDENT_SPECIAL,
            age_from=ages[0],
            age_to=ages[1],
            intake=intake,
            district=district,
            referral_contact_id=f"contact-{number}",
        ),
        status,
        {INSURANCE: date(2027, 3, 31)} if documents is None else documents,
    )
