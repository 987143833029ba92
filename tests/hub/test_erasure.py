"""Erasure, export and merge over all domains: what must be gone is gone, what must be there is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.messages import ANSWER_FROM_PERSON
from channels.model import Subject
from channels.tables import QueueItemRow
from hub import personal_data
from hub.actions.erase_person import councils_to_agree, erase_person
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.errors import ConflictError
from kernel.work import Ground, Work
from people.actions.log_request import NewRequest, log_request
from people.actions.mark_opt_out import opt_in, opt_out
from people.actions.move_request import check_identity
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.councils import LEAD_AUTHORITY
from people.model import OrganisationKind, PersonCard, Role
from people.queries import contact_points, person
from people.rights.model import CameBy, Identity, RequestKind
from people.tables import RoleRow
from tests.hub.planting import (
    EMAIL,
    NAME,
    PHONE,
    WORDS,
    Place,
    everything,
    messages_of,
    parent,
    plant,
    rows,
    say,
    write_all,
)

TRACES = (NAME, PHONE, EMAIL, "marker")


@pytest.fixture
def place(ground: Ground) -> Place:
    with ground.work() as work:
        return plant(work)


def _request(work: Work, place: Place, kind: RequestKind = RequestKind.ERASURE) -> tuple[PersonCard, str]:
    officer = person(work.session, place.officer)
    new = NewRequest(
        place.council, kind, NAME, EMAIL, "marker-request forget me", CameBy.EMAIL, london_date(work.now), place.person
    )
    request_id = log_request(work, new, officer)
    check_identity(work, officer, request_id, Identity.KNOWN)
    return officer, request_id


def _traces(ground: Ground) -> list[tuple[str, str]]:
    with ground.read() as session:
        return [(where, value) for where, value in everything(session) if any(trace in value for trace in TRACES)]


def test_after_an_erasure_no_table_holds_anything_of_the_person(ground: Ground, place: Place) -> None:
    assert {where.partition(".")[0] for where, _ in _traces(ground)} >= {
        "persons",
        "contact_points",
        "survey_answers",
        "survey_remarks",
        "survey_sessions",
        "messages",
        "message_history",
        "inbound",
        "queue_items",
        "sandbox_posts",
    }
    with ground.work() as work:
        officer, request_id = _request(work, place)
        counts = erase_person(work, officer, request_id)
    assert counts["channels.messages"] == 1
    assert _traces(ground) == []
    with ground.read() as session:
        exported = [record for section in personal_data.sections(session, place.person) for record in section.records]
    assert not any(trace in repr(record) for record in exported for trace in TRACES)


def test_R36_what_proves_a_procurement_stays_without_what_it_said(ground: Ground, place: Place) -> None:
    with ground.work() as work:
        officer, request_id = _request(work, place)
        erase_person(work, officer, request_id)
    with ground.read() as session:
        (left,) = messages_of(session, place.person)
        kept = {found.what: found for found in personal_data.kept(session, place.person)}
    assert (left.about_kind, left.values, left.contact_point_id, left.status) == ("referral", {}, None, "cancelled")
    assert "R36" in kept["Messages we sent you about referrals"].why


def test_V9_a_safeguarding_concern_is_frozen_with_the_name_it_belongs_to(ground: Ground, place: Place) -> None:
    with ground.work() as work:
        say(work, place.person, "marker-concern somebody was hurt", "safeguarding")
        assert any(found.names for found in personal_data.kept(work.session, place.person))
        officer, request_id = _request(work, place)
        erase_person(work, officer, request_id)
    left = {where for where, _ in _traces(ground)}
    assert left == {"persons.name", "contact_points.address", "queue_items.text", "inbound.body", "inbound.sender"}


def test_STOP_is_still_honoured_when_an_erased_address_comes_back(ground: Ground, place: Place) -> None:
    with ground.work() as work:
        opt_out(work, place.person, contact_points(work.session, place.person)[0].id)
        officer, request_id = _request(work, place)
        erase_person(work, officer, request_id)
    with ground.work() as work:
        again = parent(work, place.forum, "Somebody New", PHONE)
        other = parent(work, place.forum, "Somebody Else", "+447700900312")
        (point,) = contact_points(work.session, again)
        assert point.opted_out_at is not None
        assert contact_points(work.session, other)[0].opted_out_at is None
        opt_in(work, again, point.id)
        assert contact_points(work.session, parent(work, place.forum, "A Third", PHONE))[0].opted_out_at is None


def test_an_erasure_asks_who_it_was_and_is_done_once(ground: Ground, place: Place) -> None:
    with ground.work() as work:
        officer = person(work.session, place.officer)
        new = NewRequest(
            place.council, RequestKind.ERASURE, "", "", "", CameBy.PHONE, london_date(work.now), place.person
        )
        request_id = log_request(work, new, officer)
        with pytest.raises(ConflictError, match="made sure who asks"):
            erase_person(work, officer, request_id)
        check_identity(work, officer, request_id, Identity.KNOWN)
        erase_person(work, officer, request_id)
        with pytest.raises(ConflictError, match="already"):
            erase_person(work, officer, request_id)


def test_V11_another_council_must_have_been_asked_too(ground: Ground, place: Place) -> None:
    with ground.work() as work:
        other = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Hillborough", code="E99000012"))
        second = register_person(work, NewPerson("Second Officer", "en", ((Role.AUDITOR, other),)))
        shared = register_person(
            work, NewPerson("Both", "en", ((Role.COMMISSIONER, other), (Role.FAMILY, place.forum)))
        )
        both = Place(place.council, place.forum, place.officer, shared)
        officer, request_id = _request(work, both)
        with pytest.raises(ConflictError, match="another council"):
            erase_person(work, officer, request_id)
        _request(work, Place(other, "", second, shared))
        erase_person(work, officer, request_id)


@pytest.fixture
def lead(ground: Ground) -> Place:
    """The lead authority's council with its officer; `person` and `forum` are nobody's."""
    with ground.work() as work:
        council = register_organisation(
            work, NewOrganisation(OrganisationKind.COUNCIL, "The lead authority", code=LEAD_AUTHORITY)
        )
        officer = register_person(work, NewPerson("Lena Roth", "en", ((Role.AUDITOR, council),)))
    return Place(council, "", officer, "")


def _provider_user(work: Work, *also: tuple[Role, str]) -> str:
    provider = register_organisation(work, NewOrganisation(OrganisationKind.PROVIDER, "Alder Grove Schools"))
    return register_person(work, NewPerson("Priya Desai", "en", ((Role.PROVIDER_USER, provider), *also)))


def test_no_council_erases_a_providers_user_without_the_lead_authority(
    ground: Ground, place: Place, lead: Place
) -> None:
    with ground.work() as work:
        priya = _provider_user(work)
        officer, request_id = _request(work, replace(place, person=priya))
        assert councils_to_agree(work.session, priya, place.council) == {lead.council}
        with pytest.raises(ConflictError, match="another council"):
            erase_person(work, officer, request_id)
        assert person(work.session, priya).name == "Priya Desai"
        _request(work, replace(lead, person=priya))
        erase_person(work, officer, request_id)
        assert person(work.session, priya).name == ""


def test_a_request_of_another_kind_is_no_agreement(ground: Ground, place: Place, lead: Place) -> None:
    with ground.work() as work:
        priya = _provider_user(work)
        officer, request_id = _request(work, replace(place, person=priya))
        _request(work, replace(lead, person=priya), RequestKind.ACCESS)
        with pytest.raises(ConflictError, match="another council"):
            erase_person(work, officer, request_id)


def test_whoever_works_in_a_council_and_with_a_provider_needs_both(ground: Ground, place: Place, lead: Place) -> None:
    with ground.work() as work:
        both = _provider_user(work, (Role.COMMISSIONER, place.council))
        officer, request_id = _request(work, replace(lead, person=both))
        with pytest.raises(ConflictError, match="another council"):
            erase_person(work, officer, request_id)
        _request(work, replace(place, person=both))
        erase_person(work, officer, request_id)


def test_nobody_erases_a_stranger_without_the_lead_authority(ground: Ground, place: Place) -> None:
    with ground.work() as work:
        stranger = register_person(work, NewPerson("", "en", (), (("sms", "+447700900777"),)))
        officer, request_id = _request(work, replace(place, person=stranger))
        with pytest.raises(ConflictError, match="not registered here"):
            erase_person(work, officer, request_id)


def test_an_export_holds_every_word_that_was_planted(ground: Ground, place: Place) -> None:
    with ground.read() as session:
        told = repr([record for section in personal_data.sections(session, place.person) for record in section.records])
    assert [words for words in WORDS.values() if words not in told] == [WORDS["unheard"]]
    assert all(trace in told for trace in (NAME, PHONE, EMAIL))


@pytest.fixture
def moved(ground: Ground, place: Place) -> Place:
    """The person now also lives in another council's area; what they said before is the first council's."""
    with ground.work() as work:
        item = say(work, place.person, "marker-concern", "safeguarding")
        work.session.execute(update(QueueItemRow).values(organisation_id=place.forum))
        assert work.session.get_one(QueueItemRow, item).organisation_id == place.forum
        council = register_organisation(
            work, NewOrganisation(OrganisationKind.COUNCIL, "Hillborough", code="E99000012")
        )
        forum = register_organisation(
            work, NewOrganisation(OrganisationKind.FORUM, "Hillborough Forum", council_id=council)
        )
        officer = register_person(work, NewPerson("Olaf Berg", "en", ((Role.AUDITOR, council),)))
        work.session.add(RoleRow(person_id=place.person, role=Role.FAMILY, organisation_id=forum))
        new = say(work, place.person, "marker-new here", "questions")
        work.session.execute(update(QueueItemRow).where(QueueItemRow.id == new).values(organisation_id=forum))
        _send(work, place.person, "marker-sent before", item)
        _send(work, place.person, "marker-sent now", new)
    return Place(council, forum, officer, place.person)


def _send(work: Work, person_id: str, words: str, item: str) -> None:
    message = NewMessage(
        ANSWER_FROM_PERSON, {"answer": words}, person_id=person_id, about=Subject("question", item), dedupe_key=words
    )
    queue_messages(work, [message])


def _told(ground: Ground, person_id: str, council_id: str) -> str:
    with ground.read() as session:
        return repr([list(section.records) for section in personal_data.sections(session, person_id, council_id)])


def test_V11_a_councils_export_holds_nothing_of_another_councils(ground: Ground, place: Place, moved: Place) -> None:
    theirs, ours = _told(ground, place.person, place.council), _told(ground, place.person, moved.council)
    before = (WORDS["answer"], WORDS["remark"], WORDS["question"], "marker-concern", "marker-sent before", place.forum)
    assert [words for words in before if words in ours] == []
    assert [words for words in before if words not in theirs] == []
    now = ("marker-new here", "marker-sent now", moved.forum)
    assert [words for words in now if words in theirs] == []
    assert [words for words in (*now, NAME, PHONE) if words not in ours] == []


def test_merge_then_unmerge_gives_identical_rows(ground: Ground, place: Place, clock: FixedClock) -> None:
    with ground.work() as work:
        twin = parent(work, place.forum, "Twin Quillfeather", PHONE, "twin@example.org")
        write_all(work, twin, place.forum, place.officer)
    before = rows(ground)
    clock.move(timedelta(minutes=1))
    with ground.work() as work:
        moved = personal_data.merge(work, place.person, twin)
    merged = rows(ground)
    assert merged != before
    assert sum(f"'{twin}'" in row for row in merged["messages"]) == 0
    assert sum(f"'{twin}'" in row for row in merged["contact_points"]) == 1, "the phone that both have stays"
    with ground.work() as work:
        personal_data.unmerge(work, moved)
    assert rows(ground) == before
