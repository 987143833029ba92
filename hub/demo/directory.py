from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fps.actions.directory.report_places import OpenBand, open_band
from fps.actions.directory.write_profile import WriteProfile, write_profile
from fps.model import SettingCard, SettingKind
from fps.model.directory import Attendance, KeyStage, Need, Profile, Stay, Therapy
from fps.queries import settings_of
from fps.queries.directory_standing import lots_of
from fps.rules.vacancies import Told
from hub.demo.cast import Cast
from kernel.calendar import london_date
from kernel.work import Work
from people.queries import person


@dataclass(frozen=True)
class _Page:
    """What an invented setting says of itself, where it is (degrees), and its free places, None for never told."""

    summary: str
    needs: tuple[Need, ...]
    at: tuple[float, float]
    stays: tuple[Stay, ...] = (Stay.DAY,)
    places: int | None = None
    expected: int = 0


_PAGES: Mapping[str, _Page] = {
    "Alder Grove School": _Page(
        "A small day school for autistic children who find large schools too loud.",
        (Need.COMMUNICATION, Need.ASD, Need.SLCN),
        (53.489, -3.004),
        places=3,
        expected=2,
    ),
    "Beacon Lane School": _Page(
        "A primary school for children who need help to feel safe before they can learn.",
        (Need.SOCIAL_EMOTIONAL, Need.SEMH),
        (53.408, -2.972),
        places=0,
    ),
    "Coppice Day School": _Page(
        "A school in the woods: half of each day is outdoors, whatever the weather.",
        (Need.COGNITION, Need.MLD, Need.SLD),
        (53.372, -3.073),
        places=5,
    ),
    "Dove Meadow School": _Page(
        "A school for children with profound learning difficulties, with a hydrotherapy pool and nurses.",
        (Need.COGNITION, Need.SENSORY_PHYSICAL, Need.PMLD, Need.PD),
        (53.454, -2.853),
        (Stay.DAY, Stay.WEEKS_38),
        places=1,
    ),
    "Alder Grove Seniors": _Page(
        "The older sister of Alder Grove School, with workshops and a kitchen.",
        (Need.COMMUNICATION, Need.ASD),
        (53.492, -3.010),
    ),
    "Estuary House School": _Page(
        "A school for boys who have been out of school for a long time.",
        (Need.SOCIAL_EMOTIONAL, Need.SEMH),
        (53.340, -2.731),
        places=2,
    ),
    "Fell View College": _Page(
        "A college for young people from 16 on who want to live and work on their own.",
        (Need.COGNITION, Need.MLD, Need.ASD),
        (54.664, -2.752),
        places=4,
    ),
    "Estuary Turnaround": _Page(
        "Motor mechanics, cooking and maths in a small group, for pupils at risk of exclusion.",
        (Need.SOCIAL_EMOTIONAL, Need.SEMH),
        (53.338, -2.725),
        places=6,
    ),
}
_POSTCODES = {"Sefton": "L20 3AB", "Liverpool": "L1 8JQ", "Wirral": "CH41 5AA", "Knowsley": "L36 9UX"}
_AP = (SettingKind.AP_UNREGISTERED, SettingKind.REGISTERED_AP)


def seed(work: Work, cast: Cast) -> None:
    """Let the demo's providers write their pages of the directory and tell their free places."""
    users = dict(cast.providers)
    for card in settings_of(work.session, users):
        page = _PAGES.get(card.name)
        if page is not None:
            _tell(work, users[card.provider_id], card, page)


def _tell(work: Work, user_id: str, card: SettingCard, page: _Page) -> None:
    actor, today = person(work.session, user_id), london_date(work.now)
    write_profile(work, actor, WriteProfile(card.id, _content(card, page), is_published=True, seen=0))
    if page.places is None:
        return
    ahead = today + timedelta(days=60)
    told = Told(page.places, page.expected, ahead) if page.expected else Told(page.places)
    for lot in lots_of(work.session, card.id, today):
        open_band(work, actor, OpenBand(card.id, lot.id, card.age_from, card.age_to, told))


def _content(card: SettingCard, page: _Page) -> Profile:
    site = card.name.lower().replace(" ", "-")
    is_ap = card.kind in _AP
    return Profile(
        summary=page.summary,
        day="We start at 9:15am with breakfast and a plan for the day. Lessons are short, with breaks outdoors. "
        "Everybody goes home at 3pm with a message about what went well.",
        needs=page.needs,
        therapies=(Therapy.SPEECH, Therapy.OCCUPATIONAL),
        stays=page.stays,
        accessibility="All rooms are on the ground floor. There are two quiet rooms and an accessible toilet.",
        visiting="Families are welcome on Tuesday mornings. Call the office first.",
        transport="Bus stop outside the gate. Most learners come by taxi that their council arranges.",
        website=f"https://{site}.example.org",
        phone="0151 496 0123",
        email=f"{site}@example.org",
        address=f"1 School Lane, {card.district}",
        postcode=_POSTCODES.get(card.district, "WA7 4AA"),
        latitude=page.at[0],
        longitude=page.at[1],
        hours="Monday to Friday, 9:30am to 2:30pm" if is_ap else "",
        subjects="English, maths, motor mechanics, cooking" if is_ap else "",
        key_stages=(KeyStage.KS3, KeyStage.KS4) if is_ap else (),
        attendance=(Attendance.FULL_TIME, Attendance.PART_TIME) if is_ap else (),
    )
