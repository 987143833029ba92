"""Frameworks as data: term, users, lots with their history, kinds and evidence from day to day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = (
    "nmss",
    "independent_special",
    "independent_other",
    "special_post16",
    "fe_college",
    "online",
    "registered_ap",
    "independent_learning_provider",
    "ap_unregistered",
)
"""Up to now no lot asked of what kind a setting is, so each lot there is goes on taking every kind."""

_frameworks = sa.table(
    "fps_frameworks", sa.column("id"), sa.column("starts_on", sa.Date), sa.column("notices", sa.JSON), sa.column("edition")
)
_lots = sa.table(
    "fps_lots",
    sa.column("id"),
    sa.column("framework_id"),
    sa.column("number"),
    sa.column("since", sa.Date),
    sa.column("required_documents", sa.JSON),
)


def _requirement(name: str) -> sa.TableClause:
    return sa.table(
        name, sa.column("lot_id"), sa.column("kind"), sa.column("since", sa.Date), sa.column("until", sa.Date)
    )


def upgrade() -> None:
    _extend_frameworks()
    _extend_lots()
    _make_tables()
    _fill_requirements()
    with op.batch_alter_table("fps_lots") as lots:
        lots.drop_column("required_documents")


def _extend_frameworks() -> None:
    with op.batch_alter_table("fps_frameworks") as frameworks:
        frameworks.add_column(sa.Column("contract", sa.String(64), nullable=True))
        frameworks.add_column(sa.Column("ocid", sa.String(64), nullable=True))
        frameworks.add_column(sa.Column("notices", sa.JSON(), nullable=True))
        frameworks.add_column(sa.Column("approval_panel", sa.String(100), nullable=True))
        frameworks.add_column(sa.Column("edition", sa.Integer(), nullable=True))
    op.execute(_frameworks.update().values(notices=[], edition=1))
    with op.batch_alter_table("fps_frameworks") as frameworks:
        frameworks.alter_column("notices", existing_type=sa.JSON(), nullable=False)
        frameworks.alter_column("edition", existing_type=sa.Integer(), nullable=False)


def _extend_lots() -> None:
    with op.batch_alter_table("fps_lots") as lots:
        lots.add_column(sa.Column("since", sa.Date(), nullable=True))
        lots.add_column(sa.Column("until", sa.Date(), nullable=True))
        lots.add_column(sa.Column("replaces_id", sa.String(26), nullable=True))
        lots.add_column(sa.Column("price_band", sa.String(40), nullable=True))
    starts_on = sa.select(_frameworks.c.starts_on).where(_frameworks.c.id == _lots.c.framework_id).scalar_subquery()
    op.execute(_lots.update().values(since=starts_on))
    with op.batch_alter_table("fps_lots") as lots:
        lots.alter_column("since", existing_type=sa.Date(), nullable=False)
        lots.drop_constraint("uq_fps_lots_framework_id_number", type_="unique")
        lots.create_unique_constraint("uq_fps_lots_framework_id_number_since", ["framework_id", "number", "since"])
        lots.create_foreign_key("fk_fps_lots_replaces_id_fps_lots", "fps_lots", ["replaces_id"], ["id"])


def _make_tables() -> None:
    op.create_table(
        "fps_extension_options",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("framework_id", sa.String(26), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.CheckConstraint("months > 0", name=op.f("ck_fps_extension_options_months")),
        _to_framework("fps_extension_options"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_extension_options")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_fps_extension_options_framework_id_number")),
    )
    op.create_table(
        "fps_framework_users",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("framework_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        _to_framework("fps_framework_users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_framework_users")),
        sa.UniqueConstraint(
            "framework_id", "name", "since", name=op.f("uq_fps_framework_users_framework_id_name_since")
        ),
    )
    op.create_table(
        "fps_framework_changes",
        sa.Column("framework_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("lot_id", sa.String(26), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("actor_id", sa.String(26), nullable=False),
        _to_framework("fps_framework_changes"),
        sa.ForeignKeyConstraint(["lot_id"], ["fps_lots.id"], name=op.f("fk_fps_framework_changes_lot_id_fps_lots")),
        sa.PrimaryKeyConstraint("framework_id", "number", name=op.f("pk_fps_framework_changes")),
    )
    for name in ("fps_lot_kinds", "fps_lot_documents"):
        op.create_table(
            name,
            sa.Column("lot_id", sa.String(26), nullable=False),
            sa.Column("kind", sa.String(40), nullable=False),
            sa.Column("since", sa.Date(), nullable=False),
            sa.Column("until", sa.Date(), nullable=True),
            sa.ForeignKeyConstraint(["lot_id"], ["fps_lots.id"], name=op.f(f"fk_{name}_lot_id_fps_lots")),
            sa.PrimaryKeyConstraint("lot_id", "kind", "since", name=op.f(f"pk_{name}")),
        )


def _to_framework(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_framework_id_fps_frameworks")
    return sa.ForeignKeyConstraint(["framework_id"], ["fps_frameworks.id"], name=name)


def _fill_requirements() -> None:
    lots = op.get_bind().execute(sa.select(_lots.c.id, _lots.c.since, _lots.c.required_documents)).all()
    held = (("fps_lot_kinds", lambda _: KINDS), ("fps_lot_documents", lambda required: required))
    for name, kinds_of in held:
        rows = [
            {"lot_id": lot_id, "kind": kind, "since": since, "until": None}
            for lot_id, since, required in lots
            for kind in dict.fromkeys(kinds_of(required))
        ]
        if rows:
            op.bulk_insert(_requirement(name), rows)


def downgrade() -> None:
    """Keep of each number the newest lot; the older ones can only go if nothing stands on them."""
    with op.batch_alter_table("fps_lots") as lots:
        lots.add_column(sa.Column("required_documents", sa.JSON(), nullable=True))
    _keep_required_documents()
    for name in ("fps_lot_documents", "fps_lot_kinds", "fps_framework_changes"):
        op.drop_table(name)
    op.drop_table("fps_framework_users")
    op.drop_table("fps_extension_options")
    with op.batch_alter_table("fps_lots") as lots:
        lots.drop_constraint("fk_fps_lots_replaces_id_fps_lots", type_="foreignkey")
    newer = _lots.alias()
    is_older = sa.exists().where(
        newer.c.framework_id == _lots.c.framework_id, newer.c.number == _lots.c.number, newer.c.since > _lots.c.since
    )
    op.execute(_lots.delete().where(is_older))
    with op.batch_alter_table("fps_lots") as lots:
        lots.alter_column("required_documents", existing_type=sa.JSON(), nullable=False)
        lots.drop_constraint("uq_fps_lots_framework_id_number_since", type_="unique")
        lots.create_unique_constraint("uq_fps_lots_framework_id_number", ["framework_id", "number"])
        for name in ("price_band", "replaces_id", "until", "since"):
            lots.drop_column(name)
    with op.batch_alter_table("fps_frameworks") as frameworks:
        for name in ("edition", "approval_panel", "notices", "ocid", "contract"):
            frameworks.drop_column(name)


def _keep_required_documents() -> None:
    documents = _requirement("fps_lot_documents")
    open_ones = sa.select(documents.c.lot_id, documents.c.kind).where(documents.c.until.is_(None))
    required: dict[str, list[str]] = {}
    for lot_id, kind in op.get_bind().execute(open_ones.order_by(documents.c.lot_id, documents.c.kind)):
        required.setdefault(lot_id, []).append(kind)
    op.execute(_lots.update().values(required_documents=[]))
    for lot_id, kinds in required.items():
        op.execute(_lots.update().where(_lots.c.id == lot_id).values(required_documents=kinds))
