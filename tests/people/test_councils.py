from __future__ import annotations

from datetime import date

from sqlalchemy import text

from kernel.work import Ground
from people.actions.register_councils import register_councils
from people.councils import COUNCILS, ENDED, LEAD_AUTHORITY
from people.model import OrganisationKind
from people.queries import council_by_code, organisations


def test_C2_there_are_24_councils_and_Cumbria_has_two_successors(ground: Ground) -> None:
    with ground.work() as work:
        ids = register_councils(work)
    assert len(COUNCILS) == 24
    with ground.read() as session:
        found = organisations(session, OrganisationKind.COUNCIL)
        assert {card.code for card in found} == {council.gss for council in (*COUNCILS, ENDED)}
        rows = session.execute(text("SELECT ended_id, successor_id FROM organisation_successions")).all()
        ended_on = session.scalar(text("SELECT ended_on FROM organisations WHERE code = 'E10000006'"))
    assert {row.ended_id for row in rows} == {ids["E10000006"]}
    assert {row.successor_id for row in rows} == {ids["E06000063"], ids["E06000064"]}
    assert str(ended_on) == str(date(2023, 3, 31))


def test_councils_are_registered_once_however_often_it_is_asked(ground: Ground) -> None:
    with ground.work() as work:
        first = register_councils(work)
    with ground.work() as work:
        assert register_councils(work) == first
    with ground.read() as session:
        assert len(organisations(session)) == 25


def test_councils_are_found_by_code_whatever_the_spelling_of_their_name(ground: Ground) -> None:
    with ground.work() as work:
        register_councils(work)
    with ground.read() as session:
        assert council_by_code(session, LEAD_AUTHORITY).name == "Cheshire East"
        assert council_by_code(session, "E08000013").name == "St Helens"


def test_codes_are_nine_letters_and_three_digits_and_unique() -> None:
    everyone = (*COUNCILS, ENDED)
    assert all(len(council.gss) == 9 and council.dfe.isdecimal() and len(council.dfe) == 3 for council in everyone)
    assert len({council.gss for council in everyone}) == len({council.dfe for council in everyone}) == 25
