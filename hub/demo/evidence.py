from __future__ import annotations

from datetime import timedelta

from fps.actions.evidence.offer_document import OfferDocument, offer_document
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.evidence.start_recheck import StartRecheck, start_recheck
from fps.model import DocumentKind
from fps.northwest import NAME
from fps.queries import settings_of
from fps.queries.rechecks import led_frameworks
from hub.demo.cast import Cast
from kernel.calendar import london_date
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Work
from people.queries import person

_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>endobj\n"
    b"4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"5 0 obj<</Length 58>>stream\nBT /F 18 Tf 72 760 Td (Invented certificate of insurance) Tj ET \nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_ENDS = timedelta(days=25)
_YEAR = timedelta(days=365)
_ANSWERED_IN = timedelta(days=42)


def seed(work: Work, cast: Cast) -> None:
    """Let one insurance run out soon, a new one of another setting wait to be checked, and a yearly check be open."""
    today, lead = london_date(work.now), person(work.session, cast.lead_authority_id)
    ending, waiting = (settings_of(work.session, [provider_id])[0] for provider_id, _ in cast.providers[:2])
    record_document(work, lead, RecordDocument(ending.id, DocumentKind.INSURANCE, today + _ENDS))
    provider_id, user_id = cast.providers[1]
    file = CheckedFile("insurance.pdf", FileKind.PDF, _PAGE)
    new = OfferDocument(provider_id, waiting.id, DocumentKind.INSURANCE, file, today, today + _YEAR, is_scanned=True)
    offer_document(work, person(work.session, user_id), new)
    [framework_id] = [each for each, name in led_frameworks(work.session, lead) if name == NAME]
    start_recheck(work, lead, StartRecheck(framework_id, today + _ANSWERED_IN))
