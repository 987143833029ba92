"""Open data: schools, links, judgements, places, and the imports that bring them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WORDS = sa.Text
_TABLES = (
    "fps_open_data_changes",
    "fps_open_data_pieces",
    "fps_open_data_imports",
    "fps_places",
    "fps_staged_judgements",
    "fps_judgements",
    "fps_staged_links",
    "fps_school_links",
    "fps_staged_schools",
    "fps_schools",
)


def _text(name: str, length: int | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length) if length else _WORDS(), nullable=False)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=True)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=True)


def _school_columns() -> list[sa.Column[Any]]:
    return [
        _text("urn", 6),
        _text("ukprn", 8),
        _text("name"),
        _text("la_gss", 9),
        _text("la_code", 3),
        _text("la_name"),
        _text("previous_la_code", 3),
        _text("number", 4),
        _text("type_code", 3),
        _text("type_name"),
        _text("status_code", 3),
        _text("status"),
        _day("opened_on"),
        _day("closed_on"),
        _text("closed_why"),
        _text("phase"),
        sa.Column("age_from", sa.SmallInteger(), nullable=True),
        sa.Column("age_to", sa.SmallInteger(), nullable=True),
        _text("boarders"),
        _text("boarding"),
        _text("gender"),
        _number("capacity"),
        _number("pupils"),
        _text("section41"),
        _text("sen"),
        _text("inspectorate"),
        _text("street"),
        _text("town"),
        _text("postcode", 8),
        _text("district", 4),
        _text("district_code", 9),
        _number("easting"),
        _number("northing"),
        _text("website"),
        _text("childrens_home"),
        _day("changed_on"),
    ]


def _link_columns() -> list[sa.Column[Any]]:
    return [_text("urn", 6), _text("link_urn", 6), _text("link_type", 100), _text("link_name"), _day("established_on")]


def _judgement_columns() -> list[sa.Column[Any]]:
    return [
        _text("urn", 6),
        _text("source", 20),
        _text("kind", 12),
        _text("part", 20),
        _text("inspection", 20),
        _day("inspected_on"),
        _day("published_on"),
        _text("grades"),
    ]


def _create(name: str, columns: list[sa.Column[Any]], *keys: str) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")))


def upgrade() -> None:
    _create("fps_schools", [*_school_columns(), _day("left_on")], "urn")
    _create("fps_staged_schools", [_text("import_id", 26), *_school_columns()], "import_id", "urn")
    links = ("urn", "link_urn", "link_type")
    _create("fps_school_links", _link_columns(), *links)
    _create("fps_staged_links", [_text("import_id", 26), *_link_columns()], "import_id", *links)
    judgements = ("urn", "source", "kind", "part")
    _create("fps_judgements", [*_judgement_columns(), _day("as_at")], *judgements)
    _create("fps_staged_judgements", [_text("import_id", 26), *_judgement_columns()], "import_id", *judgements)
    counts = [sa.Column(name, sa.Integer(), nullable=False) for name in ("easting", "northing", "schools")]
    _create("fps_places", [_text("district", 4), *counts], "district")
    _create_imports()


def _create_imports() -> None:
    op.create_table(
        "fps_open_data_imports",
        _text("id", 26),
        _text("source", 20),
        _text("state", 12),
        _text("file_name", 100),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        _day("as_at"),
        sa.Column("is_forced", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("read_rows", sa.Integer(), nullable=False),
        sa.Column("read_bytes", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_fps_open_data_imports_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_open_data_imports")),
    )
    op.create_index("ix_fps_open_data_imports_created_at", "fps_open_data_imports", ["created_at"])
    op.create_table(
        "fps_open_data_pieces",
        _text("import_id", 26),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_import("fps_open_data_pieces"),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_fps_open_data_pieces")),
    )
    op.create_table(
        "fps_open_data_changes",
        _text("import_id", 26),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("what", 12),
        _text("urn", 6),
        _text("name"),
        _text("la_gss", 9),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("dealt_at", Moment(), nullable=True),
        sa.Column("dealt_by", sa.String(length=26), nullable=True),
        _of_import("fps_open_data_changes"),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["fps_settings.id"], name=op.f("fk_fps_open_data_changes_setting_id_fps_settings")
        ),
        sa.ForeignKeyConstraint(["dealt_by"], ["persons.id"], name=op.f("fk_fps_open_data_changes_dealt_by_persons")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_fps_open_data_changes")),
    )
    op.create_index("ix_fps_open_data_changes_setting_id", "fps_open_data_changes", ["setting_id"])


def _of_import(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_import_id_fps_open_data_imports")
    return sa.ForeignKeyConstraint(["import_id"], ["fps_open_data_imports.id"], name=name)


def downgrade() -> None:
    op.drop_index("ix_fps_open_data_changes_setting_id", table_name="fps_open_data_changes")
    op.drop_index("ix_fps_open_data_imports_created_at", table_name="fps_open_data_imports")
    for table in _TABLES:
        op.drop_table(table)
