"""PostgreSQL itself keeps organisations apart: within somebody's scope no statement reaches another's rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, Table, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from channels.tables import MessageRow
from fps.tables import FeeRow
from hub.row_security import OPEN, rls_warnings
from hub.serving import serve_web
from hub.web.row_scope import enter_token, scope_of
from hub.wiring import House
from kernel import scope
from kernel.database import Base, Database
from people.model import Role
from people.queries.api_tokens import token_of
from people.tables import ApiTokenRow
from referrals.tables import ExclusionRow, RecipientRow, ReferralRow, ResponseRow
from surveys.tables import SurveyRow
from tests.conftest import ROOT
from tests.isolation.conftest import Ready, house_on
from tests.isolation.ids import IDS, everybody
from tests.isolation.test_api import outsiders_token
from tests.isolation.walk import Walk
from tests.services.postgres import PostgresServer, database_name

PACKAGES = ("kernel", "people", "channels", "fps", "surveys", "referrals", "qa_visits", "chatbot", "hub")
HELD = sorted(set(Base.metadata.tables) - set(OPEN))
ACTING = [role for role in Role if role is not Role.ADMINISTRATOR]


WIDENED: Mapping[str, str] = {
    "channels/actions/cancel_messages.py": "an action withdraws what was written to whom it concerns",
    "channels/actions/queue_messages.py": "an action writes to whom it concerns",
    "fps/actions/frameworks/move_settings.py": "a replaced lot takes along what councils and providers said of it",
    "hub/actions/erase_person.py": "V11: each council that answers for a person must agree to erase them",
    "hub/personal_data.py": "what is held of a person lies with every organisation",
    "people/web/merging.py": "a merge moves what every organisation holds of a person",
    "qa_visits/queries.py": "Q2: one visit may serve all councils",
    "referrals/queries/owners.py": "R11: a provider's question tells the council that wrote the referral",
    "referrals/queries/providers.py": "R18: reminded until both providers' settings have answered",
    "surveys/queries.py": "V6: not asked too often, whichever forum asks",
}
"""Where a request may touch the rows of every organisation, and why."""


_PAPERS = "councils read a provider's documents and who read them, no rival does"
READ_BY_COUNCILS: Mapping[str, str] = {
    "fps_benchmarks": "councils that buy through a framework or lead it read how prices lie there",
    "fps_fees": "councils that buy through a framework read prices, no rival does",
    "fps_documents": _PAPERS,
    "fps_document_files": _PAPERS,
    "fps_document_chunks": _PAPERS,
    "fps_document_views": _PAPERS,
    "fps_document_reminders": _PAPERS,
    "fps_recheck_items": _PAPERS,
}
"""Tables whose rows all member councils share, and why."""


@pytest.fixture
def ready(postgres_world: Ready) -> Ready:
    return postgres_world


@pytest.fixture(autouse=True)
def _leave() -> Iterator[None]:
    yield
    scope.enter(None)


def _rows(session: Session, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings()]  # noqa: S608 - our own tables


def _theirs(walk: Walk) -> set[str]:
    """Return every id of the other half: of organisations, of people, and of what they have."""
    found = {walk.others.council, walk.others.forum, walk.others.provider, *everybody(walk.others)}
    with walk.house.ground.read() as session:
        return found.union(*(ids(session, walk.others) for ids in IDS.values()))


def _of_shared(walk: Walk) -> set[str]:
    """Return the ids of what a council and two providers share: the one referral in which it asked both."""
    with walk.house.ground.read() as session:
        asked = select(RecipientRow.id).where(RecipientRow.referral_id == walk.twins.shared_referral)
        return {walk.twins.shared_referral, *session.scalars(asked)}


def _key(table: str) -> Sequence[str]:
    columns: Table = Base.metadata.tables[table]
    return [column.name for column in columns.primary_key]


def test_every_table_is_held_or_says_why_not(house: House) -> None:
    """A new table gets policies in a migration, or its reason in OPEN of hub/row_security.py."""
    assert set(OPEN) <= set(Base.metadata.tables)
    with house.ground.read() as session:
        forced = session.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        assert sorted(forced) == HELD
        policies = session.execute(text("SELECT tablename, cmd FROM pg_policies ORDER BY 1, 2")).all()
    commands = ("DELETE", "INSERT", "SELECT", "UPDATE")
    assert [tuple(row) for row in policies] == [(table, command) for table in HELD for command in commands]


def test_whatever_steps_out_of_the_scope_is_known() -> None:
    """What is about others' rows within a request says so by name; a new place is looked at before it is listed."""
    known = {"kernel/scope.py", *WIDENED}
    found = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"\bscope\.(system|enter)\(|from kernel\.scope import", path.read_text())
    }
    assert found - {"hub/web/row_scope.py"} | {"kernel/scope.py"} == known


def test_the_hubs_own_role_is_held_and_a_superuser_is_warned(house: House, postgres_server: PostgresServer) -> None:
    with house.ground.read() as session:
        assert rls_warnings(session) == []
    above = Database(postgres_server.url(database_name(str(house.settings.database_url))))
    with above.read() as session:
        (warning,) = rls_warnings(session)
    above.close()
    assert "superuser" in warning


def test_a_server_that_starts_as_superuser_says_so(
    house: House, postgres_server: PostgresServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.serving.listen", lambda *_: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    serve_web(house)
    assert caplog.messages == []
    above = house_on(postgres_server.url(database_name(str(house.settings.database_url))))
    serve_web(above)
    above.close()
    assert caplog.messages == ["row-level security does not hold"]


def test_without_row_security_the_tables_are_named(sqlite_database: Database, postgres_database: Database) -> None:
    with sqlite_database.read() as session:
        assert rls_warnings(session) == []
    with postgres_database.begin() as session:
        session.execute(text("ALTER TABLE surveys NO FORCE ROW LEVEL SECURITY"))
    with postgres_database.read() as session:
        assert "surveys" in rls_warnings(session)[-1]


@pytest.mark.parametrize("role", ACTING)
def test_no_statement_reads_changes_or_removes_anothers_rows(walk: Walk, role: Role) -> None:
    database, theirs, shared = walk.house.ground.database, _theirs(walk), _of_shared(walk)
    who = walk.half.people[role]
    is_council = walk.half.council in scope_of(who).organisation_ids
    for table in HELD:
        scope.enter(None)
        with database.read() as session:
            everything = _rows(session, table)
        scope.enter(scope_of(who))
        with database.read() as session:
            seen = _rows(session, table)
        hidden = [row for row in everything if row not in seen]
        for row in seen:
            named = set(map(str, row.values()))
            is_shared = table == "qa_officer_days" or (is_council and (named & shared or table in READ_BY_COUNCILS))
            assert is_shared or not named & theirs, f"{role} reads {table}"
        for row in hidden:
            _try_to_change(database, table, row)


def _try_to_change(database: Database, table: str, row: dict[str, Any]) -> None:
    keys = _key(table)
    where = " AND ".join(f"{name} = :{name}" for name in keys)
    key = {name: row[name] for name in keys}
    with database.read() as session:
        assert _count(session, f'UPDATE "{table}" SET {keys[0]} = {keys[0]} WHERE {where}', key) == 0, table  # noqa: S608 - our own tables
        assert _count(session, f'DELETE FROM "{table}" WHERE {where}', key) == 0, table  # noqa: S608 - the same
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f":{name}" for name in row)
    values = {name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in row.items()}
    with database.read() as session, pytest.raises(DBAPIError, match="row-level security"):
        session.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({places})'), values)  # noqa: S608 - the same


def _count(session: Session, statement: str, key: dict[str, Any]) -> int:
    return cast("CursorResult[Any]", session.execute(text(statement), key)).rowcount


def test_R21_a_provider_reads_of_a_referral_what_it_was_asked_and_nothing_of_its_rival(walk: Walk) -> None:
    scope.enter(scope_of(walk.half.people[Role.PROVIDER_USER]))
    with walk.house.ground.read() as session:
        referral = session.scalars(select(ReferralRow).where(ReferralRow.id == walk.twins.shared_referral)).one()
        session.refresh(referral, with_for_update=True)
        assert session.scalars(select(RecipientRow.provider_id).distinct()).all() == [walk.half.provider]
        assert len(session.scalars(select(ResponseRow.id)).all()) == 3
        assert session.scalars(select(ExclusionRow.setting_id)).all() == []
    change = update(ReferralRow).values(year_group="Year 9")
    with walk.house.ground.read() as session, pytest.raises(DBAPIError, match="row-level security"):
        session.execute(change)


def test_a_family_signed_in_has_its_own_messages_and_none_of_its_forum(walk: Walk) -> None:
    scope.enter(scope_of(walk.half.families[0]))
    with walk.house.ground.read() as session:
        assert session.scalars(select(SurveyRow.id)).all() == []
        assert set(session.scalars(select(MessageRow.person_id))) == {walk.half.families[0].id}


def test_what_is_about_everybody_is_reached_by_name_and_only_inside(walk: Walk) -> None:
    scope.enter(scope_of(walk.half.people[Role.FORUM_COORDINATOR]))
    own = select(func.count()).select_from(SurveyRow)
    with walk.house.ground.read() as session:
        before = session.scalar(own)
        with scope.system("a test looks at everything", session):
            assert session.scalar(own) == 2 * (before or 0)
        assert session.scalar(own) == before
        with pytest.raises(LookupError), scope.system("a test fails inside", session):
            raise LookupError
        assert session.scalar(own) == before


def test_an_error_of_the_database_inside_leaves_no_way_open(walk: Walk) -> None:
    scope.enter(scope_of(walk.half.people[Role.FORUM_COORDINATOR]))
    with walk.house.ground.read() as session:
        with pytest.raises(DBAPIError), scope.system("a test breaks the transaction", session):
            session.execute(text("SELECT 1 / 0"))
        session.rollback()
        assert session.scalar(select(func.count()).select_from(SurveyRow)) == 2


def test_a_transaction_that_follows_in_the_same_thread_and_connection_is_the_systems_own(walk: Walk) -> None:
    scope.enter(scope_of(walk.half.people[Role.FORUM_COORDINATOR]))
    with walk.house.ground.read() as session:
        session.execute(select(SurveyRow.id))
    scope.enter(None)
    with walk.house.ground.read() as session:
        assert session.scalar(select(func.count()).select_from(SurveyRow)) == 4


def test_a_token_reads_the_rows_of_its_organisation(walk: Walk) -> None:
    ground = walk.house.ground
    secret = outsiders_token(walk)
    with ground.read() as session:
        card = token_of(session, secret, ground.clock.now())
    assert card is not None
    enter_token(card)
    with ground.read() as session:
        assert session.scalars(select(FeeRow.id)).all() == []
        assert session.scalars(select(ApiTokenRow.id)).all() == [card.id]


def test_nobody_approves_a_token_of_another_council_even_past_the_queries(walk: Walk) -> None:
    theirs = update(ApiTokenRow).where(ApiTokenRow.organisation_id == walk.others.council).values(approval="approved")
    for role in (Role.COMMISSIONER, Role.ADMINISTRATOR, Role.PROVIDER_USER):
        scope.enter(scope_of(walk.half.people[role]))
        with walk.house.ground.read() as session:
            assert session.execute(theirs).rowcount == 0  # type: ignore[attr-defined] # a cursor's


def test_a_provider_reads_no_price_of_a_rival_and_changes_none(walk: Walk) -> None:
    scope.enter(scope_of(walk.half.people[Role.PROVIDER_USER]))
    with walk.house.ground.read() as session:
        assert set(session.scalars(select(FeeRow.setting_id))) == {walk.half.setting}
    scope.enter(scope_of(walk.half.people[Role.COMMISSIONER]))
    with walk.house.ground.read() as session:
        assert set(session.scalars(select(FeeRow.setting_id))) == {walk.half.setting, walk.others.setting}
        assert session.execute(update(FeeRow).values(amount=1)).rowcount == 0  # type: ignore[attr-defined] # a cursor's
