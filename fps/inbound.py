from __future__ import annotations

from collections.abc import Mapping

from channels.inbox.hearing import Hearer
from people.permissions import Permission

ACTIONS: Mapping[str, Permission] = {}
"""What each button and form of the register's messages asks for."""
HEARERS: tuple[Hearer, ...] = ()
