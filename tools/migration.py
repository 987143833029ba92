"""Write a migration from what has changed in the tables: python -m tools.migration "what changes"."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory

from hub.migrations import alembic_config, upgrade
from kernel.database import Database


def write(message: str) -> Path:
    """Compare the tables with the history so far, on an empty SQLite database; return the new file."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/hub.db")
        upgrade(database)
        config = alembic_config(database)
        count = len(list(ScriptDirectory.from_config(config).walk_revisions()))
        made = command.revision(config, message, autogenerate=True, rev_id=f"{count + 1:04d}")
        database.close()
    if made is None or isinstance(made, list):
        raise SystemExit("Alembic wrote no single file.")
    return Path(made.path)


if __name__ == "__main__":
    if not sys.argv[1:] or not sys.argv[1].strip():
        raise SystemExit('Say what changes: make migration NAME="remember who asked"')
    print(f"Written: {write(sys.argv[1])}. Read it, correct it, and run the migration tests on both databases.")
