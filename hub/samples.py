from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from channels.wording import Kind, MessageType
from kernel.calendar import london_date

_NAMES = {
    "name": "Amelia",
    "person": "Amelia Hart",
    "council": "Seaborough",
    "forum": "Seaborough Parent Carer Forum",
    "setting": "Alder Grove School",
    "reference": "SEA-7K2M",
    "lot": "Lot 1, day 0 to 16",
    "code": "314159",
    "document": "insurance certificate",
    "place": "Alder Grove School",
    "round": "Joining round 8",
    "session": "Meet the commissioners",
    "framework": "North West SEND Flexible Purchasing System",
    "provider": "Alder Grove Schools",
    "where": "Westfields, Sandbach",
}
_TEXT = "an example"
_GRANT = "0" * 26
_LATER = timedelta(days=7)


def sample_values(message: MessageType, now: datetime) -> dict[str, Any]:
    """Return invented values for every value that a message needs, to show what it looks like."""
    return {name: _sample(name, kind, now) for name, kind in message.values.items()}


def _sample(name: str, kind: Kind, now: datetime) -> Any:  # noqa: ANN401 - JSON values
    samples: dict[Kind, Any] = {
        Kind.TEXT: _NAMES.get(name, _TEXT),
        Kind.DATE: london_date(now + _LATER).isoformat(),
        Kind.MOMENT: (now + _LATER).isoformat(),
        Kind.COUNT: 4,
        Kind.LINK: "/example",
        Kind.GRANT: _GRANT,
        Kind.LINES: [_TEXT, _TEXT],
        Kind.CODE: _GRANT,
        Kind.CHOICES: [["1", _TEXT]],
    }
    return samples[kind]
