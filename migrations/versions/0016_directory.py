"""Settings' public profiles, and their free places with the monthly question about them"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment
from migrations.row_policies import Rows, hold, mine

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = (
    "fps_profiles",
    "fps_profile_terms",
    "fps_profile_versions",
    "fps_vacancies",
    "fps_vacancy_reports",
    "fps_vacancy_asks",
    "fps_vacancy_ask_lines",
)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _profiles() -> None:
    op.create_table(
        "fps_profiles",
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column("published_at", Moment(), nullable=False),
        _refers("fps_profiles", "setting_id", "fps_settings"),
        sa.PrimaryKeyConstraint("setting_id", name=op.f("pk_fps_profiles")),
    )
    op.create_table(
        "fps_profile_terms",
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("term", sa.String(length=40), nullable=False),
        _refers("fps_profile_terms", "setting_id", "fps_settings"),
        sa.PrimaryKeyConstraint("setting_id", "term", name=op.f("pk_fps_profile_terms")),
    )
    op.create_index("ix_fps_profile_terms_term", "fps_profile_terms", ["term", "setting_id"])
    op.create_table(
        "fps_profile_versions",
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provider_id", sa.String(length=26), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        _refers("fps_profile_versions", "setting_id", "fps_settings"),
        _refers("fps_profile_versions", "provider_id", "organisations"),
        sa.PrimaryKeyConstraint("setting_id", "number", name=op.f("pk_fps_profile_versions")),
    )
    hold("fps_profile_versions", Rows(mine("provider_id")))


def _vacancies() -> None:
    op.create_table(
        "fps_vacancies",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("age_from", sa.SmallInteger(), nullable=False),
        sa.Column("age_to", sa.SmallInteger(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=True),
        sa.Column("expected_places", sa.SmallInteger(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.CheckConstraint("0 <= age_from AND age_from <= age_to", name=op.f("ck_fps_vacancies_ages")),
        sa.CheckConstraint("places IS NULL OR places >= 0", name=op.f("ck_fps_vacancies_places")),
        _refers("fps_vacancies", "setting_id", "fps_settings"),
        _refers("fps_vacancies", "lot_id", "fps_lots"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_vacancies")),
        sa.UniqueConstraint(
            "setting_id",
            "lot_id",
            "age_from",
            "age_to",
            name=op.f("uq_fps_vacancies_setting_id_lot_id_age_from_age_to"),
        ),
    )
    op.create_table(
        "fps_vacancy_reports",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("vacancy_id", sa.String(length=26), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reported_by", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("expected_places", sa.SmallInteger(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        _refers("fps_vacancy_reports", "setting_id", "fps_settings"),
        _refers("fps_vacancy_reports", "vacancy_id", "fps_vacancies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_vacancy_reports")),
    )
    op.create_index("ix_fps_vacancy_reports_setting", "fps_vacancy_reports", ["setting_id", "at"])


def _asks() -> None:
    op.create_table(
        "fps_vacancy_asks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        _refers("fps_vacancy_asks", "person_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_vacancy_asks")),
        sa.UniqueConstraint("person_id", "month", name=op.f("uq_fps_vacancy_asks_person_id_month")),
    )
    op.create_index("ix_fps_vacancy_asks_open", "fps_vacancy_asks", ["closed_at", "month"])
    op.create_table(
        "fps_vacancy_ask_lines",
        sa.Column("ask_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vacancy_id", sa.String(length=26), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        _refers("fps_vacancy_ask_lines", "ask_id", "fps_vacancy_asks"),
        _refers("fps_vacancy_ask_lines", "vacancy_id", "fps_vacancies"),
        sa.PrimaryKeyConstraint("ask_id", "number", name=op.f("pk_fps_vacancy_ask_lines")),
    )
    op.create_index(op.f("ix_fps_vacancy_ask_lines_vacancy_id"), "fps_vacancy_ask_lines", ["vacancy_id"])


def upgrade() -> None:
    _profiles()
    _vacancies()
    _asks()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
