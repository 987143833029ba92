from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from channels.render import Renderer
from channels.tables import MessageRow
from channels.wording import Registry
from kernel.work import Ground
from people.queries import contact_facts

_DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Forms:
    """Finds the form that a button of a sent message opens."""

    ground: Ground
    registry: Registry
    renderer: Renderer

    def form_of(self, message_id: str, action: str) -> Mapping[str, object] | None:
        """Return the neutral form behind a message's button in its reader's language.

        None if there is none, and for a reader who can be reached no more, as when they have left.
        """
        with self.ground.read() as session:
            row = session.scalars(select(MessageRow).where(MessageRow.id == message_id)).first()
            if row is None or row.key not in self.registry:
                return None
            facts = contact_facts(session, [row.person_id] if row.person_id else [], [])
        if row.person_id and not facts.points:
            return None
        language = facts.languages.get(row.person_id or "", _DEFAULT_LANGUAGE)
        buttons = self.renderer.render(self.registry[row.key], row.values, language).buttons
        return next((button.form for button in buttons if button.action == action), None)
