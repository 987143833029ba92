from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import hub.wiring  # noqa: F401 - loads every package's tables
from kernel.database import Base, Moment


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - alembic's own shape
    """Write our own column type by its name."""
    if kind == "type" and isinstance(item, Moment):
        autogen.imports.add("from kernel.database import Moment")
        return "Moment()"
    return False


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
