"""Row-level security on PostgreSQL: the database itself keeps councils, forums and providers apart.

A transaction tells whose it is by three settings of its own (kernel.scope): the person, the organisations for which
they act, and whether they look after the hub's messages. Where no person is told it is the system's own: a worker, a
job, a page that proves itself by a link. FORCE holds the owner of the tables to the policies too; a superuser and a
role with BYPASSRLS are held by nothing (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NEVER = "false"
_IS_SYSTEM = "(SELECT coalesce(current_setting('hub.person', true), '')) = ''"
_ME = "(SELECT current_setting('hub.person', true))"
_IS_OPERATOR = "(SELECT current_setting('hub.operator', true)) = 'yes'"
_MINE = "((SELECT string_to_array(current_setting('hub.organisations', true), ','))::text[])"


class _Rows(NamedTuple):
    """Who may do what to the rows of a table; what is not said of a write is what is said of reading."""

    read: str
    insert: str | None = None
    update: str | None = None
    becomes: str | None = None
    delete: str | None = None


def _mine(column: str) -> str:
    return f"{column} = ANY ({_MINE})"


def _of(table: str, key: str, condition: str = "") -> str:
    """Return that a row's parent is one of those that may be read, or that also meets a condition."""
    also = f" AND {condition}" if condition else ""
    return f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {key}{also})"


# A referral is its council's. A provider that was asked reads it and the one text that all were asked with; of whom
# else was asked, of who was left out and of what others answered it reads nothing (R21, R30, R31). A recipient names
# the council, because two policies cannot ask each other.
_WAS_ASKED = f"""
    EXISTS (SELECT 1 FROM referral_recipients asked WHERE asked.referral_id = referrals.id AND {_mine("asked.provider_id")})
"""
_OWN_REFERRAL = _of("referrals", "referral_id", _mine("parent.council_id"))
_COUNCILS_ALONE = _Rows(_OWN_REFERRAL)
_ANSWERS = _Rows(
    _of("referral_recipients", "recipient_id"),
    insert=_of("referral_recipients", "recipient_id", _mine("parent.provider_id")),
    update=_NEVER,
    delete=_NEVER,
)

# The council of an organisation: a council's own, a forum's area; none for a provider. What comes in from those who
# belong to no council may be answered in every area (hub.web.areas): what nobody may see, nobody would answer.
_COUNCIL_OF = "(CASE WHEN {0}.kind = 'council' THEN {0}.id ELSE {0}.council_id END)"
_IN_MY_AREA = f"""
    $1 IS NULL OR EXISTS (
        SELECT 1 FROM organisations place
        WHERE place.id = $1 AND (
            {_COUNCIL_OF.format("place")} IS NULL
            OR {_COUNCIL_OF.format("place")} IN (
                SELECT {_COUNCIL_OF.format("held")} FROM organisations held WHERE {_mine("held.id")}
            )
        )
    )
"""

_MY_SUBJECT = " OR ".join(
    f"($2 = '{kind}' AND EXISTS (SELECT 1 FROM {table} own WHERE own.id = $3{where}))"
    for kind, table, where in (
        ("referral", "referrals", f" AND {_mine('own.council_id')}"),
        ("visit", "qa_visits", ""),
        ("improvement_action", "qa_actions", ""),
        ("survey", "surveys", ""),
        ("question", "queue_items", ""),
    )
)
# Functions, so that the planner, which would plan them with each statement of the outbox and the inbox, sees a call
# that the system's own transactions never make.
_FUNCTIONS = {
    "hub_my_message(text, text, text)": f"$1 = {_ME} OR {_IS_OPERATOR} OR {_MY_SUBJECT}",
    "hub_my_history(text)": "EXISTS (SELECT 1 FROM messages own WHERE own.id = $1)",
    "hub_my_inbound(text, text)": (
        f"$1 = {_ME} OR {_IS_OPERATOR} OR EXISTS (SELECT 1 FROM queue_items item WHERE item.inbound_id = $2)"
    ),
    "hub_in_my_area(text)": _IN_MY_AREA,
}
_MY_MESSAGE = "hub_my_message(person_id, about_kind, about_id)"
_OF_SURVEY = _Rows(_of("surveys", "survey_id"))
_BOTH_SIDES = f"{_mine('council_id')} OR {_mine('provider_id')}"
_OWN_ACTION = _of("qa_actions", "action_id", _mine("parent.council_id"))
_OF_REQUEST = _Rows(_of("rights_requests", "request_id"))

_POLICIES = {
    "referrals": _Rows(
        f"{_mine('council_id')} OR {_WAS_ASKED}",
        insert=_mine("council_id"),
        becomes=_mine("council_id"),  # a provider may lock it while its answer is taken, and change nothing
        delete=_mine("council_id"),
    ),
    "referral_confirmations": _COUNCILS_ALONE,
    "referral_exclusions": _COUNCILS_ALONE,
    "referral_reminders": _COUNCILS_ALONE,
    "referral_issues": _Rows(_of("referrals", "referral_id"), _OWN_REFERRAL, _OWN_REFERRAL, None, _OWN_REFERRAL),
    "referral_unseals": _Rows(_of("referrals", "referral_id"), _OWN_REFERRAL, _NEVER, None, _NEVER),
    "referral_recipients": _Rows(
        f"{_mine('provider_id')} OR {_mine('council_id')}",
        insert=_mine("council_id"),
        update=_mine("council_id"),
        delete=_mine("council_id"),
    ),
    "referral_responses": _ANSWERS,
    "referral_late_responses": _ANSWERS,
    "surveys": _Rows(_mine("forum_id")),
    "survey_versions": _OF_SURVEY,
    "survey_sessions": _OF_SURVEY,
    "survey_answers": _Rows(_mine("forum_id")),
    "survey_remarks": _Rows(_of("survey_sessions", "session_id")),
    "qa_visits": _Rows(_mine("council_id")),
    "qa_officer_days": _Rows("true", *(_of("qa_visits", "visit_id"),) * 4),
    "qa_actions": _Rows(_BOTH_SIDES, insert=_mine("council_id"), delete=_mine("council_id")),
    "qa_evidence": _Rows(
        _of("qa_actions", "action_id"),
        insert=_of("qa_actions", "action_id", _mine("parent.provider_id")),
        update=_OWN_ACTION,
        delete=_NEVER,
    ),
    "qa_steps": _Rows(
        f"{_of('qa_visits', 'subject_id')} OR {_of('qa_actions', 'subject_id')}", update=_NEVER, delete=_NEVER
    ),
    "queue_items": _Rows("hub_in_my_area(organisation_id)", delete=_NEVER),
    "inbound": _Rows(
        "hub_my_inbound(person_id, id)",
        insert=_NEVER,
        update=_IS_OPERATOR,
        delete=_NEVER,
    ),
    "messages": _Rows(_MY_MESSAGE, insert=_NEVER, delete=_NEVER),
    "message_history": _Rows("hub_my_history(message_id)", update=_NEVER, delete=_NEVER),
    "people_imports": _Rows(f"person_id = {_ME}"),
    "rights_requests": _Rows(_mine("council_id")),
    "rights_pauses": _OF_REQUEST,
    "rights_steps": _OF_REQUEST,
    "rights_decisions": _OF_REQUEST,
}


def _statements(table: str, rows: _Rows) -> Iterator[str]:
    insert = rows.insert or rows.read
    update = rows.update or rows.read
    becomes = rows.becomes or update
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    for command, using, check in (
        ("SELECT", rows.read, None),
        ("INSERT", None, insert),
        ("UPDATE", update, becomes),
        ("DELETE", rows.delete or rows.read, None),
    ):
        parts = [f"CREATE POLICY hub_{command.lower()} ON {table} FOR {command}"]
        parts += [f"USING ({_IS_SYSTEM} OR ({using}))"] if using else []
        parts += [f"WITH CHECK ({_IS_SYSTEM} OR ({check}))"] if check else []
        yield " ".join(parts)


def upgrade() -> None:
    _name_councils()
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, body in _FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name} RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT {body} $$")
    for table, rows in _POLICIES.items():
        for statement in _statements(table, rows):
            op.execute(statement)


def _name_councils() -> None:
    op.add_column("referral_recipients", sa.Column("council_id", sa.String(length=26), nullable=True))
    op.execute(
        "UPDATE referral_recipients SET council_id = "
        "(SELECT council_id FROM referrals WHERE referrals.id = referral_recipients.referral_id)"
    )
    with op.batch_alter_table("referral_recipients") as batch:
        batch.alter_column("council_id", existing_type=sa.String(length=26), nullable=False)
        name = op.f("fk_referral_recipients_council_id_organisations")
        batch.create_foreign_key(name, "organisations", ["council_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _POLICIES:
            for command in ("select", "insert", "update", "delete"):
                op.execute(f"DROP POLICY hub_{command} ON {table}")
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for name in _FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}")
    with op.batch_alter_table("referral_recipients") as batch:
        batch.drop_constraint(op.f("fk_referral_recipients_council_id_organisations"), type_="foreignkey")
        batch.drop_column("council_id")
