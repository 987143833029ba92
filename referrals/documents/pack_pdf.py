from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files

import typst

from referrals.rules.pack_document import PackDocument

_TEMPLATE = files("referrals") / "templates" / "referrals" / "packs" / "pack.typ"


def pack_as_pdf(document: PackDocument) -> bytes:
    """Return the pack as a PDF that screen readers can follow (PDF/UA-1); all that it says is passed as data."""
    made: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"pack": json.dumps(asdict(document))},
    )
    return made
