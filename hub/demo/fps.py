from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.frameworks.open_north_west import open_north_west
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.register_setting import register_setting
from fps.model import DocumentKind, Intake, LotCard, NewSetting, SettingKind, Status
from fps.queries import lots
from hub.demo.cast import Cast
from kernel.calendar import london_date
from kernel.work import Work
from people.model import Actor
from people.queries import person

_TO_ACTIVE = (Status.APPLIED, Status.ADMITTED, Status.ACTIVE)
_LASTS = timedelta(days=200)
_SCHOOL = SettingKind.INDEPENDENT_SPECIAL


@dataclass(frozen=True)
class _Setting:
    """An invented setting of the demo; `provider` counts through the cast, `path` is its way on the lot."""

    name: str
    provider: int
    ages: tuple[int, int]
    district: str
    lot: int = 1
    kind: SettingKind = _SCHOOL
    intake: Intake = Intake.MIXED
    path: tuple[Status, ...] = _TO_ACTIVE
    insured_for: timedelta = _LASTS


_SETTINGS = (
    _Setting("Alder Grove School", 0, (5, 16), "Sefton"),
    _Setting("Beacon Lane School", 1, (4, 11), "Liverpool"),
    _Setting("Coppice Day School", 2, (7, 16), "Wirral"),
    _Setting("Dove Meadow School", 3, (4, 11), "Knowsley", kind=SettingKind.NMSS),
    _Setting("Alder Grove Seniors", 0, (12, 16), "Sefton"),
    _Setting("Estuary House School", 4, (8, 16), "Halton", intake=Intake.BOYS),
    _Setting("Beacon Lane Bridge", 1, (5, 16), "Liverpool", path=(*_TO_ACTIVE, Status.SUSPENDED)),
    _Setting("Coppice Annexe", 2, (7, 16), "Wirral", path=(*_TO_ACTIVE, Status.SELF_PAUSED)),
    _Setting("Dove Meadow House", 3, (5, 16), "St Helens", insured_for=timedelta(days=-1)),
    _Setting("Fell View Juniors", 5, (5, 11), "Cumberland", path=(Status.APPLIED, Status.ADMITTED)),
    _Setting("Fell View College", 5, (16, 25), "Cumberland", lot=4, kind=SettingKind.SPECIAL_POST16),
    _Setting("Estuary Turnaround", 4, (11, 16), "Halton", lot=7, kind=SettingKind.AP_UNREGISTERED),
)
_REASONS: Mapping[Status, str] = {
    Status.APPLIED: "Applied in the last joining round.",
    Status.ADMITTED: "All tender checks passed.",
    Status.ACTIVE: "The contract is signed.",
    Status.SUSPENDED: "The lead authority looks into a serious complaint.",
    Status.SELF_PAUSED: "No place is free before the summer.",
}


def seed(work: Work, cast: Cast) -> None:
    """Fill the register: the North West framework and a dozen settings, some of which cannot take referrals."""
    lead = person(work.session, cast.lead_authority_id)
    framework_id = open_north_west(work, lead)
    by_number = {lot.number: lot for lot in lots(work.session, [framework_id])}
    for number, setting in enumerate(_SETTINGS, start=1):
        _register(work, lead, cast, by_number[setting.lot], (number, setting))


def _register(work: Work, lead: Actor, cast: Cast, lot: LotCard, numbered: tuple[int, _Setting]) -> None:
    number, setting = numbered
    provider_id, user_id = cast.providers[setting.provider]
    has_urn = setting.kind is not SettingKind.AP_UNREGISTERED
    new = NewSetting(
        name=setting.name,
        provider_id=provider_id,
        urn=f"{999000 + number}" if has_urn else None,
        kind=setting.kind,
        age_from=setting.ages[0],
        age_to=setting.ages[1],
        intake=setting.intake,
        district=setting.district,
        referral_contact_id=user_id,
    )
    setting_id = register_setting(work, lead, new)
    today = london_date(work.now)
    for kind in lot.required_documents:
        record_document(work, lead, RecordDocument(setting_id, kind, today + _LASTS))
    for step in setting.path:
        change_status(work, lead, ChangeStatus(setting_id, lot.id, step, _REASONS[step], _day(today, step)))
    if setting.insured_for != _LASTS:
        ended = RecordDocument(setting_id, DocumentKind.INSURANCE, today + setting.insured_for)
        record_document(work, lead, ended)


def _day(today: date, step: Status) -> date:
    return today - timedelta(days=400 if step in _TO_ACTIVE else 7)
