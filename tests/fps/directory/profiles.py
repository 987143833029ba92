"""Settings with a page in the directory, for its tests."""

from __future__ import annotations

from dataclasses import replace

from fps.actions.directory.write_profile import WriteProfile, write_profile
from fps.model.directory import Need, Profile, Stay, Therapy
from kernel.work import Work
from people.model import Actor

PROFILE = Profile(
    summary="A small school where everybody is known by name.",
    day="We begin with breakfast together.",
    needs=(Need.COMMUNICATION, Need.ASD),
    therapies=(Therapy.SPEECH,),
    stays=(Stay.DAY,),
    accessibility="All rooms are on the ground floor.",
    visiting="Call us. Tuesdays are best.",
    website="https://school.example.org",
    phone="0151 496 0000",
    email="office@example.org",
    address="1 School Lane, Bootle",
    postcode="L20 3AB",
    latitude=53.45,
    longitude=-2.99,
)


def publish(work: Work, user: Actor, setting_id: str, seen: int = 0, **changes: object) -> int:
    """Publish a page of a setting that says this."""
    content = replace(PROFILE, **changes)  # type: ignore[arg-type]  # the tests name the fields
    return write_profile(work, user, WriteProfile(setting_id, content, is_published=True, seen=seen))
