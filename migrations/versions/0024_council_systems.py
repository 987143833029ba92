"""Calls of council case systems, answered once, and webhooks to them

A call is its token's, an address and what was sent to it its council's. Workers deliver as the system itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WAITING, _PARKED = sa.text("state = 'waiting'"), sa.text("state = 'parked'")


def upgrade() -> None:
    _calls()
    _endpoints()
    _events()
    _deliveries()
    hold("api_calls", Rows(of("api_tokens", "token_id")))
    hold("webhook_endpoints", Rows(mine("council_id"), delete=NEVER))
    hold("webhook_events", Rows(mine("council_id"), update=NEVER, delete=NEVER))
    hold("webhook_deliveries", Rows(of("webhook_endpoints", "endpoint_id"), delete=NEVER))
    hold(
        "webhook_attempts",
        Rows(of("webhook_deliveries", "delivery_id"), insert=NEVER, update=NEVER, delete=NEVER),
    )


def _calls() -> None:
    op.create_table(
        "api_calls",
        sa.Column("token_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("body", sa.String(length=22), nullable=False),
        sa.Column("attempt", sa.String(length=26), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("leased_until", Moment(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["api_tokens.id"], name=op.f("fk_api_calls_token_id_api_tokens")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_calls")),
    )
    op.create_index("ix_api_calls_begun_at", "api_calls", ["begun_at"])


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("old_secret", sa.Text(), nullable=True),
        sa.Column("old_secret_until", Moment(), nullable=True),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("paused_at", Moment(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisations.id"], name=op.f("fk_webhook_endpoints_council_id_organisations")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["persons.id"], name=op.f("fk_webhook_endpoints_created_by_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(op.f("ix_webhook_endpoints_council_id"), "webhook_endpoints", ["council_id"])


def _events() -> None:
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisations.id"], name=op.f("fk_webhook_events_council_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
    )
    op.create_index("ix_webhook_events_council", "webhook_events", ["council_id", "id"])


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("endpoint_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["webhook_events.id"], name=op.f("fk_webhook_deliveries_event_id_webhook_events")
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_webhook_deliveries_endpoint_id_webhook_endpoints")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("event_id", "endpoint_id", name=op.f("uq_webhook_deliveries_event_id_endpoint_id")),
    )
    op.create_index("ix_webhook_deliveries_endpoint", "webhook_deliveries", ["endpoint_id", "id"])
    for name, columns, where in (
        ("ix_webhook_deliveries_waiting", ["endpoint_id", "due_at"], _WAITING),
        ("ix_webhook_deliveries_parked", ["endpoint_id", "ended_at"], _PARKED),
    ):
        op.create_index(name, "webhook_deliveries", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "webhook_attempts",
        sa.Column("delivery_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id_webhook_deliveries"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_webhook_attempts")),
    )


def downgrade() -> None:
    for table in ("webhook_attempts", "webhook_deliveries", "webhook_events", "webhook_endpoints", "api_calls"):
        op.drop_table(table)
