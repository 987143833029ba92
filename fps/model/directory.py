from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fps.model import SettingKind
from kernel.translation import Phrase, say


class Need(StrEnum):
    """A need that a setting caters for: the four broad areas of the SEND Code, then the SEN types of GIAS."""

    COMMUNICATION = "communication"
    COGNITION = "cognition"
    SOCIAL_EMOTIONAL = "social_emotional"
    SENSORY_PHYSICAL = "sensory_physical"
    SPLD = "spld"
    MLD = "mld"
    SLD = "sld"
    PMLD = "pmld"
    SEMH = "semh"
    SLCN = "slcn"
    HI = "hi"
    VI = "vi"
    MSI = "msi"
    PD = "pd"
    ASD = "asd"
    OTH = "oth"


AREAS = (Need.COMMUNICATION, Need.COGNITION, Need.SOCIAL_EMOTIONAL, Need.SENSORY_PHYSICAL)
"""The four broad areas of need of the SEND Code of Practice."""
SEN_TYPES = tuple(need for need in Need if need not in AREAS)
"""The types of special educational need by which GIAS describes schools."""


class Stay(StrEnum):
    """Whether learners go home each day, or for how many weeks a year they stay."""

    DAY = "day"
    WEEKS_38 = "weeks_38"
    WEEKS_52 = "weeks_52"


RESIDENTIAL = (Stay.WEEKS_38, Stay.WEEKS_52)


class Therapy(StrEnum):
    """A therapy that a setting gives with its own staff or brings in."""

    SPEECH = "speech"
    OCCUPATIONAL = "occupational"
    PHYSIOTHERAPY = "physiotherapy"
    PSYCHOLOGY = "psychology"
    COUNSELLING = "counselling"
    ARTS = "arts"
    NURSING = "nursing"


class KeyStage(StrEnum):
    """A key stage that alternative provision teaches."""

    KS1 = "ks1"
    KS2 = "ks2"
    KS3 = "ks3"
    KS4 = "ks4"
    KS5 = "ks5"


class Attendance(StrEnum):
    """Whether a learner can be there for all of the school week or for part of it."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


ALTERNATIVE_PROVISION = (SettingKind.REGISTERED_AP, SettingKind.AP_UNREGISTERED, SettingKind.ONLINE)
"""The kinds that the directory of alternative provision shows."""

NEED_WORDS: Mapping[Need, Phrase] = {
    Need.COMMUNICATION: say("fps.directory.need", "Communication and interaction"),
    Need.COGNITION: say("fps.directory.need", "Cognition and learning"),
    Need.SOCIAL_EMOTIONAL: say("fps.directory.need", "Social, emotional and mental health needs"),
    Need.SENSORY_PHYSICAL: say("fps.directory.need", "Sensory and physical needs"),
    Need.SPLD: say("fps.directory.need", "Specific learning difficulty, such as dyslexia"),
    Need.MLD: say("fps.directory.need", "Moderate learning difficulty"),
    Need.SLD: say("fps.directory.need", "Severe learning difficulty"),
    Need.PMLD: say("fps.directory.need", "Profound and multiple learning difficulty"),
    Need.SEMH: say("fps.directory.need", "Social, emotional and mental health"),
    Need.SLCN: say("fps.directory.need", "Speech, language and communication"),
    Need.HI: say("fps.directory.need", "Hearing impairment"),
    Need.VI: say("fps.directory.need", "Vision impairment"),
    Need.MSI: say("fps.directory.need", "Both hearing and vision impairment"),
    Need.PD: say("fps.directory.need", "Physical disability"),
    Need.ASD: say("fps.directory.need", "Autism"),
    Need.OTH: say("fps.directory.need", "Other difficulty or disability"),
}
STAY_WORDS: Mapping[Stay, Phrase] = {
    Stay.DAY: say("fps.directory.stay", "Day school"),
    Stay.WEEKS_38: say("fps.directory.stay", "Boarding in term time (38 weeks a year)"),
    Stay.WEEKS_52: say("fps.directory.stay", "Boarding all year (52 weeks)"),
}
THERAPY_WORDS: Mapping[Therapy, Phrase] = {
    Therapy.SPEECH: say("fps.directory.therapy", "Speech and language therapy"),
    Therapy.OCCUPATIONAL: say("fps.directory.therapy", "Occupational therapy"),
    Therapy.PHYSIOTHERAPY: say("fps.directory.therapy", "Physiotherapy"),
    Therapy.PSYCHOLOGY: say("fps.directory.therapy", "Psychology"),
    Therapy.COUNSELLING: say("fps.directory.therapy", "Counselling"),
    Therapy.ARTS: say("fps.directory.therapy", "Music, art or drama therapy"),
    Therapy.NURSING: say("fps.directory.therapy", "Nursing"),
}
KEY_STAGE_WORDS: Mapping[KeyStage, Phrase] = {
    KeyStage.KS1: say("fps.directory.stage", "Key stage 1 (ages 5 to 7)"),
    KeyStage.KS2: say("fps.directory.stage", "Key stage 2 (ages 7 to 11)"),
    KeyStage.KS3: say("fps.directory.stage", "Key stage 3 (ages 11 to 14)"),
    KeyStage.KS4: say("fps.directory.stage", "Key stage 4 (ages 14 to 16)"),
    KeyStage.KS5: say("fps.directory.stage", "Key stage 5 (ages 16 and over)"),
}
ATTENDANCE_WORDS: Mapping[Attendance, Phrase] = {
    Attendance.FULL_TIME: say("fps.directory.attendance", "Full time"),
    Attendance.PART_TIME: say("fps.directory.attendance", "Part time"),
}
KIND_WORDS: Mapping[SettingKind, Phrase] = {
    SettingKind.NMSS: say("fps.directory.kind", "Non-maintained special school"),
    SettingKind.INDEPENDENT_SPECIAL: say("fps.directory.kind", "Independent special school"),
    SettingKind.INDEPENDENT_OTHER: say("fps.directory.kind", "Independent school"),
    SettingKind.SPECIAL_POST16: say("fps.directory.kind", "Special college for ages 16 and over"),
    SettingKind.FE_COLLEGE: say("fps.directory.kind", "Further education college"),
    SettingKind.ONLINE: say("fps.directory.kind", "Online school"),
    SettingKind.REGISTERED_AP: say("fps.directory.kind", "Alternative provision, registered as a school"),
    SettingKind.INDEPENDENT_LEARNING_PROVIDER: say("fps.directory.kind", "Independent learning provider"),
    SettingKind.AP_UNREGISTERED: say("fps.directory.kind", "Alternative provision, not registered as a school"),
}


@dataclass(frozen=True)
class Profile:
    """What a provider says of a setting in public. Empty where nothing was said; angles in degrees (WGS 84).

    Phone and email are the setting's, never a person's. `hours` to `attendance` are of alternative provision.
    """

    summary: str = ""
    day: str = ""
    needs: tuple[Need, ...] = ()
    therapies: tuple[Therapy, ...] = ()
    stays: tuple[Stay, ...] = ()
    accessibility: str = ""
    visiting: str = ""
    transport: str = ""
    website: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    hours: str = ""
    subjects: str = ""
    key_stages: tuple[KeyStage, ...] = ()
    attendance: tuple[Attendance, ...] = ()


@dataclass(frozen=True)
class ProfileVersion:
    """One version of a profile; a draft has no `published_at`."""

    number: int
    content: Profile
    written_at: datetime
    written_by: str
    published_at: datetime | None


@dataclass(frozen=True)
class VacancyCard:
    """Free places of a setting on a lot for an age band, both ages included, as its provider last told.

    `places` and `confirmed_at` are None until it has told; `expected_places` are to come on `expected_on`.
    """

    id: str
    setting_id: str
    lot_id: str
    lot_title: str
    age_from: int
    age_to: int
    places: int | None
    expected_places: int | None
    expected_on: date | None
    note: str
    confirmed_at: datetime | None


@dataclass(frozen=True)
class VacancyReport:
    """What a provider told of an age band at one time, on a channel; `is_same` where it confirmed what stood."""

    vacancy_id: str
    at: datetime
    reported_by: str
    channel: str
    is_same: bool
    places: int
    expected_places: int | None
    expected_on: date | None
    note: str


@dataclass(frozen=True)
class AskedLine:
    """One line of a monthly question: its letter, the band's id, what it is called, and the places last told."""

    letter: str
    vacancy_id: str
    title: str
    places: int | None
    is_answered: bool
