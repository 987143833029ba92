"""The lot and the setting on each step of a status, and indexes that alone answer who may be asked"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_STEPS = "fps_status_changes"
_TELL_AGAIN = """
    UPDATE fps_status_changes SET setting_id = held.setting_id, lot_id = held.lot_id
    FROM fps_settings_on_lots held WHERE held.id = fps_status_changes.setting_on_lot_id
"""
_IS_CURRENT = sa.text("is_current AND setting_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table(_STEPS) as batch:
        batch.add_column(sa.Column("setting_id", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("lot_id", sa.String(length=26), nullable=True))
    op.execute(_TELL_AGAIN)
    with op.batch_alter_table(_STEPS) as batch:
        batch.alter_column("setting_id", existing_type=sa.String(length=26), nullable=False)
        batch.alter_column("lot_id", existing_type=sa.String(length=26), nullable=False)
        batch.create_foreign_key(
            op.f("fk_fps_status_changes_setting_id_fps_settings"), "fps_settings", ["setting_id"], ["id"]
        )
        batch.create_foreign_key(op.f("fk_fps_status_changes_lot_id_fps_lots"), "fps_lots", ["lot_id"], ["id"])
    columns = ["lot_id", "until", "effective_on", "setting_id", "to_status"]
    op.create_index("ix_fps_status_changes_lot", _STEPS, columns, unique=False)
    op.create_index(
        "ix_fps_documents_held",
        "fps_documents",
        ["setting_id", "kind", "valid_until", "provider_id"],
        unique=False,
        postgresql_where=_IS_CURRENT,
        sqlite_where=_IS_CURRENT,
    )


def downgrade() -> None:
    op.drop_index("ix_fps_documents_held", table_name="fps_documents")
    op.drop_index("ix_fps_status_changes_lot", table_name=_STEPS)
    with op.batch_alter_table(_STEPS) as batch:
        batch.drop_constraint(op.f("fk_fps_status_changes_lot_id_fps_lots"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_fps_status_changes_setting_id_fps_settings"), type_="foreignkey")
        batch.drop_column("lot_id")
        batch.drop_column("setting_id")
