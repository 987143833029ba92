"""The evidence store: documents of providers and settings with their files, who read them, and yearly re-checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# A document is its provider's and the councils', never a rival's. What is asked of the councils has nothing of the
# row in it, so that the database asks it once a statement.
_COUNCIL = f"EXISTS (SELECT 1 FROM organisations held WHERE held.kind = 'council' AND {mine('held.id')})"  # noqa: S608 - words of ours
_PROVIDERS_AND_COUNCILS = f"{mine('provider_id')} OR {_COUNCIL}"
_OF_DOCUMENT = of("fps_documents", "document_id")
_POLICIES = {
    "fps_documents": Rows(_PROVIDERS_AND_COUNCILS, delete=NEVER),
    "fps_document_files": Rows(_OF_DOCUMENT, delete=NEVER),
    "fps_document_chunks": Rows(_OF_DOCUMENT, update=NEVER, delete=NEVER),
    "fps_document_views": Rows(_OF_DOCUMENT, update=NEVER, delete=NEVER),
    "fps_document_reminders": Rows(_OF_DOCUMENT, insert=NEVER, update=NEVER, delete=NEVER),
    "fps_recheck_items": Rows(_PROVIDERS_AND_COUNCILS, insert=_COUNCIL, delete=NEVER),
}
_CURRENT = sa.text("is_current AND setting_id IS NOT NULL")
_PROVIDERS_CURRENT = sa.text("is_current AND setting_id IS NULL")
_WAITING = sa.text("state IN ('unscanned', 'offered')")
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    _widen_documents()
    _create_files()
    _create_rechecks()
    for table, rows in _POLICIES.items():
        hold(table, rows)


def _widen_documents() -> None:
    with op.batch_alter_table("fps_documents") as batch:
        batch.add_column(sa.Column("provider_id", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("state", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("is_current", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("decided_at", Moment(), nullable=True))
        batch.add_column(sa.Column("decided_by", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("refusal", sa.Text(), nullable=True))
        batch.add_column(sa.Column("replaced_at", Moment(), nullable=True))
    _fill_documents()
    with op.batch_alter_table("fps_documents") as batch:
        batch.alter_column("provider_id", existing_type=sa.String(length=26), nullable=False)
        batch.alter_column("state", existing_type=sa.String(length=10), nullable=False)
        batch.alter_column("is_current", existing_type=sa.Boolean(), nullable=False)
        batch.alter_column("setting_id", existing_type=sa.String(length=26), nullable=True)
        name = op.f("fk_fps_documents_provider_id_organisations")
        batch.create_foreign_key(name, "organisations", ["provider_id"], ["id"])
    _index("ix_fps_documents_provider", "fps_documents", ["provider_id", "kind"])
    _index("uq_fps_documents_current", "fps_documents", ["setting_id", "kind"], _CURRENT, unique=True)
    _index(
        "uq_fps_documents_providers_current", "fps_documents", ["provider_id", "kind"], _PROVIDERS_CURRENT, unique=True
    )
    _index("ix_fps_documents_lapsing", "fps_documents", ["valid_until"], sa.text("is_current"))
    _index("ix_fps_documents_waiting", "fps_documents", ["recorded_at"], _WAITING)


def _fill_documents() -> None:
    """Say of what is there what was meant: each was accepted as it was recorded, and the newest of its kind counts."""
    newer = (
        "FROM fps_documents newer WHERE newer.setting_id = fps_documents.setting_id "
        "AND newer.kind = fps_documents.kind AND (newer.recorded_at > fps_documents.recorded_at "
        "OR (newer.recorded_at = fps_documents.recorded_at AND newer.id > fps_documents.id))"
    )
    op.execute(
        "UPDATE fps_documents SET state = 'accepted', decided_at = recorded_at, decided_by = recorded_by, "  # noqa: S608 - words of ours
        "provider_id = (SELECT provider_id FROM fps_settings WHERE fps_settings.id = fps_documents.setting_id), "
        f"is_current = NOT EXISTS (SELECT 1 {newer}), replaced_at = (SELECT min(newer.recorded_at) {newer})"
    )


def _create_files() -> None:
    op.create_table(
        "fps_document_files",
        sa.Column("document_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scanned_at", Moment(), nullable=True),
        sa.Column("scans", sa.SmallInteger(), nullable=False),
        sa.Column("scan_again_at", Moment(), nullable=True),
        sa.Column("scan_said", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["fps_documents.id"], name=op.f("fk_fps_document_files_document_id_fps_documents")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_fps_document_files")),
    )
    _index("ix_fps_document_files_unscanned", "fps_document_files", ["scans"], sa.text("scanned_at IS NULL"))
    op.create_table(
        "fps_document_chunks",
        sa.Column("document_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["fps_document_files.document_id"],
            name=op.f("fk_fps_document_chunks_document_id_fps_document_files"),
        ),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_fps_document_chunks")),
    )
    op.create_table(
        "fps_document_views",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("document_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["fps_documents.id"], name=op.f("fk_fps_document_views_document_id_fps_documents")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_fps_document_views_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_document_views")),
    )
    _index(op.f("ix_fps_document_views_document_id"), "fps_document_views", ["document_id"])
    op.create_table(
        "fps_document_reminders",
        sa.Column("document_id", sa.String(length=26), nullable=False),
        sa.Column("days_before", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["fps_documents.id"], name=op.f("fk_fps_document_reminders_document_id_fps_documents")
        ),
        sa.PrimaryKeyConstraint("document_id", "days_before", name=op.f("pk_fps_document_reminders")),
    )


def _create_rechecks() -> None:
    op.create_table(
        "fps_rechecks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("framework_id", sa.String(length=26), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by", sa.String(length=26), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", sa.String(length=26), nullable=True),
        sa.Column("next_chaser_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["fps_frameworks.id"], name=op.f("fk_fps_rechecks_framework_id_fps_frameworks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_rechecks")),
    )
    _index("uq_fps_rechecks_open", "fps_rechecks", ["framework_id"], _OPEN, unique=True)
    op.create_table(
        "fps_recheck_items",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recheck_id", sa.String(length=26), nullable=False),
        sa.Column("provider_id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("document_id", sa.String(length=26), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", sa.String(length=26), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_fps_recheck_items_{column}_{table}"))
            for column, table in (
                ("recheck_id", "fps_rechecks"),
                ("provider_id", "organisations"),
                ("setting_id", "fps_settings"),
                ("document_id", "fps_documents"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_recheck_items")),
    )
    _index(op.f("ix_fps_recheck_items_recheck_id"), "fps_recheck_items", ["recheck_id"])
    _index(op.f("ix_fps_recheck_items_provider_id"), "fps_recheck_items", ["provider_id"])


def _index(
    name: str, table: str, columns: list[str], where: sa.TextClause | None = None, *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for table in (
        "fps_recheck_items",
        "fps_rechecks",
        "fps_document_reminders",
        "fps_document_views",
        "fps_document_chunks",
        "fps_document_files",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for command in ("select", "insert", "update", "delete"):
            op.execute(f"DROP POLICY hub_{command} ON fps_documents")
        op.execute("ALTER TABLE fps_documents NO FORCE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE fps_documents DISABLE ROW LEVEL SECURITY")
    # Before this revision every document counted as accepted, and each was a setting's own.
    op.execute("DELETE FROM fps_documents WHERE state <> 'accepted' OR setting_id IS NULL")
    for name in (
        "ix_fps_documents_waiting",
        "ix_fps_documents_lapsing",
        "uq_fps_documents_providers_current",
        "uq_fps_documents_current",
        "ix_fps_documents_provider",
    ):
        op.drop_index(name, table_name="fps_documents")
    with op.batch_alter_table("fps_documents") as batch:
        batch.drop_constraint(op.f("fk_fps_documents_provider_id_organisations"), type_="foreignkey")
        batch.alter_column("setting_id", existing_type=sa.String(length=26), nullable=False)
        for column in (
            "replaced_at",
            "refusal",
            "decided_by",
            "decided_at",
            "valid_from",
            "is_current",
            "state",
            "provider_id",
        ):
            batch.drop_column(column)
