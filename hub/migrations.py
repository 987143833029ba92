from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from kernel.database import Database

_DIRECTORY = Path(__file__).resolve().parents[1] / "migrations"


def alembic_config(database: Database) -> Config:
    """Return alembic's configuration for a database; the one history of the hub serves both engines."""
    config = Config()
    config.set_main_option("script_location", str(_DIRECTORY))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision, by default the newest."""
    command.upgrade(alembic_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to a revision; "base" takes everything away."""
    command.downgrade(alembic_config(database), revision)
