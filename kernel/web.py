from __future__ import annotations

from typing import cast

from flask import current_app

from kernel.work import Ground

EXTENSION = "ground"


def ground() -> Ground:
    """Return the ground on which the running web application stands."""
    return cast("Ground", current_app.extensions[EXTENSION])
