"""Statuses as spans; pauses, suspensions and plans of those who leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = "until IS NULL"
_NEXT = """
    UPDATE fps_status_changes SET until = (
        SELECT later.effective_on FROM fps_status_changes later
        WHERE later.setting_on_lot_id = fps_status_changes.setting_on_lot_id
          AND later.number = fps_status_changes.number + 1
    )
"""


def upgrade() -> None:
    _give_steps_their_spans()


def _give_steps_their_spans() -> None:
    with op.batch_alter_table("fps_status_changes") as batch:
        batch.add_column(sa.Column("until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("document_id", sa.String(length=26), nullable=True))
        name = op.f("fk_fps_status_changes_document_id_fps_documents")
        batch.create_foreign_key(name, "fps_documents", ["document_id"], ["id"])
        batch.create_check_constraint(op.f("ck_fps_status_changes_span"), "until >= effective_on")
    op.execute(_NEXT)
    op.create_index(
        "uq_fps_status_changes_open",
        "fps_status_changes",
        ["setting_on_lot_id"],
        unique=True,
        postgresql_where=sa.text(_OPEN),
        sqlite_where=sa.text(_OPEN),
    )


def downgrade() -> None:
    op.drop_index("uq_fps_status_changes_open", table_name="fps_status_changes")
    with op.batch_alter_table("fps_status_changes") as batch:
        batch.drop_constraint(op.f("ck_fps_status_changes_span"), type_="check")
        batch.drop_constraint(op.f("fk_fps_status_changes_document_id_fps_documents"), type_="foreignkey")
        batch.drop_column("document_id")
        batch.drop_column("until")
