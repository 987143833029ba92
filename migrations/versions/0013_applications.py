"""Applications to joining rounds: what they say, who evaluates them, what is decided, contracts, published lists"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Nobody but the provider reads what an application says before it is opened after the round's end; who evaluates and
# what they say the provider never reads, and what is decided only once the letters are out. An evaluator names the
# council and the lead authority, because two policies cannot ask each other.
_NAMED = f"""
    EXISTS (SELECT 1 FROM fps_evaluators named WHERE named.application_id = fps_applications.id AND {mine("named.council_id")})
"""
_READERS = f"{mine('provider_id')} OR {mine('lead_id')} OR {_NAMED}"
_PROVIDERS = of("fps_applications", "application_id", mine("parent.provider_id"))
_OPENED = of("fps_applications", "application_id", f"({mine('parent.provider_id')} OR parent.opened_at IS NOT NULL)")
_STAFF = of(
    "fps_applications", "application_id", f"NOT ({mine('parent.provider_id')}) AND parent.opened_at IS NOT NULL"
)
_OPENS = of("fps_applications", "application_id", f"{mine('parent.lead_id')} AND parent.opened_at IS NOT NULL")
_LEADS = of("fps_applications", "application_id", mine("parent.lead_id"))
_TOLD = of("fps_applications", "application_id", f"({mine('parent.lead_id')} OR parent.told_at IS NOT NULL)")
_ALL = of("fps_applications", "application_id")
_POLICIES = {
    "fps_applications": Rows(_READERS, insert=mine("provider_id"), delete=NEVER),
    "fps_application_settings": Rows(
        _OPENED, insert=_PROVIDERS, update=f"{_PROVIDERS} OR {_OPENS}", delete=_PROVIDERS
    ),
    "fps_application_parts": Rows(_PROVIDERS),
    "fps_application_files": Rows(_OPENED, insert=_PROVIDERS, delete=_PROVIDERS),
    "fps_submissions": Rows(_OPENED, insert=_PROVIDERS, update=NEVER, delete=NEVER),
    "fps_evaluators": Rows(
        f"{mine('council_id')} OR {mine('lead_id')}", insert=mine("lead_id"), delete=mine("lead_id")
    ),
    "fps_marks": Rows(_STAFF),
    "fps_moderations": Rows(_STAFF),
    "fps_admissions": Rows(f"{_STAFF} OR {_TOLD}", insert=_LEADS, update=_LEADS, delete=_LEADS),
    "fps_clarifications": Rows(_ALL, insert=_LEADS, delete=NEVER),
    "fps_contracts": Rows(_ALL, insert=_LEADS, update=_LEADS, delete=NEVER),
}


def _id(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=26), nullable=null)


def _at(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, Moment(), nullable=null)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _of_application(table: str, *more: sa.schema.SchemaItem, keys: tuple[str, ...] = ()) -> None:
    """Make a table of what hangs on an application; `keys` are its key beside the application."""
    op.create_table(
        table,
        _id("application_id"),
        *more,
        _key(table, "application_id", "fps_applications"),
        sa.PrimaryKeyConstraint("application_id", *keys, name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    _create_applications()
    _create_content()
    _create_evaluation()
    _create_outcome()
    for table, rows in _POLICIES.items():
        hold(table, rows)


def _create_applications() -> None:
    table = "fps_applications"
    op.create_table(
        table,
        _id("id"),
        _id("round_id"),
        _id("provider_id"),
        _id("lead_id"),
        sa.Column("state", sa.String(length=12), nullable=False),
        _at("created_at"),
        _id("created_by"),
        _at("submitted_at", null=True),
        _id("submitted_by", null=True),
        sa.Column("checksum", sa.String(length=64), nullable=True),
        _at("withdrawn_at", null=True),
        _at("opened_at", null=True),
        _at("told_at", null=True),
        sa.Column("standstill_until", sa.Date(), nullable=True),
        _key(table, "round_id", "fps_rounds"),
        _key(table, "provider_id", "organisations"),
        _key(table, "lead_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("round_id", "provider_id", name=op.f(f"uq_{table}_round_id_provider_id")),
    )
    for column in ("provider_id", "lead_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _create_content() -> None:
    table = "fps_application_settings"
    op.create_table(
        table,
        _id("id"),
        _id("application_id"),
        _id("setting_id", null=True),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("urn", sa.String(length=6), nullable=True),
        _at("added_at"),
        _at("removed_at", null=True),
        _key(table, "application_id", "fps_applications"),
        _key(table, "setting_id", "fps_settings"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("application_id", "setting_id", name=op.f(f"uq_{table}_application_id_setting_id")),
    )
    op.create_index(op.f(f"ix_{table}_urn"), table, ["urn"], unique=False)
    _of_application(
        "fps_application_parts",
        _id("subject"),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("saved_at"),
        _id("saved_by"),
        keys=("subject", "section"),
    )
    table = "fps_application_files"
    op.create_table(
        table,
        _id("id"),
        _id("application_id"),
        _id("subject"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_kind", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        _at("added_at"),
        _id("added_by"),
        _id("document_id", null=True),
        _at("refused_at", null=True),
        _at("scanned_at", null=True),
        sa.Column("scans", sa.SmallInteger(), nullable=False),
        _at("scan_again_at", null=True),
        sa.Column("scan_said", sa.String(length=100), nullable=True),
        _key(table, "application_id", "fps_applications"),
        _key(table, "document_id", "fps_documents"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_fps_application_files_subject", table, ["application_id", "subject", "kind"], unique=False)
    op.create_index(op.f("ix_fps_application_files_document_id"), table, ["document_id"], unique=False)
    unscanned = sa.text("scanned_at IS NULL")
    name = "ix_fps_application_files_unscanned"
    op.create_index(name, table, ["scans"], sqlite_where=unscanned, postgresql_where=unscanned)
    _of_application(
        "fps_submissions",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        _at("submitted_at"),
        _id("submitted_by"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        keys=("number",),
    )


def _create_evaluation() -> None:
    table = "fps_evaluators"
    _of_application(
        table,
        _id("person_id"),
        _id("council_id"),
        _id("lead_id"),
        _at("named_at"),
        _id("named_by"),
        _at("declared_at", null=True),
        sa.Column("has_conflict", sa.Boolean(), nullable=True),
        _at("finished_at", null=True),
        _at("reminded_at", null=True),
        _key(table, "person_id", "persons"),
        _key(table, "council_id", "organisations"),
        _key(table, "lead_id", "organisations"),
        keys=("person_id",),
    )
    op.create_index("ix_fps_evaluators_person", table, ["person_id", "finished_at"], unique=False)
    _of_application(
        "fps_marks",
        _id("person_id"),
        _id("subject"),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _at("saved_at"),
        _key("fps_marks", "person_id", "persons"),
        keys=("person_id", "subject", "criterion"),
    )
    _of_application(
        "fps_moderations", sa.Column("words", sa.Text(), nullable=False), _at("written_at"), _id("written_by")
    )
    table = "fps_clarifications"
    op.create_table(
        table,
        _id("id"),
        _id("application_id"),
        sa.Column("question", sa.Text(), nullable=False),
        _at("asked_at"),
        _id("asked_by"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        _at("answered_at", null=True),
        _id("answered_by", null=True),
        _key(table, "application_id", "fps_applications"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_application_id"), table, ["application_id"], unique=False)


def _create_outcome() -> None:
    table = "fps_admissions"
    _of_application(
        table,
        _id("entry_id"),
        _id("lot_id"),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("override", sa.Text(), nullable=False),
        _at("decided_at"),
        _id("decided_by"),
        _key(table, "entry_id", "fps_application_settings"),
        _key(table, "lot_id", "fps_lots"),
        keys=("entry_id", "lot_id"),
    )
    _of_application(
        "fps_contracts",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("provider_signatory", sa.Text(), nullable=False),
        sa.Column("authority_signatory", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_kind", sa.String(length=8), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _at("recorded_at"),
        _id("recorded_by"),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    table = "fps_list_publications"
    op.create_table(
        table,
        _id("round_id"),
        _at("published_at"),
        _id("published_by"),
        sa.Column("settings", sa.Integer(), nullable=False),
        _key(table, "round_id", "fps_rounds"),
        sa.PrimaryKeyConstraint("round_id", name=op.f(f"pk_{table}")),
    )
    table = "fps_listed_settings"
    op.create_table(
        table,
        _id("round_id"),
        _id("setting_id"),
        _id("lot_id"),
        sa.Column("contract", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["fps_list_publications.round_id"], name=op.f(f"fk_{table}_round_id_fps_list_publications")
        ),
        _key(table, "setting_id", "fps_settings"),
        _key(table, "lot_id", "fps_lots"),
        sa.PrimaryKeyConstraint("round_id", "setting_id", "lot_id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in (
        "fps_listed_settings",
        "fps_list_publications",
        "fps_contracts",
        "fps_admissions",
        "fps_clarifications",
        "fps_moderations",
        "fps_marks",
        "fps_submissions",
        "fps_application_files",
        "fps_application_parts",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":  # its policy asks the evaluators
        for command in ("select", "insert", "update", "delete"):
            op.execute(f"DROP POLICY hub_{command} ON fps_applications")
    for table in ("fps_evaluators", "fps_application_settings", "fps_applications"):
        op.drop_table(table)
