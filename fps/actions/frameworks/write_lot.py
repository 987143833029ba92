from __future__ import annotations

from datetime import date

from fps.model import NewLot
from fps.tables import LotDocumentRow, LotKindRow, LotRow
from kernel.ids import new_id
from kernel.work import Work


def write_lot(work: Work, framework_id: str, new: NewLot, since: date, replaces_id: str | None) -> str:
    """Write a lot with what it takes and asks for from its first day on, and return its id; checks nothing."""
    lot_id = new_id()
    work.session.add(
        LotRow(
            id=lot_id,
            framework_id=framework_id,
            number=new.number,
            name=new.name,
            since=since,
            until=new.until,
            replaces_id=replaces_id,
        )
    )
    work.session.flush()
    work.session.add_all(LotKindRow(lot_id=lot_id, kind=kind, since=since) for kind in dict.fromkeys(new.kinds))
    work.session.add_all(
        LotDocumentRow(lot_id=lot_id, kind=kind, since=since) for kind in dict.fromkeys(new.required_documents)
    )
    return lot_id
