from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model.open_data import Place
from fps.rules.places import distance_km, postcode_district, to_latitude_longitude

BOOTLE, LIVERPOOL = Place("L20", 334_200, 394_900), Place("L1", 334_700, 390_000)
_METRES = st.integers(0, 700_000)


def test_the_distance_is_as_the_crow_flies() -> None:
    assert distance_km(BOOTLE, LIVERPOOL) == pytest.approx(4.925, abs=0.001)


@given(_METRES, _METRES, _METRES, _METRES)
def test_the_distance_is_the_same_both_ways_and_never_negative(a: int, b: int, c: int, d: int) -> None:
    here, there = Place("A1", a, b), Place("B1", c, d)
    assert distance_km(here, there) == distance_km(there, here) >= 0
    assert distance_km(here, here) == 0


def test_a_point_of_the_grid_lies_where_maps_have_it() -> None:
    """The example of the Ordnance Survey's guide to coordinate systems, to some ten metres."""
    latitude, longitude = to_latitude_longitude(651_410, 313_177)
    assert latitude == pytest.approx(52.6579, abs=0.0003)
    assert longitude == pytest.approx(1.7161, abs=0.0003)


@pytest.mark.parametrize(
    ("written", "district"),
    [
        ("L20 3AB", "L20"),
        (" l203ab ", "L20"),
        ("L20", "L20"),
        ("M1 1AE", "M1"),
        ("M11AE", "M1"),
        ("SW1A 1AA", "SW1A"),
        ("", ""),
        ("Sefton", ""),
        ("L20 3A", ""),
    ],
)
def test_a_district_is_found_however_the_postcode_is_written(written: str, district: str) -> None:
    assert postcode_district(written) == district


@given(st.text(max_size=12))
def test_whatever_is_written_a_district_has_at_most_four_signs(written: str) -> None:
    assert len(postcode_district(written)) <= 4
