from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REORGANISED = date(2023, 4, 1)


@dataclass(frozen=True)
class Council:
    """An upper-tier council of the North West: name, GSS code, DfE code, and since when it exists if it is new."""

    name: str
    gss: str
    dfe: str
    started_on: date | None = None
    ended_on: date | None = None


COUNCILS = (
    Council("Blackburn with Darwen", "E06000008", "889"),
    Council("Blackpool", "E06000009", "890"),
    Council("Bolton", "E08000001", "350"),
    Council("Bury", "E08000002", "351"),
    Council("Cheshire East", "E06000049", "895"),
    Council("Cheshire West and Chester", "E06000050", "896"),
    Council("Cumberland", "E06000063", "942", started_on=REORGANISED),
    Council("Halton", "E06000006", "876"),
    Council("Knowsley", "E08000011", "340"),
    Council("Lancashire", "E10000017", "888"),
    Council("Liverpool", "E08000012", "341"),
    Council("Manchester", "E08000003", "352"),
    Council("Oldham", "E08000004", "353"),
    Council("Rochdale", "E08000005", "354"),
    Council("Salford", "E08000006", "355"),
    Council("Sefton", "E08000014", "343"),
    Council("St Helens", "E08000013", "342"),
    Council("Stockport", "E08000007", "356"),
    Council("Tameside", "E08000008", "357"),
    Council("Trafford", "E08000009", "358"),
    Council("Warrington", "E06000007", "877"),
    Council("Westmorland and Furness", "E06000064", "943", started_on=REORGANISED),
    Council("Wigan", "E08000010", "359"),
    Council("Wirral", "E08000015", "344"),
)
"""The 24 councils of DOMAIN.md 1.1; the lead authority is Cheshire East."""

ENDED = Council("Cumbria", "E10000006", "909", ended_on=date(2023, 3, 31))
SUCCESSORS = ("E06000063", "E06000064")
"""Cumbria was split in two on 1 April 2023 (C2)."""

LEAD_AUTHORITY = "E06000049"
