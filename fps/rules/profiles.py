"""What may stand in a setting's public profile, and by which terms it is found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from fps.model.directory import Profile
from fps.rules.places import postcode_district
from kernel.errors import InvalidInputError

LONGEST: Mapping[str, int] = {
    "summary": 600,
    "day": 1500,
    "accessibility": 1000,
    "visiting": 600,
    "transport": 600,
    "website": 300,
    "phone": 30,
    "email": 254,
    "address": 300,
    "postcode": 8,
    "hours": 300,
    "subjects": 600,
}
"""How many characters each text of a profile may have."""
_TOLD = ("summary", "day", "accessibility", "visiting", "transport", "hours", "subjects")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}")
_PHONE = re.compile(r"\+?[0-9 ()]{9,20}")
_EMAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]+")
_OF_A_CHILD = (
    (re.compile(r"\b(?:\d[ -]?){9}\d\b"), "an NHS number"),
    (re.compile(r"\b[A-Z]\d{11}[\dA-Z]\b", re.IGNORECASE), "a unique pupil number"),
    (
        re.compile(r"\b(?:born|d\.?o\.?b\.?|date of birth)\b\D{0,15}\d{1,2}\W\w{1,9}\W\d{2,4}", re.IGNORECASE),
        "a date of birth",
    ),
    (re.compile(r"\b(?:pupil|child|learner|student|boy|girl)s? (?:called|named)\b", re.IGNORECASE), "a child's name"),
)
_NORTH, _EAST = (49.8, 60.9), (-8.7, 1.8)


def tidy_postcode(written: str) -> str:
    """Return a postcode in capitals with its space, however it was written; what is none comes back in capitals."""
    bare = "".join(written.split()).upper()
    return f"{bare[:-3]} {bare[-3:]}" if len(bare) >= 5 else bare  # noqa: PLR2004 - the shortest postcode


def sign_of_a_child(text: str) -> str:
    """Say what in a text looks as if it identified a child (R31); empty where nothing does."""
    return next((what for pattern, what in _OF_A_CHILD if pattern.search(text)), "")


def check_profile(profile: Profile) -> None:
    """Raise InvalidInputError for what cannot stand in a profile, draft or not: too long, unsafe, or of a child."""
    for field, longest in LONGEST.items():
        if len(getattr(profile, field)) > longest:
            raise InvalidInputError(field, "Shorten this to {longest} characters or fewer.", longest=longest)
    for field in _TOLD:
        if sign := sign_of_a_child(getattr(profile, field)):
            raise InvalidInputError(
                field, "This looks as if it holds {sign}. Take out what could tell who a child is.", sign=sign
            )
    _check_ways(profile)
    _check_place(profile)


def _check_ways(profile: Profile) -> None:
    if profile.website and not _is_web_address(profile.website):
        raise InvalidInputError(
            "website", "Enter a web address that begins with https:// or http://, like https://school.example.org."
        )
    if profile.phone and not _PHONE.fullmatch(profile.phone):
        raise InvalidInputError("phone", "Enter a phone number of the school, like 0151 496 0000.")
    if profile.email and not _EMAIL.fullmatch(profile.email):
        raise InvalidInputError("email", "Enter an email address of the school, like office@example.org.")


def _is_web_address(written: str) -> bool:
    try:
        parts = urlsplit(written)
        is_named = bool(parts.hostname)
    except ValueError:
        return False
    is_plain = written.isprintable() and not set(written) & set(" <>\"'`\\")
    return parts.scheme in {"http", "https"} and is_named and is_plain and parts.username is None


def _check_place(profile: Profile) -> None:
    if profile.postcode and not (_POSTCODE.fullmatch(profile.postcode) and postcode_district(profile.postcode)):
        raise InvalidInputError("postcode", "Enter a full postcode, like L20 3AB.")
    if (profile.latitude is None) != (profile.longitude is None):
        raise InvalidInputError("latitude", "Enter both latitude and longitude, or leave both empty.")
    if profile.latitude is None or profile.longitude is None:
        return
    if not _NORTH[0] <= profile.latitude <= _NORTH[1]:
        raise InvalidInputError("latitude", "Enter a latitude in Great Britain, like 53.48.")
    if not _EAST[0] <= profile.longitude <= _EAST[1]:
        raise InvalidInputError("longitude", "Enter a longitude in Great Britain, like -2.24.")


def check_publishable(profile: Profile) -> None:
    """Raise InvalidInputError for a profile that says too little to help a family."""
    if not profile.summary:
        raise InvalidInputError("summary", "Say in a few sentences what the school is, before you publish.")
    if not profile.needs:
        raise InvalidInputError("needs", "Choose at least one need that you cater for, before you publish.")
    if not (profile.phone or profile.email or profile.website):
        raise InvalidInputError("phone", "Give a phone number, an email address or a website, before you publish.")


def terms_of(profile: Profile) -> tuple[str, ...]:
    """Return the terms by which a profile is found."""
    return (
        *(f"need:{need}" for need in profile.needs),
        *(f"stay:{stay}" for stay in profile.stays),
        *(f"stage:{stage}" for stage in profile.key_stages),
        *(f"attendance:{attendance}" for attendance in profile.attendance),
    )
