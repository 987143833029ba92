from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files

import typst

from referrals.rules.agreement import Agreement

_TEMPLATE = files("referrals") / "templates" / "referrals" / "placements" / "agreement.typ"


def agreement_as_pdf(agreement: Agreement) -> bytes:
    """Return the agreement as a PDF that screen readers can follow (PDF/UA-1)."""
    made: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"agreement": json.dumps(asdict(agreement))},
    )
    return made
