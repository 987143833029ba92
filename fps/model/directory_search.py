from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fps.model import SettingKind, Status
from fps.model.directory import Attendance, KeyStage, Need, Profile, Stay, VacancyCard


@dataclass(frozen=True)
class Point:
    """A point of the British National Grid in metres, and what it is called."""

    name: str
    easting: int
    northing: int


class Sort(StrEnum):
    """The order of a search. Nearness needs a place; free places only sort, they never leave anybody out (R4)."""

    NAME = "name"
    NEAREST = "nearest"
    PLACES = "places"


@dataclass(frozen=True)
class Wanted:
    """What is looked for in the directory; None and empty stand for anything.

    `within_km` needs `near`. `sees_status` lets in who stands suspended, for councils. `least_age` and `most_age` bound
    the ages for which a setting is registered; `says_needs` leaves out who names no need. `is_unsaid` looks for those
    instead that have published nothing and so may fit: of these the needs, stays and stages are not known.
    """

    words: str = ""
    need: Need | None = None
    age: int | None = None
    kind: SettingKind | None = None
    stay: Stay | None = None
    is_residential: bool = False
    lot_id: str | None = None
    key_stage: KeyStage | None = None
    attendance: Attendance | None = None
    near: Point | None = None
    within_km: float | None = None
    sort: Sort = Sort.NAME
    is_ap_only: bool = False
    sees_status: bool = False
    least_age: int | None = None
    most_age: int | None = None
    provider_id: str | None = None
    says_needs: bool = False
    is_unsaid: bool = False


@dataclass(frozen=True)
class Listing:
    """A setting as the directory shows it. `km` is None without a place on either side; `profile` where it wrote none.

    `status` is the best one that it has on any lot, `standings` each lot's id with the status there.
    """

    id: str
    name: str
    provider_id: str
    urn: str | None
    kind: SettingKind
    age_from: int
    age_to: int
    intake: str
    district: str
    status: Status
    km: float | None
    profile: Profile | None
    vacancies: tuple[VacancyCard, ...]
    standings: tuple[tuple[str, Status], ...]

    @property
    def takes_learners(self) -> bool:
        """Tell whether it is open to new learners on some lot."""
        return self.status is Status.ACTIVE
