"""What a search of the directory asks for: read from its address or its form, checked, and written back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.orm import Session

from fps.model import SettingKind
from fps.model.directory import Attendance, KeyStage, Need, Stay
from fps.model.directory_search import Point, Sort, Wanted
from fps.queries.directory import middle_of_town
from fps.queries.open_data import place
from fps.rules import OLDEST_LEARNER
from fps.rules.places import postcode_district
from kernel.translation import Phrase, say

KM_IN_A_MILE = 1.609344
DISTANCES = (5, 10, 20, 40)
RESIDENTIAL = "residential"
YES = "yes"
_LONGEST = 100
_TOWN = re.compile(r"[^\W\d_][\w '.()&-]{1,59}")
_BAD_AGE = say("fps.directory.page", "Enter an age in whole years, from 0 to 25.")
_BAD_PLACE = say("fps.directory.page", "Enter a postcode or a town.")
_NO_SUCH_PLACE = say("fps.directory.page", "We do not know that place. Check how it is written, or try a town near it.")
_NO_PLACE = say("fps.directory.page", "Enter a place too, so that we can measure how far it is.")
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """What was asked, and what of it cannot be, by field. `near` is a postcode district or a town, never more."""

    wanted: Wanted = field(default_factory=Wanted)
    age: str = ""
    near: str = ""
    within: str = ""
    unit: str = "mi"
    errors: Mapping[str, Phrase] = field(default_factory=dict)

    def args(self) -> dict[str, str | None]:
        """Return what the address of this search holds; nothing in it is finer than a postcode district."""
        wanted = self.wanted
        return {
            "q": wanted.words or None,
            "need": wanted.need,
            "age": self.age or None,
            "kind": wanted.kind,
            "stay": RESIDENTIAL if wanted.is_residential else wanted.stay,
            "stage": wanted.key_stage,
            "attendance": wanted.attendance,
            "lot": wanted.lot_id,
            "near": self.near or None,
            "within": self.within or None,
            "unit": "km" if self.unit == "km" else None,
            "sort": wanted.sort if wanted.sort is not Sort.NAME else None,
            "unsaid": YES if wanted.is_unsaid else None,
        }

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is asked for."""
        return any(value for name, value in self.args().items() if name not in ("unit", "sort"))


def _member(kind: type[Choice], written: str | None) -> Choice | None:
    return kind(written) if written in {each.value for each in kind} else None


def is_finer_than_district(written: str) -> bool:
    """Tell whether what was typed is a whole postcode: an address must not hold it."""
    district = postcode_district(written)
    return bool(district) and "".join(written.split()).upper() != district


def read_asked(values: Mapping[str, str]) -> Asked:
    """Read what a form or an address asks for; choices that do not exist stand for anything."""
    stay = values.get("stay")
    wanted = Wanted(
        words=" ".join(values.get("q", "")[:_LONGEST].split()),
        need=_member(Need, values.get("need")),
        kind=_member(SettingKind, values.get("kind")),
        stay=_member(Stay, stay),
        is_residential=stay == RESIDENTIAL,
        lot_id=values.get("lot", "")[:_LONGEST] or None,
        key_stage=_member(KeyStage, values.get("stage")),
        attendance=_member(Attendance, values.get("attendance")),
        sort=_member(Sort, values.get("sort")) or Sort.NAME,
        is_unsaid=values.get("unsaid") == YES,
    )
    asked = Asked(wanted, unit="km" if values.get("unit") == "km" else "mi")
    return _with_distance(_with_age(_with_place(asked, values), values), values)


def _with_age(asked: Asked, values: Mapping[str, str]) -> Asked:
    written = values.get("age", "").strip()[:_LONGEST]
    if not written:
        return asked
    is_age = written.isascii() and written.isdigit() and int(written) <= OLDEST_LEARNER
    if not is_age:
        return replace(asked, age=written, errors={**asked.errors, "age": _BAD_AGE})
    return replace(asked, age=str(int(written)), wanted=replace(asked.wanted, age=int(written)))


def _with_place(asked: Asked, values: Mapping[str, str]) -> Asked:
    written = " ".join(values.get("near", "")[:_LONGEST].split())
    district = postcode_district(written)
    if district or not written:
        return replace(asked, near=district)
    if not _TOWN.fullmatch(written):
        return replace(asked, errors={**asked.errors, "near": _BAD_PLACE})
    return replace(asked, near=written)


def _with_distance(asked: Asked, values: Mapping[str, str]) -> Asked:
    within = values.get("within", "")
    if within not in {str(distance) for distance in DISTANCES}:
        return asked
    if not asked.near:
        errors = {"near": _NO_PLACE, **asked.errors}
        return replace(asked, within=within, errors=errors)
    return replace(asked, within=within)


def located(session: Session, asked: Asked) -> Asked:
    """Return the same with its place found on the map; the nearest come first, unless another order is asked for."""
    if not asked.near:
        return asked
    point = find_point(session, asked.near)
    if point is None:
        return replace(asked, errors={**asked.errors, "near": _NO_SUCH_PLACE})
    per_unit = 1 if asked.unit == "km" else KM_IN_A_MILE
    within_km = int(asked.within) * per_unit if asked.within else None
    sort = Sort.NEAREST if asked.wanted.sort is Sort.NAME else asked.wanted.sort
    return replace(asked, wanted=replace(asked.wanted, near=point, within_km=within_km, sort=sort))


def find_point(session: Session, near: str) -> Point | None:
    """Find a postcode district or a town on the map."""
    district = postcode_district(near)
    if district:
        middle = place(session, district)
        return Point(district, middle.easting, middle.northing) if middle else None
    return middle_of_town(session, near)
