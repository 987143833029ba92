"""What programs may ask for, and how it is read from an address."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from flask import request
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from fps.model import SettingKind, Status
from fps.model.fees import FeeKind, Unit
from hub.web.api.models import ID
from hub.web.programs import Fault, InvalidParametersError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(?P<whole>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}):(?P<seconds>[0-9]{2})(?P<rest>(?:[.][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2}))"
)
_LEAP = "60"
_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def _day(written: object) -> object:
    """Read a day as RFC 3339 writes it, and in no other way."""
    if not isinstance(written, str):
        return written
    if not _DAY.fullmatch(written):
        raise ValueError("Write days like 2026-11-23.")
    return date.fromisoformat(written)


def _moment(written: object) -> object:
    """Read a moment as RFC 3339 writes it, with the zone; the leap second is the last one that we can count."""
    if not isinstance(written, str):
        return written
    parts = _MOMENT.fullmatch(written.upper())
    if parts is None:
        raise ValueError("Write moments like 2026-11-23T10:00:00Z, with the zone.")
    seconds = "59" if parts["seconds"] == _LEAP else parts["seconds"]
    return datetime.fromisoformat(f"{parts['whole']}:{seconds}{parts['rest']}")


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; what lies before or after the years that can be counted becomes the first or last."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == 1 else _LAST


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment, json_schema_input_type=datetime)]
_PAGE = 100
_MOST = 500


class Asked(BaseModel):
    """Parameters of an address: these and no others, so that a slip of the pen never widens what is returned."""

    model_config = ConfigDict(extra="forbid")


Found = TypeVar("Found", bound=Asked)


class Nothing(Asked):
    """No parameters."""


class Paged(Asked):
    """A page of a list that is ordered by id."""

    after: Annotated[str, Field(pattern=ID)] | None = Field(
        None, description="The id after which the page begins; `next` of the page before has it"
    )
    limit: int = Field(_PAGE, ge=1, le=_MOST, description="How many at most")


class OfDay(Asked):
    """The register as it stood on a day."""

    as_at: Day | None = Field(None, description="The day, London time; today where it is left out")


class LotsAsked(Paged, OfDay):
    """Which lots."""

    framework: Annotated[str, Field(pattern=ID)] | None = Field(None, description="Only those of this framework")


class SettingsAsked(Paged, OfDay):
    """Which settings."""

    framework: Annotated[str, Field(pattern=ID)] | None = Field(
        None, description="Only those on a lot of this framework"
    )
    lot: Annotated[str, Field(pattern=ID)] | None = Field(None, description="Only those on this lot")
    status: Status | None = Field(None, description="Only those that stand so, on the lot where one is given")
    kind: SettingKind | None = Field(None, description="Only those of this kind")
    council: Annotated[str, Field(pattern=ID)] | None = Field(
        None, description="Only those on a lot through which this council may buy on the day"
    )
    provider: Annotated[str, Field(pattern=ID)] | None = Field(None, description="Only those of this provider")
    updated_since: Moment | None = Field(
        None, description="Only those of which a step was recorded at this moment or later; with the zone"
    )


class FeesAsked(Paged, OfDay):
    """Which prices."""

    lot: Annotated[str, Field(pattern=ID)] | None = Field(None, description="Only those on this lot")
    setting: Annotated[str, Field(pattern=ID)] | None = Field(None, description="Only those of this setting")
    kind: FeeKind | None = Field(None, description="Only those for this")
    unit: Unit | None = Field(None, description="Only those in this unit")


def asked(model: type[Found]) -> Found:
    """Return the parameters of the request; raises InvalidParametersError, which names each that cannot be used."""
    given = request.args.to_dict(flat=False)
    twice = [Fault(name, "Give it once.") for name, values in given.items() if len(values) > 1]
    if twice:
        raise InvalidParametersError(*twice)
    try:
        return model.model_validate_strings({name: values[0] for name, values in given.items()}, strict=True)
    except ValidationError as error:
        raise InvalidParametersError(*map(fault, error.errors(include_url=False, include_input=False))) from error


def fault(error: object) -> Fault:
    """Return what pydantic says of a value as programs read it; the value itself is not in it."""
    told = dict(error) if isinstance(error, dict) else {}
    name = ".".join(str(part) for part in told.get("loc", ()))
    if told.get("type") == "extra_forbidden":
        return Fault(name, "There is no such parameter here.")
    return Fault(name, str(told.get("msg", "")).removeprefix("Value error, "))
