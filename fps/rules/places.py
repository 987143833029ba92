"""Where something is on the map of Great Britain, and how far from there it is to somewhere else."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Protocol

from pyproj import Transformer

_DISTRICT = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)(?:[0-9][A-Z]{2})?")


class OnTheGrid(Protocol):
    """Anything with a point of the British National Grid, in metres."""

    @property
    def easting(self) -> int:
        """Metres east."""
        ...

    @property
    def northing(self) -> int:
        """Metres north."""
        ...


def distance_km(a: OnTheGrid, b: OnTheGrid) -> float:
    """Return the distance of two points as the crow flies, in kilometres.

    The grid is flat: within the North West a straight line on it is true to less than a thousandth.
    """
    return math.hypot(a.easting - b.easting, a.northing - b.northing) / 1000


def to_latitude_longitude(easting: int, northing: int) -> tuple[float, float]:
    """Return a point of the British National Grid in degrees (WGS 84), true to a few metres."""
    latitude, longitude = _to_degrees().transform(easting, northing)
    return round(latitude, 5), round(longitude, 5)


def to_easting_northing(latitude: float, longitude: float) -> tuple[int, int]:
    """Return a point given in degrees (WGS 84) on the British National Grid, in whole metres."""
    easting, northing = _to_grid().transform(latitude, longitude)
    return round(easting), round(northing)


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs("EPSG:27700", "EPSG:4326")


@cache
def _to_grid() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:27700")


def postcode_district(postcode: str) -> str:
    """Return the first part of a postcode, or of a district however it is written: "l20 3ab" and "L20" are L20.

    Empty for what is neither.
    """
    found = _DISTRICT.fullmatch("".join(postcode.split()).upper())
    return found[1] if found else ""
