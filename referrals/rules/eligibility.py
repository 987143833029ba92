from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fps.model import STATUS_WORDS, Candidate, Intake, LotCard, Status
from fps.rules import document_faults
from referrals.model import AgeBand, Gender, Need

_TAKEN = {
    Gender.FEMALE: frozenset({Intake.MIXED, Intake.GIRLS}),
    Gender.MALE: frozenset({Intake.MIXED, Intake.BOYS}),
}
# read once: ten thousand settings ask for the same band
_AGES = {band: (min(band.ages), max(band.ages)) for band in AgeBand}


class HardFilter(StrEnum):
    """The only filters by which a setting may be left out of a mini-competition (R3).

    COUNCIL_PAUSED is the asking council's own decision, with its reasons and a date of review (L4): until it ends it
    places nobody there, so that asking would be for nothing. It is no soft fact.
    """

    WRONG_LOT = "wrong_lot"
    NOT_ACTIVE = "not_active"
    SELF_PAUSED = "self_paused"
    COUNCIL_PAUSED = "council_paused"
    DOCUMENT_LAPSED = "document_lapsed"
    AGE = "age"
    GENDER = "gender"


@dataclass(frozen=True)
class Reason:
    """One hard filter with the sentence that says it of this setting."""

    filter: HardFilter
    words: str


@dataclass(frozen=True)
class Excluded:
    """A setting left out, and every reason why."""

    candidate: Candidate
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Selection:
    """Who is asked and who is not: together exactly the candidates."""

    recipients: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]


def select_recipients(candidates: Iterable[Candidate], lot: LotCard, need: Need, on: date) -> Selection:
    """Divide the settings of the framework into those asked on `on` and those left out (R2, R3).

    Nothing but the hard filters of R3 is looked at: need, distance, places and past quality never exclude (R4).
    """
    recipients, excluded = [], []
    for candidate in candidates:
        reasons = reasons_against(candidate, lot, need, on)
        if reasons:
            excluded.append(Excluded(candidate, reasons))
        else:
            recipients.append(candidate)
    return Selection(tuple(recipients), tuple(excluded))


def reasons_against(candidate: Candidate, lot: LotCard, need: Need, on: date) -> tuple[Reason, ...]:
    """Return every reason of R3 that excludes the setting on that day; none means that it must be asked (R2)."""
    return (
        *_standing(candidate, lot),
        *_own_pause(candidate),
        *_documents(candidate, lot, on),
        *_registration(candidate, need),
    )


def needs_gender(candidates: Iterable[Candidate]) -> bool:
    """Tell whether a registration on the lot is for one gender, so that the referral may say it (R31)."""
    return any(one.status is not None and one.setting.intake is not Intake.MIXED for one in candidates)


def _standing(candidate: Candidate, lot: LotCard) -> tuple[Reason, ...]:
    status = candidate.status
    if status is None:
        return (Reason(HardFilter.WRONG_LOT, f"It is not on {lot.title}."),)
    if status is Status.ACTIVE:
        return ()
    which = HardFilter.SELF_PAUSED if status is Status.SELF_PAUSED else HardFilter.NOT_ACTIVE
    return (Reason(which, f"It {STATUS_WORDS[status]}."),)


def _own_pause(candidate: Candidate) -> tuple[Reason, ...]:
    if not candidate.paused_by_council:
        return ()
    return (Reason(HardFilter.COUNCIL_PAUSED, "Your council has paused new placements there."),)


def _documents(candidate: Candidate, lot: LotCard, on: date) -> tuple[Reason, ...]:
    if candidate.status is None:
        return ()
    faults = document_faults(lot.required_documents, candidate.documents, on)
    if not faults:
        return ()
    return tuple(Reason(HardFilter.DOCUMENT_LAPSED, f"{fault[0].upper()}{fault[1:]}.") for fault in faults)


def _registration(candidate: Candidate, need: Need) -> tuple[Reason, ...]:
    setting = candidate.setting
    reasons = []
    youngest, oldest = _AGES[need.age_band]
    # of the learner only the band is known: the setting is out only if no age in the band fits
    if setting.age_to < youngest or setting.age_from > oldest:
        words = f"It is registered for ages {setting.age_from} to {setting.age_to}."
        reasons.append(Reason(HardFilter.AGE, words))
    if need.gender is not None and setting.intake not in _TAKEN[need.gender]:
        reasons.append(Reason(HardFilter.GENDER, f"It is registered for {setting.intake} only."))
    return tuple(reasons)
