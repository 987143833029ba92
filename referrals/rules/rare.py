from __future__ import annotations

from referrals.model import Terms

AREA = "A North West council"
"""Stands in the alert in place of the council."""


def area_to_show(alike: int, terms: Terms) -> str | None:
    """Return what the alert says in place of the council where fewer learners are alike than the terms want (R33).

    `alike` counts the learners in the hub with the same lot, age band, need and council, this one among them.
    """
    return AREA if alike < terms.rare_below else None
